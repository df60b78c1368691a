"""Known mistakes of assignment 01-feedforward-limits."""

import numpy as np

from unrolled.mistakes.edits import mistake
from unrolled.reference.feedforward_limits import (
    echo_error_floor,
    make_windows,
    mlp_backward,
    mlp_forward,
    window_parameter_count,
)


@mistake(make_windows, "each window stands newest first: the oldest input comes first")
def newest_first(xs, k):
    T = len(xs)
    return np.concatenate([xs[i : T - k + 1 + i] for i in reversed(range(k))], axis=-1)


@mistake(make_windows, "the last window is missing: T steps hold T - k + 1 windows, so the last start is T - k")
def last_window_missing(xs, k):
    return make_windows(xs, k)[:-1]


@mistake(make_windows, "your windows do not overlap: each starts one step after the one before, not k")
def no_overlap(xs, k):
    return make_windows(xs, k)[::k]


@mistake(make_windows, "the start is padded with zeros: only whole windows count, so there are T - k + 1 of them")
def padded_in_front(xs, k):
    return make_windows(np.concatenate([np.zeros((k - 1, *xs.shape[1:])), xs]), k)


@mistake(make_windows, "the values of a feature stand together: put whole steps side by side, all D features of the oldest step first")
def feature_by_feature(xs, k):
    windows = make_windows(xs, k)
    return windows.reshape(*windows.shape[:2], k, -1).swapaxes(-1, -2).reshape(windows.shape)


@mistake(make_windows, "the window runs along the batch: axis 0 of xs is time")
def along_the_batch(xs, k):
    return make_windows(xs.swapaxes(0, 1), min(k, xs.shape[1])).swapaxes(0, 1)


@mistake(make_windows, "the window runs along axis 1, the batch: axis 0 of xs is time")
def windows_of_the_batch(xs, k):
    return make_windows(xs.swapaxes(0, 1), min(k, xs.shape[1]))


@mistake(make_windows, "the steps of a window stand one below another: `np.concatenate` joins on axis 0 unless it is told `axis=-1`")
def joined_on_the_first_axis(xs, k):
    T = len(xs)
    return np.concatenate([xs[i : T - k + 1 + i] for i in range(k)])


@mistake(make_windows, "the steps of a window are joined on axis 1, the batch: they stand side by side on the last, `axis=-1`")
def joined_on_the_batch_axis(xs, k):
    T = len(xs)
    return np.concatenate([xs[i : T - k + 1 + i] for i in range(k)], axis=1)


_NOT_JOINED = "the steps of a window are kept on an axis of their own: lay them side by side on the last axis, kD long"


@mistake(make_windows, _NOT_JOINED)
def steps_not_joined(xs, k):
    windows = make_windows(xs, k)
    return windows.reshape(*windows.shape[:2], k, -1)


@mistake(make_windows, _NOT_JOINED)
def steps_kept_before_the_batch(xs, k):
    return np.stack([xs[t : t + k] for t in range(len(xs) - k + 1)])


@mistake(make_windows, _NOT_JOINED)
def steps_kept_behind_the_features(xs, k):
    return np.stack([xs[t : t + k] for t in range(len(xs) - k + 1)]).transpose(0, 2, 3, 1)


@mistake(make_windows, "all sequences of the batch are laid into one window: each has a row of its own, so a window is (N, kD)")
def batch_in_the_window(xs, k):
    return np.stack([xs[t : t + k].ravel() for t in range(len(xs) - k + 1)])


@mistake(make_windows, "each window holds one step k times: its parts are xs[t], xs[t + 1] and so on, up to xs[t + k - 1]")
def one_step_k_times(xs, k):
    return np.concatenate([xs[: len(xs) - k + 1]] * k, axis=-1)


@mistake(make_windows, "each window holds k + 1 steps: `xs[t : t + k]` holds k, since a slice ends before its second number")
def one_step_too_many(xs, k):
    return make_windows(xs, k + 1)


