"""Language, chapter 9: tokens as rows of a table, its gradient, and how much a model is in doubt."""

import numpy as np


def embedding_forward(tokens, E):
    """The row of E for each token, equation (embedding): what its one-hot row times E would give, without the product.

    integer tokens (T, N), E (V, D)  ->  xs (T, N, D)
    """
    xs = E[tokens]
    return xs


def embedding_backward(dxs, tokens, V):
    """The gradient of the table, equation (embedding-backward): each row is the sum over all places where
    its token stood.

    dxs (T, N, D), integer tokens (T, N), integer V  ->  dE (V, D)
    """
    dE = np.zeros((V, dxs.shape[-1]), dxs.dtype)
    np.add.at(dE, tokens, dxs)      # `dE[tokens] += dxs` would write each row once
    return dE


def perplexity(losses, mask):
    """The exponential of the mean loss, equation (perplexity): among how many equally likely symbols the
    model is in doubt.

    losses (T, N) in nats, mask (T, N), 1 where a step counts and 0 where it is padding  ->  perplexity ()
    """
    if not mask.any():
        raise ValueError("no step counts: an empty text has no perplexity.")
    weight = mask.astype(losses.dtype)
    total = (weight * losses).sum()
    mean = total / weight.sum()
    return np.exp(mean)
