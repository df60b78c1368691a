"""How far a gradient reaches, and two ways to keep its scale: the functions of chapter 4."""

import numpy as np


def spectral_radius(W):
    """The largest absolute value among the eigenvalues of W, equation (spectral-radius): its growth rate
    in the long run.

    W (H, H)  ->  radius ()
    """
    eigenvalues = np.linalg.eigvals(W)
    radius = np.abs(eigenvalues).max()      # they may be complex: their absolute value is what grows
    return radius


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
        P = P * (1 - hs[t][:, None] ** 2)                           # every row goes one step back, as a gradient does
        P = P @ W_h.T
    return norms


def clip_by_value(grads, limit):
    """Every entry brought into [-limit, limit], equation (clip-value).

    grads, a list of arrays; limit > 0  ->  clipped (a list of arrays of the same shapes)
    """
    clipped = [np.clip(g, -limit, limit) for g in grads]
    return clipped


def clip_by_global_norm(grads, max_norm):
    """All arrays times one factor, so that their common norm is at most max_norm, equation (clip-norm).

    grads, a list of arrays; max_norm > 0  ->  clipped (a list of arrays of the same shapes)
    The direction stays. A norm with 1e-6 added to it, as in PyTorch, is as right.  Pascanu et al. 2013.
    """
    # an exploded float32 overflows when squared
    norm = np.sqrt(sum(np.sum(np.square(g, dtype=float)) for g in grads))
    factor = float(max_norm / max(norm, max_norm))                          # 1 when there is nothing to clip
    clipped = [factor * g for g in grads]
    return clipped


def orthogonal_init(shape, gain, A):
    """The gain times a matrix with orthonormal rows or columns, whichever are fewer, equation (orthogonal-init).

    shape, two numbers (rows, columns); gain > 0; A (more, fewer) standard normal, the larger of the two first
    ->  W (rows, columns)
    Q of the QR factors of A, each column with the sign that makes the diagonal of R positive: without it Q would not
    be spread evenly over all orthogonal matrices, nor be unique.  Saxe et al. 2014; Mezzadri 2007.
    """
    Q, R = np.linalg.qr(A)
    Q = Q * np.sign(np.diag(R))
    W = Q if shape[0] >= shape[1] else Q.T
    return gain * W


def identity_init(H, gain):
    """The gain times the identity, equation (identity-init): every unit starts by keeping its own
    value.  Le et al. 2015.

    H, a number; gain > 0  ->  W_h (H, H)
    """
    W_h = gain * np.eye(H)
    return W_h


def relu_rnn_forward(xs, h0, W_x, W_h, b):
    """The plain recurrent network with max(0, a) in the place of tanh, equation (relu-step).

    xs (T, N, D), h0 (N, H), W_x (D, H), W_h (H, H), b (H,)  ->  hs (T, N, H)
    """
    h = h0
    hs = []
    for x in xs:
        a = x @ W_x + h @ W_h + b
        h = np.maximum(a, 0)
        hs.append(h)
    return np.stack(hs)


def relu_rnn_backward(dhs, xs, h0, hs, W_x, W_h):
    """Back-propagation through relu_rnn_forward: rnn_backward with the slope 1 where h > 0, else 0.

    dhs (T, N, H), xs (T, N, D), h0 (N, H), hs (T, N, H), W_x (D, H), W_h (H, H)
    ->  dxs (T, N, D), dh0 (N, H), dW_x (D, H), dW_h (H, H), db (H,)
    """
    dh = np.zeros_like(h0)
    dxs = []
    dW_x = np.zeros_like(W_x)
    dW_h = np.zeros_like(W_h)
    db = np.zeros_like(W_h[0])
    for t in reversed(range(len(xs))):
        h_prev = hs[t - 1] if t > 0 else h0
        dh = dh + dhs[t]        # from the step after, and from this step's output
        da = dh * (hs[t] > 0)
        dxs.insert(0, da @ W_x.T)
        dh = da @ W_h.T
        dW_x = dW_x + xs[t].T @ da
        dW_h = dW_h + h_prev.T @ da
        db = db + da.sum(axis=0)
    return np.stack(dxs), dh, dW_x, dW_h, db