@mistake(make_windows, "the steps of a window are added up: lay them side by side, or their order is lost")
def steps_added(xs, k):
    windows = make_windows(xs, k)
    return windows.reshape(*windows.shape[:2], k, -1).sum(axis=2)


@mistake(make_windows, "`reshape` alone mixes the sequences of a batch: time comes first in `xs[t : t + k]`, so bring each row's steps together before, as `transpose(1, 0, 2)` does")
def steps_reshaped_across_the_batch(xs, k):
    T, N, D = xs.shape
    return np.stack([xs[t : t + k].reshape(N, k * D) for t in range(T - k + 1)])


@mistake(mlp_forward, "tanh is left out: without it two layers are one")
def tanh_left_out(x, W1, b1, W2, b2):
    hidden = x @ W1 + b1
    return hidden @ W2 + b2, hidden


@mistake(mlp_forward, "the hidden layer uses ReLU: here it is tanh")
def relu_for_tanh(x, W1, b1, W2, b2):
    hidden = np.maximum(x @ W1 + b1, 0)
    return hidden @ W2 + b2, hidden


@mistake(mlp_forward, "the hidden layer uses the logistic sigmoid: here it is tanh")
def sigmoid_for_tanh(x, W1, b1, W2, b2):
    hidden = 1 / (1 + np.exp(-(x @ W1 + b1)))
    return hidden @ W2 + b2, hidden


@mistake(mlp_forward, "the hidden layer uses the arc tangent: here it is the hyperbolic tangent, `np.tanh`")
def arctan_for_tanh(x, W1, b1, W2, b2):
    hidden = np.arctan(x @ W1 + b1)
    return hidden @ W2 + b2, hidden


@mistake(mlp_forward, "`hidden` is tanh of half of what it should be: tanh(a) is 2 * sigmoid(2 * a) - 1, or simply `np.tanh(a)`")
def tanh_of_half(x, W1, b1, W2, b2):
    hidden = np.tanh((x @ W1 + b1) / 2)
    return hidden @ W2 + b2, hidden


@mistake(mlp_forward, "tanh is taken of the output too: y is `hidden @ W2 + b2`")
def tanh_on_the_output(x, W1, b1, W2, b2):
    hidden = np.tanh(x @ W1 + b1)
    return np.tanh(hidden @ W2 + b2), hidden


@mistake(mlp_forward, "the output goes through the logistic sigmoid: y is `hidden @ W2 + b2` as it stands")
def sigmoid_on_the_output(x, W1, b1, W2, b2):
    y, hidden = mlp_forward(x, W1, b1, W2, b2)
    return 1 / (1 + np.exp(-y)), hidden


@mistake(mlp_forward, "the output goes through softmax: y is `hidden @ W2 + b2` as it stands")
def softmax_on_the_output(x, W1, b1, W2, b2):
    y, hidden = mlp_forward(x, W1, b1, W2, b2)
    return np.exp(y) / np.exp(y).sum(axis=-1, keepdims=True), hidden


@mistake(mlp_forward, "what you return as hidden is before tanh: return the activations, which the backward pass needs")
def hidden_before_tanh(x, W1, b1, W2, b2):
    a = x @ W1 + b1
    return np.tanh(a) @ W2 + b2, a


@mistake(mlp_forward, "the bias b1 is left out")
def b1_left_out(x, W1, b1, W2, b2):
    return mlp_forward(x, W1, 0 * b1, W2, b2)


@mistake(mlp_forward, "the bias b2 is left out")
def b2_left_out(x, W1, b1, W2, b2):
    return mlp_forward(x, W1, b1, W2, 0 * b2)


def _backward(dy, x, hidden, W1, W2, slope, scale=1.0):
    da = (dy @ W2.T) * slope
    return da @ W1.T, scale * x.T @ da, scale * da.sum(axis=0), scale * hidden.T @ dy, scale * dy.sum(axis=0)


@mistake(mlp_backward, "the slope of tanh is left out: multiply by `1 - hidden**2` on the way through the hidden layer")
def slope_left_out(dy, x, hidden, W1, W2):
    return _backward(dy, x, hidden, W1, W2, 1)


