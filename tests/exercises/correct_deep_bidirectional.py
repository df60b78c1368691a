"""Right answers to assignment 07-deep-bidirectional, as students write them."""

import math

import numpy as np

from tests.exercises.correct import correct
from unrolled.reference import (
    bidirectional_backward,
    bidirectional_forward,
    dropout_mask,
    reverse_padded,
    rnn_backward,
    rnn_forward,
    rnn_step_backward,
    rnn_step_forward,
    stacked_backward,
    stacked_forward,
)
from unrolled.withheld import deep_bidirectional_forward, stacked_dropout_backward


@correct(reverse_padded)
def reverse_by_the_mask_of_each_column(xs, mask):
    ys = np.array(xs)
    for n in range(xs.shape[1]):
        counts = mask[:, n] == 1
        ys[counts, n] = np.flipud(xs[counts, n])
    return ys


@correct(reverse_padded)
def reverse_by_one_index_array(xs, mask):
    T, N, _ = xs.shape
    t, lengths = np.arange(T)[:, None], mask.sum(0).astype(int)
    return xs[np.where(t < lengths, lengths - 1 - t, t), np.arange(N)]


@correct(reverse_padded)
def reverse_by_take_along_axis(xs, mask):
    t = np.cumsum(np.ones_like(mask), axis=0) - 1
    source = np.where(mask > 0, mask.sum(axis=0) - 1 - t, t).astype(int)
    return np.take_along_axis(xs, source[:, :, None], axis=0)


@correct(reverse_padded)
def reverse_step_by_step(xs, mask):
    T, N, D = xs.shape
    ys = np.zeros((T, N, D))
    for n in range(N):
        length = int(np.count_nonzero(mask[:, n]))
        for t in range(T):
            ys[t, n, :] = xs[length - 1 - t, n, :] if t < length else xs[t, n, :]
    return ys


