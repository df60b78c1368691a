"""Of assignment 09-language, what no page prints: one table at both ends of a model, and two models
that share a bet."""

import numpy as np


def tied_embedding_backward(dlogits, dxs, hs, tokens, E):
    """Gradients where one table is used twice: its rows are read, xs = E[tokens], and logits = hs @ E.T
    are made with it.

    dlogits (T, N, V), dxs (T, N, D), hs (T, N, D), integer tokens (T, N), E (V, D)  ->  dE (V, D), dhs (T, N, D)
    """
    dE_read = np.zeros_like(E)
    np.add.at(dE_read, tokens, dxs)
    dE_written = np.einsum("tnv,tnd->vd", dlogits, hs)
    dE = dE_read + dE_written
    dhs = dlogits @ E
    return dE, dhs


def mixed_bits(log_p, log_q, share, mask):
    """Mean bits a symbol of two models that are mixed: the share of the first one's probability and the rest of
    the second one's.

    log_p (T, N), log_q (T, N): natural logarithms of what each model gave to the symbol that came, as low as -10000;
    number share between 0 and 1, mask (T, N)  ->  bits ()
    """
    log_mixed = np.logaddexp(np.log(share) + log_p, np.log(1 - share) + log_q)
    weight = mask.astype(log_p.dtype)
    nats = -(weight * log_mixed).sum() / weight.sum()
    bits = nats / np.log(2)
    return bits.astype(log_p.dtype)     # the share is a number of double precision, and so are logarithms made of it
