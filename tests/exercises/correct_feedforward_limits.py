"""Right answers to assignment 01-feedforward-limits, as students write them."""

from collections import deque

import numpy as np

from tests.exercises.correct import correct
from unrolled import withheld
from unrolled.reference import echo_error_floor, make_windows, mlp_backward, mlp_forward, window_parameter_count


@correct(make_windows)
def windows_in_loops(xs, k):
    T, N, D = xs.shape
    windows = np.zeros((T - k + 1, N, k * D))
    for t in range(T - k + 1):
        for i in range(k):
            windows[t, :, i * D : (i + 1) * D] = xs[t + i]
    return windows


@correct(make_windows)
def windows_by_stacking(xs, k):
    return np.stack([np.hstack(list(xs[t : t + k])) for t in range(xs.shape[0] - k + 1)])


@correct(make_windows)
def windows_by_a_sliding_view(xs, k):
    view = np.lib.stride_tricks.sliding_window_view(xs, k, axis=0)      # (T-k+1, N, D, k)
    return view.transpose(0, 1, 3, 2).reshape(view.shape[0], xs.shape[1], -1)


@correct(make_windows)
def windows_by_an_index(xs, k):
    T, N, D = xs.shape
    index = np.arange(T - k + 1)[:, None] + np.arange(k)
    return np.swapaxes(xs[index], 1, 2).reshape(T - k + 1, N, k * D)


@correct(make_windows)
def windows_of_a_queue(xs, k):
    queue, windows = deque(maxlen=k), []
    for x in xs:
        queue.append(x)
        if len(queue) == k:
            windows.append(np.concatenate(queue, axis=1))
    return np.stack(windows)


@correct(make_windows)
def windows_by_rolling(xs, k):
    """What wraps round is cut off."""
    return np.dstack([np.roll(xs, -i, axis=0) for i in range(k)])[: len(xs) - k + 1]


@correct(mlp_forward)
def mlp_with_biases_among_the_weights(x, W1, b1, W2, b2):
    ones = np.ones((len(x), 1))
    hidden = np.tanh(np.hstack([x, ones]) @ np.vstack([W1, b1]))
    return np.hstack([hidden, ones]) @ np.vstack([W2, b2]), hidden


@correct(mlp_forward)
def mlp_by_einsum(x, W1, b1, W2, b2):
    hidden = np.tanh(np.einsum("nd,dh->nh", x, W1) + b1)
    return np.einsum("nh,ho->no", hidden, W2) + b2, hidden


@correct(mlp_forward)
def mlp_in_columns(x, W1, b1, W2, b2):
    hidden = np.tanh(W1.T.dot(x.T) + b1.reshape(-1, 1))
    return [(W2.T.dot(hidden) + b2.reshape(-1, 1)).T, hidden.T]


@correct(mlp_forward)
def mlp_over_the_batch(x, W1, b1, W2, b2):
    hidden = np.array([2 / (1 + np.exp(-2 * (row @ W1 + b1))) - 1 for row in x])
    return np.array([row @ W2 + b2 for row in hidden]), hidden


@correct(mlp_backward)
def mlp_backward_over_the_batch(dy, x, hidden, W1, W2):
    dx, dW1, db1 = np.zeros_like(x), np.zeros_like(W1), np.zeros(W1.shape[1])
    dW2, db2 = np.zeros_like(W2), np.zeros(W2.shape[1])
    for n in range(len(x)):
        dW2 += np.outer(hidden[n], dy[n])
        db2 += dy[n]
        da = (W2 @ dy[n]) * (1 - hidden[n]) * (1 + hidden[n])
        dW1 += np.outer(x[n], da)
        db1 += da
        dx[n] = W1 @ da
    return dx, dW1, db1, dW2, db2


@correct(mlp_backward)
def mlp_backward_by_einsum(dy, x, hidden, W1, W2):
    dhidden = np.einsum("no,ho->nh", dy, W2)
    da = dhidden - dhidden * np.square(hidden)
    dW1, dW2 = np.einsum("nd,nh->dh", x, da), np.einsum("nh,no->ho", hidden, dy)
    return np.dot(da, W1.T), dW1, np.sum(da, axis=0), dW2, np.ones(len(dy)) @ dy


@correct(mlp_backward)
def mlp_backward_in_columns(dy, x, hidden, W1, W2):
    dZ2, A1, X = dy.T, hidden.T, x.T
    dZ1 = np.multiply(np.dot(W2, dZ2), 1 - np.power(A1, 2))
    dW2, db2 = np.dot(dZ2, A1.T), np.sum(dZ2, axis=1, keepdims=True)
    dW1, db1 = np.dot(dZ1, X.T), np.sum(dZ1, axis=1, keepdims=True)
    return np.dot(W1, dZ1).T, dW1.T, db1[:, 0], dW2.T, db2[:, 0]


@correct(window_parameter_count)
def count_by_layers(k, D, H, O):  # noqa: E741
    return (k * D + 1) * H + (H + 1) * O


@correct(window_parameter_count)
def count_by_arrays(k, D, H, O):  # noqa: E741
    return sum(np.zeros(shape).size for shape in [(k * D, H), H, (H, O), O])


@correct(window_parameter_count)
def count_by_product(k, D, H, O):  # noqa: E741
    return np.prod([k, D, H]) + np.int64(H) + H * O + O


@correct(echo_error_floor)
def floor_by_condition(k, delay, variance):
    if delay <= k - 1:
        return 0
    return variance