@mistake(mlp_backward, "this is the slope of the logistic sigmoid, hidden * (1 - hidden): the slope of tanh is 1 - hidden**2")
def slope_of_sigmoid(dy, x, hidden, W1, W2):
    return _backward(dy, x, hidden, W1, W2, hidden * (1 - hidden))


@mistake(mlp_backward, "tanh is taken of hidden once more: hidden is already the tanh, its slope is 1 - hidden**2")
def slope_of_tanh_twice(dy, x, hidden, W1, W2):
    return _backward(dy, x, hidden, W1, W2, 1 - np.tanh(hidden) ** 2)


@mistake(mlp_backward, "the slope is that of a hidden layer made again without its bias: hidden is given, so take 1 - hidden**2")
def slope_made_again_without_bias(dy, x, hidden, W1, W2):
    return _backward(dy, x, hidden, W1, W2, 1 - np.tanh(x @ W1) ** 2)


@mistake(mlp_backward, "the slope of tanh is 1 - hidden**2: the square is missing")
def square_left_out(dy, x, hidden, W1, W2):
    return _backward(dy, x, hidden, W1, W2, 1 - hidden)


@mistake(mlp_backward, "the square stands outside the bracket: the slope of tanh is 1 - hidden**2, not (1 - hidden)**2")
def square_outside(dy, x, hidden, W1, W2):
    return _backward(dy, x, hidden, W1, W2, (1 - hidden) ** 2)


@mistake(mlp_backward, "`hidden` is doubled where it should be squared: the slope of tanh is 1 - hidden**2, with two stars")
def slope_with_one_star(dy, x, hidden, W1, W2):
    return _backward(dy, x, hidden, W1, W2, 1 - hidden * 2)


@mistake(mlp_backward, "brackets are missing: `a * 1 - hidden**2` multiplies by 1 and then takes hidden**2 away, so write `a * (1 - hidden**2)`")
def slope_without_brackets(dy, x, hidden, W1, W2):
    da = dy @ W2.T - hidden**2
    return da @ W1.T, x.T @ da, da.sum(axis=0), hidden.T @ dy, dy.sum(axis=0)


@mistake(mlp_backward, "the slope of tanh is taken twice: multiply by 1 - hidden**2 once")
def slope_twice(dy, x, hidden, W1, W2):
    return _backward(dy, x, hidden, W1, W2, (1 - hidden**2) ** 2)


@mistake(mlp_backward, "this is the slope of ReLU: the hidden layer is tanh, its slope is 1 - hidden**2")
def slope_of_relu(dy, x, hidden, W1, W2):
    return _backward(dy, x, hidden, W1, W2, hidden > 0)


@mistake(mlp_backward, "the weights' gradients are divided by N: the mean over the batch belongs to the loss, it is in dy already")
def divided_by_the_batch(dy, x, hidden, W1, W2):
    return _backward(dy, x, hidden, W1, W2, 1 - hidden**2, 1 / len(x))


@mistake(mlp_backward, "the biases' gradients are means over the batch: they are sums, since b is added in every row")
def bias_means(dy, x, hidden, W1, W2):
    dx, dW1, db1, dW2, db2 = mlp_backward(dy, x, hidden, W1, W2)
    return dx, dW1, db1 / len(x), dW2, db2 / len(x)


@mistake(mlp_backward, "the biases' gradients are summed over axis 1, the units: each unit keeps its own, so sum over the batch, `axis=0`")
def biases_summed_over_the_units(dy, x, hidden, W1, W2):
    dx, dW1, _, dW2, _ = mlp_backward(dy, x, hidden, W1, W2)
    return dx, dW1, ((dy @ W2.T) * (1 - hidden**2)).sum(axis=1), dW2, dy.sum(axis=1)


@mistake(mlp_backward, "the biases' gradients are not summed over the batch: b is shared by all rows, so add them up")
def biases_not_summed(dy, x, hidden, W1, W2):
    dx, dW1, _, dW2, _ = mlp_backward(dy, x, hidden, W1, W2)
    return dx, dW1, (dy @ W2.T) * (1 - hidden**2), dW2, dy


