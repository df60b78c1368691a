"""How far a gradient reaches, and two ways to keep its scale: the functions of chapter 4."""

import numpy as np


def spectral_radius(W):
    """The largest absolute value among the eigenvalues of W, equation (spectral-radius): its growth rate in the long run.

    W (H, H)  ->  radius ()
    """
    return np.abs(np.linalg.eigvals(W)).max()       # eigenvalues may be complex: their absolute value is what grows


def state_gradient_norms(hs, W_h):
    """Spectral norm of dh_T/dh_t for every t, equations (jacobian-product) and (gradient-norms); tanh' = 1 - h^2.

    hs (T, N, H) as rnn_forward returned it, W_h (H, H)  ->  norms (T, N)
    norms[t, n] is how much a gradient at sequence n's last state can grow at most on its way back to state t; the last
    is 1, the norm of the identity.  Pascanu et al. 2013.
    """
    T, N, H = hs.shape
    norms = np.empty((T, N), hs.dtype)
    P = np.broadcast_to(np.eye(H, dtype=hs.dtype), (N, H, H))       # P_T: a row for each unit of h_T
    for t in reversed(range(T)):
        norms[t] = np.linalg.norm(P, ord=2, axis=(1, 2))
        P = (P * (1 - hs[t][:, None] ** 2)) @ W_h.T                 # every row goes one step back, as a gradient does
    return norms


def clip_by_value(grads, limit):
    """Every entry brought into [-limit, limit], equation (clip-value).

    grads, a list of arrays; limit > 0  ->  clipped (a list of arrays of the same shapes)
    """
    return [np.clip(g, -limit, limit) for g in grads]


def clip_by_global_norm(grads, max_norm):
    """All arrays times one factor, so that their common norm is at most max_norm, equation (clip-norm).

    grads, a list of arrays; max_norm > 0  ->  clipped (a list of arrays of the same shapes)
    The direction stays.  Pascanu et al. 2013.
    """
    norm = np.sqrt(sum(np.sum(np.square(g, dtype=float)) for g in grads))   # an exploded float32 overflows when squared
    factor = float(max_norm / max(norm, max_norm))                          # 1 when there is nothing to clip
    return [factor * g for g in grads]


def orthogonal_init(shape, gain, A):
    """The gain times a matrix with orthonormal rows or columns, whichever are fewer, equation (orthogonal-init).

    shape, two numbers (rows, columns); gain > 0; A (m, n) standard normal, m = max(shape), n = min(shape)
    ->  W (rows, columns)
    Q of the QR factors of A, each column with the sign that makes the diagonal of R positive: without it Q would not
    be spread evenly over all orthogonal matrices, nor be unique.  Saxe et al. 2014; Mezzadri 2007.
    """
    Q, R = np.linalg.qr(A)
    Q = Q * np.sign(np.diag(R))
    return gain * (Q if shape[0] >= shape[1] else Q.T)


def identity_init(H, gain):
    """The gain times the identity, equation (identity-init): every unit starts by keeping its own value.  Le et al. 2015.

    H, a number; gain > 0  ->  W_h (H, H)
    """
    return gain * np.eye(H)


def relu_rnn_forward(xs, h0, W_x, W_h, b):
    """The plain recurrent network with max(0, a) in the place of tanh, equation (relu-step).

    xs (T, N, D), h0 (N, H), W_x (D, H), W_h (H, H), b (H,)  ->  hs (T, N, H)
    """
    hs = xs @ W_x + b
    h = h0
    for t in range(len(xs)):
        hs[t] += h @ W_h
        h = np.maximum(hs[t], 0, out=hs[t])
    return hs


def relu_rnn_backward(dhs, xs, h0, hs, W_x, W_h):
    """Back-propagation through relu_rnn_forward: rnn_backward with the slope 1 where h > 0, else 0.

    dhs (T, N, H), xs (T, N, D), h0 (N, H), hs (T, N, H), W_x (D, H), W_h (H, H)
    ->  dxs (T, N, D), dh0 (N, H), dW_x (D, H), dW_h (H, H), db (H,)
    """
    T, N, H = hs.shape
    das = (hs > 0).astype(hs.dtype)
    dh = np.zeros_like(h0)
    for t in reversed(range(T)):
        das[t] *= dhs[t] + dh
        dh = das[t] @ W_h.T
    flat = das.reshape(T * N, H)
    h_prevs = np.concatenate([h0[None], hs[:-1]]).reshape(T * N, H)
    return das @ W_x.T, dh, xs.reshape(T * N, -1).T @ flat, h_prevs.T @ flat, flat.sum(axis=0)