@correct(echo_error_floor)
def floor_by_truth(k, delay, variance):
    return variance * (k <= delay)


@correct(echo_error_floor)
def floor_by_where(k, delay, variance):
    return np.where(k > delay, 0.0, variance)


@correct(withheld.linear_echo_floor)
def floor_by_loops_and_an_inverse(covariances, k, delay):
    A, b = np.zeros((k, k)), np.zeros(k)
    for i in range(k):
        b[i] = covariances[abs(delay - i)]
        for j in range(k):
            A[i, j] = covariances[abs(i - j)]
    return covariances[0] - b.T @ np.linalg.inv(A) @ b


@correct(withheld.linear_echo_floor)
def floor_by_the_error_of_the_best_weights(covariances, k, delay):
    """All three terms of the square, oldest input first."""
    back = np.arange(k)[::-1]
    A, b = covariances[np.abs(np.subtract.outer(back, back))], covariances[np.abs(back - delay)]
    c = np.linalg.lstsq(A, b, rcond=None)[0]
    return float(covariances[0] - 2 * c @ b + c @ A @ c)


@correct(withheld.linear_echo_floor)
def floor_by_determinants(covariances, k, delay):
    """Volumes: the echo's distance from the space of the window is height over base."""
    places = np.array([delay, *range(k)])
    G = covariances[np.abs(places - places.reshape(-1, 1))]
    return np.linalg.det(G) / np.linalg.det(G[1:, 1:])


@correct(withheld.linear_echo_floor)
def floor_by_cholesky(covariances, k, delay):
    factor = np.linalg.cholesky([[covariances[abs(i - j)] for j in range(k)] for i in range(k)])
    z = np.linalg.solve(factor, [covariances[abs(delay - i)] for i in range(k)])
    return covariances[0] - np.sum(z**2)


@correct(withheld.windows_backward)
def windows_backward_window_by_window(dwindows, k):
    count, N, width = dwindows.shape
    dxs = np.zeros((count + k - 1, N, width // k))
    for t in range(count):
        dxs[t : t + k] += dwindows[t].reshape(N, k, -1).swapaxes(0, 1)
    return dxs


@correct(withheld.windows_backward)
def windows_backward_as_a_sum_of_padded_parts(dwindows, k):
    parts = np.split(dwindows, k, axis=2)
    return sum(np.pad(part, ((i, k - 1 - i), (0, 0), (0, 0))) for i, part in enumerate(parts))


@correct(withheld.windows_backward)
def windows_backward_number_by_number(dwindows, k):
    count, N, width = dwindows.shape
    D = width // k
    dxs = np.zeros((count + k - 1, N, D))
    for t, n, place in np.ndindex(dwindows.shape):
        dxs[t + place // D, n, place % D] += dwindows[t, n, place]
    return dxs


@correct(withheld.embedded_window_backward)
def embedded_by_the_nets_own_way_back(dys, xs, hiddens, E, W1, W2):
    """All windows of all sequences as one batch."""
    (M, N, O), D, H = dys.shape, E.shape[1], len(W2)  # noqa: E741
    k = W1.shape[0] // D
    windows = make_windows(xs @ E, k).reshape(M * N, k * D)
    dwindows, dW1, db1, dW2, db2 = mlp_backward(dys.reshape(M * N, O), windows, hiddens.reshape(M * N, H), W1, W2)
    des = windows_backward_window_by_window(dwindows.reshape(M, N, k * D), k)
    return des @ E.T, np.tensordot(xs, des, axes=([0, 1], [0, 1])), dW1, db1, dW2, db2


@correct(withheld.embedded_window_backward)
def embedded_window_by_window(dys, xs, hiddens, E, W1, W2):
    D = E.shape[1]
    k = len(W1) // D
    dxs, dE, dW1, db1, dW2, db2 = (np.zeros(np.shape(like)) for like in (xs, E, W1, W1[0], W2, W2[0]))
    for t in range(len(dys)):
        read = np.hstack([xs[t + i] @ E for i in range(k)])
        dx, dW, db, dU, dc = mlp_backward(dys[t], read, hiddens[t], W1, W2)
        dW1, db1, dW2, db2 = dW1 + dW, db1 + db, dW2 + dU, db2 + dc
        for i in range(k):
            of_place = dx[:, i * D : (i + 1) * D]
            dxs[t + i] += of_place @ E.T
            dE += xs[t + i].T @ of_place
    return [dxs, dE, dW1, db1, dW2, db2]


@correct(withheld.embedded_window_backward)
def embedded_by_one_wide_table(dys, xs, hiddens, E, W1, W2):
    """The table at every place is one matrix of blocks; its gradient's blocks add up."""
    (V, D), M = E.shape, len(dys)
    k = len(W1) // D
    wide = np.kron(np.eye(k), E)
    raw = make_windows(xs, k)
    das = np.einsum("mno,ho,mnh->mnh", dys, W2, 1 - hiddens**2)
    dread = das @ W1.T
    dwide = np.einsum("mni,mnj->ij", raw, dread)
    dE = sum(dwide[i * V : (i + 1) * V, i * D : (i + 1) * D] for i in range(k))
    draw = dread @ wide.T
    dxs = sum(np.pad(draw[..., i * V : (i + 1) * V], ((i, len(xs) - M - i), (0, 0), (0, 0))) for i in range(k))
    return dxs, dE, np.einsum("mni,mnh->ih", raw @ wide, das), das.sum((0, 1)), np.einsum("mnh,mno->ho", hiddens, dys), dys.sum((0, 1))