@mistake(window_parameter_count, "the biases are not counted: there are H of them in the hidden layer and O in the output")
def biases_not_counted(k, D, H, O):  # noqa: E741
    return k * D * H + H * O


@mistake(window_parameter_count, "the output's bias is not counted: it has O numbers")
def output_bias_not_counted(k, D, H, O):  # noqa: E741
    return k * D * H + H + H * O


@mistake(window_parameter_count, "the hidden layer's bias is not counted: it has H numbers")
def hidden_bias_not_counted(k, D, H, O):  # noqa: E741
    return k * D * H + H * O + O


@mistake(window_parameter_count, "one bias is counted for each layer: it has one for each of its units, H and O")
def one_number_for_each_bias(k, D, H, O):  # noqa: E741
    return k * D * H + 1 + H * O + 1


@mistake(window_parameter_count, "the window is not counted: the first layer reads k D numbers, so W1 is (kD, H)")
def window_not_counted(k, D, H, O):  # noqa: E741
    return D * H + H + H * O + O


@mistake(window_parameter_count, "neither the window nor the biases are counted: W1 is (kD, H), and there are H + O biases")
def window_and_biases_not_counted(k, D, H, O):  # noqa: E741
    return D * H + H * O


@mistake(window_parameter_count, "both layers are taken k times: a longer window only makes W1 taller")
def second_layer_k_times(k, D, H, O):  # noqa: E741
    return k * D * H + H + k * H * O + O


@mistake(window_parameter_count, "these are the units: what is learned are the weights between them, W1 (kD, H) and W2 (H, O), and the biases")
def units_counted(k, D, H, O):  # noqa: E741
    return k * D + H + O


@mistake(window_parameter_count, "weights from state to state are counted, H of them for each unit: this net has none, it has no state")
def recurrent_weights_counted(k, D, H, O):  # noqa: E741
    return k * D * H + H * H + H + H * O + O


@mistake(window_parameter_count, "everything is taken k times: a longer window only makes W1 taller")
def k_nets(k, D, H, O):  # noqa: E741
    return k * (D * H + H + H * O + O)


@mistake(window_parameter_count, "a bias is counted for every step of the window: the hidden layer has H biases in all")
def bias_for_every_step(k, D, H, O):  # noqa: E741
    return k * (D * H + H) + H * O + O


@mistake(echo_error_floor, "off by one: a window of k inputs reaches back k - 1 steps, so the echo is inside only when k > delay")
def one_step_too_far(k, delay, variance):
    return 0.0 if k >= delay else variance


@mistake(echo_error_floor, "off by one the other way: a window of delay + 1 inputs does hold the echo")
def one_step_too_short(k, delay, variance):
    return 0.0 if k > delay + 1 else variance


@mistake(echo_error_floor, "this is the standard deviation: the mean squared error of guessing the mean is the variance")
def standard_deviation(k, delay, variance):
    return 0.0 if k > delay else variance**0.5


@mistake(echo_error_floor, "the variance is squared: it is a mean of squares already, the mean squared error of guessing the mean")
def variance_squared(k, delay, variance):
    return 0.0 if k > delay else variance**2


@mistake(echo_error_floor, "the error is the variance whatever k is: a window that holds the echo can copy it, and then it is 0")
def always_the_variance(k, delay, variance):
    return variance


@mistake(echo_error_floor, "the error is 0 whatever k is: when the echo is outside the window, nothing in the window tells anything about it")
def always_zero(k, delay, variance):
    return 0.0


@mistake(echo_error_floor, "the two cases are exchanged: the error is 0 when the window holds the echo")
def cases_exchanged(k, delay, variance):
    return variance if k > delay else 0.0


@mistake(echo_error_floor, "the floor does not fall bit by bit with k: a window that misses the echo by one step knows as little as one that misses it by ten")
def falls_bit_by_bit(k, delay, variance):
    return variance * max(0.0, 1 - k / (delay + 1))