@correct(reverse_padded)
def reverse_by_swapping_up_to_the_middle(xs, mask):
    ys = xs.copy()
    for n, length in enumerate(mask.astype(bool).sum(axis=0)):
        for t in range(length // 2):
            ys[[t, length - 1 - t], n] = ys[[length - 1 - t, t], n]
    return ys


@correct(reverse_padded)
def reverse_in_lists_batch_first(xs, mask):
    rows = []
    for row, counts in zip(xs.transpose(1, 0, 2), mask.T, strict=True):
        length = int(sum(counts))
        rows.append([*reversed(row[:length]), *row[length:]])
    return np.swapaxes(np.array(rows), 0, 1)


@correct(reverse_padded)
def reverse_by_sorting(xs, mask):
    """Padding sorts last and keeps its order, what counts sorts by falling time."""
    t = np.arange(len(xs))[:, None]
    order = np.argsort(np.where(mask == 1, -t, t + 1), axis=0, kind="stable")
    return np.take_along_axis(xs, order[..., None], axis=0)


@correct(reverse_padded)
def reverse_by_rolling_what_was_flipped(xs, mask):
    """Flipped as a whole, each column is rolled up to its beginning; then the padding is put back."""
    T, lengths = len(xs), mask.sum(axis=0)
    flipped = np.stack([np.roll(xs[::-1, n], -(T - int(length)), axis=0) for n, length in enumerate(lengths)], axis=1)
    return np.where(mask[:, :, None] == 1, flipped, xs)


@correct(bidirectional_forward)
def forward_without_turning_anything_round(xs, mask, W_x, W_h, b):
    """From the last step to the first; the mask keeps the state at zero until a sequence has begun."""
    T, N, _ = xs.shape
    H = b.shape[1]
    hs = np.zeros((T, N, 2 * H))
    h = np.zeros((N, H))
    for t in range(T):
        h = np.tanh(xs[t] @ W_x[0] + h @ W_h[0] + b[0])
        hs[t, :, :H] = h * mask[t][:, None]
    h = np.zeros((N, H))
    for t in range(T - 1, -1, -1):
        h = np.tanh(xs[t] @ W_x[1] + h @ W_h[1] + b[1]) * mask[t][:, None]
        hs[t, :, H:] = h
    return hs


@correct(bidirectional_forward)
def forward_one_sequence_at_a_time(xs, mask, W_x, W_h, b):
    T, N, _ = xs.shape
    H = W_h.shape[1]
    hs = np.zeros((T, N, 2 * H))
    for n in range(N):
        length = int(mask[:, n].sum())
        own = xs[:length, n : n + 1]
        hs[:length, n : n + 1, :H] = rnn_forward(own, np.zeros((1, H)), W_x[0], W_h[0], b[0])
        hs[:length, n : n + 1, H:] = rnn_forward(own[::-1], np.zeros((1, H)), W_x[1], W_h[1], b[1])[::-1]
    return hs


@correct(bidirectional_forward)
def forward_of_both_directions_in_one_product(xs, mask, W_x, W_h, b):
    a = np.stack([xs, reverse_by_one_index_array(xs, mask)], axis=1) @ W_x + b[:, None, :]
    h, hs = 0 * a[0], []
    for a_t in a:
        h = np.tanh(a_t + h @ W_h)
        hs.append(h)
    ahead, back = np.moveaxis(np.array(hs), 1, 0)
    return np.concatenate((ahead, reverse_padded(back, mask)), 2) * mask[:, :, np.newaxis]


@correct(bidirectional_forward)
def forward_in_steps_with_a_flag_for_the_direction(xs, mask, W_x, W_h, b):
    halves = []
    for direction in (0, 1):
        seen = reverse_padded(xs, mask) if direction else xs
        h = np.zeros((xs.shape[1], W_h.shape[2]))
        states = []
        for t in range(len(seen)):
            h = rnn_step_forward(seen[t], h, W_x[direction], W_h[direction], b[direction])
            states.append(h)
        states = np.asarray(states)
        halves.append(reverse_padded(states, mask) if direction else states)
    hs = np.concatenate(halves, axis=2)
    hs[mask == 0] = 0
    return hs


@correct(bidirectional_backward)
def backward_without_turning_anything_round(dhs, xs, mask, hs, W_x, W_h):
    """The reverse direction's way back runs forward in time; the mask keeps what is behind a sequence out of it."""
    T, N, _ = xs.shape
    H = W_h.shape[1]
    dxs, dW_x, dW_h, db = np.zeros_like(xs), np.zeros_like(W_x), np.zeros_like(W_h), np.zeros((2, H))
    for direction, order in enumerate([range(T - 1, -1, -1), range(T)]):
        half = slice(direction * H, (direction + 1) * H)
        before = -1 if direction == 0 else 1
        dh = np.zeros((N, H))
        for t in order:
            h_prev = hs[t + before, :, half] if 0 <= t + before < T else np.zeros((N, H))
            dh = (dh + dhs[t, :, half]) * mask[t, :, None]
            dx, dh, dW_x_t, dW_h_t, db_t = rnn_step_backward(dh, xs[t], h_prev, hs[t, :, half], W_x[direction], W_h[direction])
            dxs[t] += dx
            dW_x[direction] += dW_x_t
            dW_h[direction] += dW_h_t
            db[direction] += db_t
    return dxs, dW_x, dW_h, db


@correct(bidirectional_backward)
def backward_one_sequence_at_a_time(dhs, xs, mask, hs, W_x, W_h):
    H, h0 = W_h.shape[-1], np.zeros((1, W_h.shape[-1]))
    dxs, dW_x, dW_h, db = np.zeros(xs.shape), [0, 0], [0, 0], [0, 0]
    for n in range(xs.shape[1]):
        length = int(mask[:, n].sum())
        for way, step in enumerate((1, -1)):
            own = [array[:length, n : n + 1][::step] for array in (dhs[..., way * H : way * H + H], xs, hs[..., way * H : way * H + H])]
            dx, _, *parts = rnn_backward(own[0], own[1], h0, own[2], W_x[way], W_h[way])
            dxs[:length, n : n + 1] += dx[::step]
            dW_x[way], dW_h[way], db[way] = (a + part for a, part in zip((dW_x[way], dW_h[way], db[way]), parts, strict=True))
    return dxs, np.array(dW_x), np.array(dW_h), np.array(db)


@correct(bidirectional_backward)
def backward_by_two_calls_and_a_list(dhs, xs, mask, hs, W_x, W_h):
    H = hs.shape[2] // 2
    h0 = np.zeros((hs.shape[1], H))
    turn = lambda array: reverse_by_one_index_array(array, mask)  # noqa: E731
    dhs = dhs * mask[:, :, None]
    ahead = rnn_backward(dhs[:, :, :H], xs, h0, hs[:, :, :H], W_x[0], W_h[0])
    back = rnn_backward(turn(dhs[:, :, H:]), turn(xs), h0, turn(hs[:, :, H:]), W_x[1], W_h[1])
    return [ahead[0] + turn(back[0]), *(np.array(pair) for pair in zip(ahead[2:], back[2:], strict=True))]


@correct(bidirectional_backward)
def backward_by_einsum(dhs, xs, mask, hs, W_x, W_h):
    T, N, _ = xs.shape
    H = W_h.shape[-1]
    das = dhs * (1 - hs**2) * mask[..., None]
    slopes, zero = (1 - hs**2) * mask[..., None], np.zeros((1, N, H))
    for t in range(T - 2, -1, -1):
        das[t, :, :H] += das[t + 1, :, :H] @ W_h[0].T * slopes[t, :, :H]
    for t in range(1, T):
        das[t, :, H:] += das[t - 1, :, H:] @ W_h[1].T * slopes[t, :, H:]
    das = np.stack(np.split(das, 2, axis=2))
    before = np.stack([np.vstack([zero, hs[:-1, :, :H]]), np.vstack([hs[1:, :, H:], zero])])
    return np.einsum("ktnh,kdh->tnd", das, W_x), np.einsum("tnd,ktnh->kdh", xs, das), np.einsum("ktni,ktnj->kij", before, das), das.sum((1, 2))


@correct(stacked_forward)
def forward_layer_by_layer_with_a_list_of_weights(xs, h0s, W_in, W_up, W_h, b):
    hs, below = [], xs
    for W_x, h0, W, bias in zip([W_in, *W_up], h0s, W_h, b, strict=True):
        below = rnn_forward(below, h0, W_x, W, bias)
        hs.append(below)
    return np.array(hs)


@correct(stacked_forward)
def forward_step_by_step_through_all_layers(xs, h0s, W_in, W_up, W_h, b):
    L, N, H = h0s.shape
    hs = np.zeros((L, len(xs), N, H))
    h = list(h0s)
    for t, x in enumerate(xs):
        for layer in range(L):
            W_x = W_in if layer == 0 else W_up[layer - 1]
            x = h[layer] = np.tanh(x @ W_x + h[layer] @ W_h[layer] + b[layer])
            hs[layer, t] = x
    return hs


@correct(stacked_forward)
def forward_by_recursion(xs, h0s, W_in, W_up, W_h, b):
    lowest = rnn_forward(xs, h0s[0], W_in, W_h[0], b[0])
    if len(h0s) == 1:
        return lowest[np.newaxis]
    return np.vstack([lowest[None], forward_by_recursion(lowest, h0s[1:], W_up[0], W_up[1:], W_h[1:], b[1:])])


@correct(stacked_forward)
def forward_into_an_array_whose_place_is_the_layer(xs, h0s, W_in, W_up, W_h, b):
    T, N = xs.shape[:2]
    hs = np.empty((b.shape[0], T, N, b.shape[1]), order="F")
    inputs, weights = xs, W_in
    for layer in range(len(b)):
        if layer > 0:
            inputs, weights = hs[layer - 1], W_up[layer - 1]
        for t in range(T):
            before = h0s[layer] if t == 0 else hs[layer, t - 1]
            hs[layer, t] = rnn_step_forward(inputs[t], before, weights, W_h[layer], b[layer])
    return hs


@correct(stacked_backward)
def backward_in_lists_turned_round_at_the_end(dhs, xs, h0s, hs, W_in, W_up, W_h):
    weights, inputs = [W_in, *W_up], [xs, *hs[:-1]]
    dh0s, dW_xs, dW_hs, dbs = [], [], [], []
    for i in range(len(hs) - 1, -1, -1):
        dhs, dh0, dW_x, dW, db = rnn_backward(dhs, inputs[i], h0s[i], hs[i], weights[i], W_h[i])
        dh0s.append(dh0)
        dW_xs.append(dW_x)
        dW_hs.append(dW)
        dbs.append(db)
    dW_up = np.reshape(dW_xs[:-1][::-1], W_up.shape)
    return dhs, np.array(dh0s[::-1]), dW_xs[-1], dW_up, np.array(dW_hs[::-1]), np.array(dbs[::-1])


@correct(stacked_backward)
def backward_by_recursion_from_the_top(dhs, xs, h0s, hs, W_in, W_up, W_h):
    if len(hs) == 1:
        dxs, dh0, dW_in, dW, db = rnn_backward(dhs, xs, h0s[0], hs[0], W_in, W_h[0])
        return dxs, dh0[None], dW_in, np.zeros_like(W_up), dW[None], db[None]
    down, dh0, dW_x, dW, db = rnn_backward(dhs, hs[-2], h0s[-1], hs[-1], W_up[-1], W_h[-1])
    dxs, dh0s, dW_in, dW_up, dW_h, dbs = backward_by_recursion_from_the_top(down, xs, h0s[:-1], hs[:-1], W_in, W_up[:-1], W_h[:-1])
    return dxs, np.vstack([dh0s, [dh0]]), dW_in, np.concatenate([dW_up, [dW_x]]), np.concatenate([dW_h, [dW]]), np.vstack([dbs, [db]])


@correct(stacked_backward)
def backward_step_by_step_through_all_layers(dhs, xs, h0s, hs, W_in, W_up, W_h):
    """Time outside, layers inside: at each step from the top down, every layer with a dh of its own."""
    L, T = hs.shape[:2]
    dxs, dh = np.zeros_like(xs), np.zeros_like(h0s)
    dW_in, dW_up, dW_h, db = np.zeros_like(W_in), np.zeros_like(W_up), np.zeros_like(W_h), np.zeros((L, hs.shape[-1]))
    for t in reversed(range(T)):
        down = dhs[t]
        for layer in reversed(range(L)):
            x, W_x = (xs[t], W_in) if layer == 0 else (hs[layer - 1, t], W_up[layer - 1])
            h_prev = h0s[layer] if t == 0 else hs[layer, t - 1]
            da = (dh[layer] + down) * (1 - hs[layer, t] ** 2)
            dh[layer] = da @ W_h[layer].T
            dW_h[layer] += h_prev.T @ da
            db[layer] += da.sum(axis=0)
            (dW_in if layer == 0 else dW_up[layer - 1])[...] += x.T @ da
            down = da @ W_x.T
        dxs[t] = down
    return dxs, dh, dW_in, dW_up, dW_h, db


@correct(stacked_backward)
def backward_with_an_early_exit_at_the_input(dhs, xs, h0s, hs, W_in, W_up, W_h):
    layer, d = len(W_h) - 1, {}
    while True:
        below, W_x = (hs[layer - 1], W_up[layer - 1]) if layer else (xs, W_in)
        dhs, *d[layer] = rnn_backward(dhs, below, h0s[layer], hs[layer], W_x, W_h[layer])
        if layer == 0:
            break
        layer -= 1
    dh0s, dW_x, dW_h, db = zip(*(d[layer] for layer in sorted(d)), strict=True)
    return dhs, np.stack(dh0s), dW_x[0], np.array(dW_x[1:]).reshape(W_up.shape), np.stack(dW_h), np.stack(db)


@correct(dropout_mask)
def mask_by_where(u, keep):
    return np.where(u < keep, 1 / keep, 0.0)


@correct(dropout_mask)
def mask_divided_at_once(u, keep):
    return (u < keep) / keep


@correct(dropout_mask)
def mask_of_what_is_not_dropped(u, keep):
    drop = 1 - keep
    mask = np.ones(u.shape)
    mask[u >= keep] = 0
    return mask / (1 - drop)


@correct(dropout_mask)
def mask_by_rounding_up(u, keep):
    """Above 0 and at most 1 where u is below keep; at most 0 elsewhere."""
    return np.clip(np.ceil(keep - u), 0, 1) * keep**-1


@correct(dropout_mask)
def mask_entry_by_entry(u, keep):
    mask = np.zeros_like(u)
    for place, draw in np.ndenumerate(u):
        if draw < keep:
            mask[place] = math.exp(-math.log(keep))
    return mask


@correct(deep_bidirectional_forward)
def deep_forward_with_lists(xs, mask, W_in, W_up, W_h, b):
    hs = []
    for W_x, W, bias in zip([W_in, *W_up], W_h, b, strict=True):
        xs = bidirectional_forward(xs, mask, W_x, W, bias)
        hs.append(xs)
    return np.array(hs)


@correct(deep_bidirectional_forward)
def deep_forward_by_recursion(xs, mask, W_in, W_up, W_h, b):
    lowest = forward_without_turning_anything_round(xs, mask, W_in, W_h[0], b[0])
    above = [] if len(W_h) == 1 else deep_forward_by_recursion(lowest, mask, W_up[0], W_up[1:], W_h[1:], b[1:])
    return np.array([lowest, *above])


@correct(deep_bidirectional_forward)
def deep_forward_of_halves(xs, mask, W_in, W_up, W_h, b):
    """The product over both halves is the sum of a product over each."""
    L, _, H = b.shape
    T, N = mask.shape
    hs = np.zeros((L, T, N, 2 * H))
    for layer in range(L):
        for way, order in enumerate((range(T), reversed(range(T)))):
            h = np.zeros((N, H))
            for t in order:
                if layer == 0:
                    a = xs[t] @ W_in[way]
                else:
                    low = hs[layer - 1, t]
                    a = low[:, :H] @ W_up[layer - 1, way, :H] + low[:, H:] @ W_up[layer - 1, way, H:]
                h = mask[t, :, None] * np.tanh(a + h @ W_h[layer, way] + b[layer, way])
                hs[layer, t, :, way * H : (way + 1) * H] = h
    return hs


@correct(stacked_dropout_backward)
def dropout_backward_over_dropped_states(dhs, xs, h0s, hs, masks, W_in, W_up, W_h):
    inputs, weights = [xs, *(hs[:-1] * masks)], [W_in, *W_up]
    dh0s, dW_x, dW_h, db = ([None] * len(hs) for _ in range(4))
    for i in range(len(hs))[::-1]:
        dhs, dh0s[i], dW_x[i], dW_h[i], db[i] = rnn_backward(dhs, inputs[i], h0s[i], hs[i], weights[i], W_h[i])
        if i > 0:
            dhs = dhs * masks[i - 1]
    return dhs, np.array(dh0s), dW_x[0], np.reshape(dW_x[1:], W_up.shape), np.array(dW_h), np.array(db)


@correct(stacked_dropout_backward)
def dropout_backward_with_the_mask_in_the_weights(dhs, xs, h0s, hs, masks, W_in, W_up, W_h):
    """Time outside, layers inside: a unit that is dropped is a row of W_up that is not there."""
    L, T = hs.shape[:2]
    dxs, dh = np.zeros_like(xs), np.zeros_like(h0s)
    dW_in, dW_up, dW_h, db = np.zeros_like(W_in), np.zeros_like(W_up), np.zeros_like(W_h), np.zeros((L, hs.shape[-1]))
    for t in range(T - 1, -1, -1):
        down = dhs[t]
        for i in range(L - 1, -1, -1):
            da = (dh[i] + down) * (1 - hs[i, t] ** 2)
            dW_h[i] += (hs[i, t - 1] if t else h0s[i]).T @ da
            db[i] += da.sum(0)
            dh[i] = da @ W_h[i].T
            if i == 0:
                dW_in += xs[t].T @ da
                dxs[t] = da @ W_in.T
            else:
                dW_up[i - 1] += np.einsum("nh,nk,nh->hk", hs[i - 1, t], da, masks[i - 1, t])
                down = np.einsum("nk,hk,nh->nh", da, W_up[i - 1], masks[i - 1, t])
    return dxs, dh, dW_in, dW_up, dW_h, db
