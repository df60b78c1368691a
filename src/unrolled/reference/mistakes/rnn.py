"""Known mistakes of assignment 02-rnn: the step, the loop, the readout and sampling."""

import numpy as np

from unrolled.reference.mistakes import known_mistakes, mistake, unroll
from unrolled.reference.rnn import readout, rnn_forward, rnn_step_forward, sample_tokens, softmax


@mistake(rnn_step_forward, "tanh is left out: h = tanh(x @ W_x + h_prev @ W_h + b)")
def tanh_left_out(x, h_prev, W_x, W_h, b):
    return x @ W_x + h_prev @ W_h + b


@mistake(rnn_step_forward, "this is the logistic sigmoid: the state of a plain recurrent network uses tanh")
def sigmoid_for_tanh(x, h_prev, W_x, W_h, b):
    return 1 / (1 + np.exp(-(x @ W_x + h_prev @ W_h + b)))


@mistake(rnn_step_forward, "this is ReLU: the state of a plain recurrent network uses tanh")
def relu_for_tanh(x, h_prev, W_x, W_h, b):
    return np.maximum(x @ W_x + h_prev @ W_h + b, 0)


@mistake(rnn_step_forward, "this is the arc tangent: the state uses the hyperbolic tangent, `np.tanh`")
def arctan_for_tanh(x, h_prev, W_x, W_h, b):
    return np.arctan(x @ W_x + h_prev @ W_h + b)


@mistake(rnn_step_forward, "this is tanh of half the sum: tanh(a) is 2 * sigmoid(2 * a) - 1, or simply `np.tanh(a)`")
def tanh_of_half(x, h_prev, W_x, W_h, b):
    return np.tanh((x @ W_x + h_prev @ W_h + b) / 2)


@mistake(rnn_step_forward, "the bias b is left out")
def bias_left_out(x, h_prev, W_x, W_h, b):
    return np.tanh(x @ W_x + h_prev @ W_h)


@mistake(rnn_step_forward, "the bias b is added after tanh: it belongs inside")
def bias_outside(x, h_prev, W_x, W_h, b):
    return np.tanh(x @ W_x + h_prev @ W_h) + b


@mistake(rnn_step_forward, "the bias b is added twice: PyTorch has two biases, here there is one")
def bias_twice(x, h_prev, W_x, W_h, b):
    return np.tanh(x @ W_x + b + h_prev @ W_h + b)


@mistake(rnn_step_forward, "W_h is transposed: with row vectors it is `h_prev @ W_h`")
def W_h_transposed(x, h_prev, W_x, W_h, b):
    return np.tanh(x @ W_x + h_prev @ W_h.T + b)


@mistake(rnn_step_forward, "the previous state is not used: add `h_prev @ W_h` inside tanh")
def state_left_out(x, h_prev, W_x, W_h, b):
    return np.tanh(x @ W_x + b)


@mistake(rnn_step_forward, "the input is not used: add `x @ W_x` inside tanh")
def input_left_out(x, h_prev, W_x, W_h, b):
    return np.tanh(h_prev @ W_h + b)


@mistake(rnn_step_forward, "the previous state is added without its weights: it is `h_prev @ W_h`")
def state_without_weights(x, h_prev, W_x, W_h, b):
    return np.tanh(x @ W_x + h_prev + b)


@mistake(rnn_step_forward, "tanh is taken twice")
def tanh_twice(x, h_prev, W_x, W_h, b):
    return np.tanh(np.tanh(x @ W_x + h_prev @ W_h + b))


@mistake(rnn_step_forward, "tanh is taken of each part alone: add the parts first, then take tanh once")
def tanh_of_each_part(x, h_prev, W_x, W_h, b):
    return np.tanh(x @ W_x) + np.tanh(h_prev @ W_h + b)


_TOO_EARLY = "the bracket of tanh closes too early: `h_prev @ W_h` and b belong inside it, tanh(x @ W_x + h_prev @ W_h + b)"


@mistake(rnn_step_forward, _TOO_EARLY)
def tanh_of_the_input_alone(x, h_prev, W_x, W_h, b):
    return np.tanh(x @ W_x) + h_prev @ W_h + b


@mistake(rnn_step_forward, _TOO_EARLY)
def tanh_of_the_input_and_the_bias(x, h_prev, W_x, W_h, b):
    return np.tanh(x @ W_x + b) + h_prev @ W_h


@mistake(rnn_step_forward, "`x` and h_prev are put side by side in another order than the rows of the weights: `[x, h_prev]` goes with W_x above W_h")
def glued_in_another_order(x, h_prev, W_x, W_h, b):
    return np.tanh(np.hstack([h_prev, x]) @ np.vstack([W_x, W_h]) + b)


@mistake(rnn_step_forward, "the new state is added to the old one: it takes its place, h = tanh(x @ W_x + h_prev @ W_h + b)")
def added_to_the_old_state(x, h_prev, W_x, W_h, b):
    return h_prev + np.tanh(x @ W_x + h_prev @ W_h + b)


def _in_the_loop(step):
    """The same mistake in the loop of a student who writes the step out there."""

    def wrong(xs, h0, W_x, W_h, b):
        return unroll(lambda x, h: (step(x, h, W_x, W_h, b),), xs, h0)[0]

    wrong.__name__ = f"{step.__name__}_in_the_loop"
    return wrong


@mistake(rnn_forward, "the state is never carried: every step starts from h0 again; let h be the next step's h_prev")
def state_never_carried(xs, h0, W_x, W_h, b):
    return np.tanh(xs @ W_x + h0 @ W_h + b)


@mistake(rnn_forward, "`h0` is ignored: the first step's h_prev is the h0 that is given, not zeros")
def h0_ignored(xs, h0, W_x, W_h, b):
    return rnn_forward(xs, np.zeros_like(h0), W_x, W_h, b)


@mistake(rnn_forward, "only the last state is returned: hs holds the states of all T steps")
def last_state_only(xs, h0, W_x, W_h, b):
    return rnn_forward(xs, h0, W_x, W_h, b)[-1]


@mistake(rnn_forward, "`h0` is returned as if it were the first step's state: hs[0] is the state after the first input")
def shifted_by_h0(xs, h0, W_x, W_h, b):
    return np.concatenate([h0[None], rnn_forward(xs, h0, W_x, W_h, b)[:-1]])


@mistake(rnn_forward, "`h0` stands in front of the states: hs has T states, the first of them after the first input")
def h0_in_front(xs, h0, W_x, W_h, b):
    return np.concatenate([h0[None], rnn_forward(xs, h0, W_x, W_h, b)])


@mistake(rnn_forward, "`h0` stands behind the states: an array of T + 1 whose last is h0 makes hs[-1] the state before the first, but only the first T are hs")
def h0_behind(xs, h0, W_x, W_h, b):
    return np.concatenate([rnn_forward(xs, h0, W_x, W_h, b), h0[None]])


@mistake(rnn_forward, "`hs[0]` is h0 and the first input is left out: the loop starts with xs[0], whose state is hs[0]")
def first_input_left_out(xs, h0, W_x, W_h, b):
    return np.concatenate([h0[None], rnn_forward(xs[1:], h0, W_x, W_h, b)])


@mistake(rnn_forward, "the sequence is read backwards: start with xs[0]")
def read_backwards(xs, h0, W_x, W_h, b):
    return rnn_forward(xs[::-1], h0, W_x, W_h, b)[::-1]


@mistake(rnn_forward, "the states come batch first: hs is (T, N, H), time first")
def batch_first(xs, h0, W_x, W_h, b):
    return rnn_forward(xs, h0, W_x, W_h, b).swapaxes(0, 1)


@mistake(rnn_forward, "the sequence is read along the batch: axis 0 of xs is time")
def loop_over_batch_axis(xs, h0, W_x, W_h, b):
    hs = np.zeros((*xs.shape[:2], h0.shape[1]))
    h = h0[0]
    for n in range(xs.shape[1]):
        h = np.tanh(xs[:, n] @ W_x + h @ W_h + b)
        hs[:, n] = h
    return hs


for of_the_step in known_mistakes(rnn_step_forward):
    mistake(rnn_forward, of_the_step.sentence)(_in_the_loop(of_the_step.wrong))


@mistake(readout, "the bias b_y is left out")
def readout_bias_left_out(hs, W_y, b_y):
    return hs @ W_y


@mistake(readout, "these are probabilities: the readout returns the scores, and softmax comes later")
def readout_with_softmax(hs, W_y, b_y):
    return softmax(hs @ W_y + b_y)


@mistake(readout, "tanh does not belong in the readout: the scores may have any size")
def readout_with_tanh(hs, W_y, b_y):
    return np.tanh(hs @ W_y + b_y)


@mistake(readout, "only the last state is read out: every step has its scores")
def readout_of_last_state(hs, W_y, b_y):
    return hs[-1] @ W_y + b_y


def _sample(h0, first, u, W_x, W_h, b, W_y, b_y, scale, feed=True, carry=True, pick=None, squash=np.tanh):
    tokens, h, token = [], h0, first
    for draw in u:
        new = squash(W_x[token] + h @ W_h + b)
        h = new if carry else h0
        p = softmax(scale * (new @ W_y + b_y)[0])
        drawn = pick(p, draw) if pick else min(int(np.searchsorted(np.cumsum(p), draw, side="right")), len(p) - 1)
        tokens.append(drawn)
        token = drawn if feed else first
    return np.array(tokens)


@mistake(sample_tokens, "the logits are multiplied by the temperature: divide, so that a low temperature sharpens")
def temperature_multiplied(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    return _sample(h0, first, u, W_x, W_h, b, W_y, b_y, temperature)


@mistake(sample_tokens, "the temperature is ignored: divide the logits by it before softmax")
def temperature_ignored(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    return _sample(h0, first, u, W_x, W_h, b, W_y, b_y, 1.0)


@mistake(sample_tokens, "the drawn token is not fed back: it must be the next step's input")
def token_not_fed_back(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    return _sample(h0, first, u, W_x, W_h, b, W_y, b_y, 1 / temperature, feed=False)


@mistake(sample_tokens, "the state is not carried from one token to the next")
def state_not_carried(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    return _sample(h0, first, u, W_x, W_h, b, W_y, b_y, 1 / temperature, carry=False)


@mistake(sample_tokens, "you take the most probable token each time: take the first whose cumulative probability exceeds u[i]")
def greedy(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    return _sample(h0, first, u, W_x, W_h, b, W_y, b_y, 1 / temperature, pick=lambda p, draw: int(np.argmax(p)))


@mistake(sample_tokens, "`h0` is ignored: sampling starts from the state that is given, not from zeros")
def sampling_from_zeros(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    return _sample(0 * h0, first, u, W_x, W_h, b, W_y, b_y, 1 / temperature)


@mistake(sample_tokens, "tanh is left out: h = tanh(x @ W_x + h @ W_h + b)")
def sampling_without_tanh(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    return _sample(h0, first, u, W_x, W_h, b, W_y, b_y, 1 / temperature, squash=lambda a: a)


@mistake(sample_tokens, "W_h is transposed: with row vectors it is `h @ W_h`")
def sampling_with_W_h_transposed(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    return _sample(h0, first, u, W_x, W_h.T, b, W_y, b_y, 1 / temperature)


@mistake(sample_tokens, "the first step's input is all zeros: it is the one-hot row of `first`, as later that of the drawn token")
def first_input_of_zeros(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    return _sample(h0, -1, u, np.vstack([W_x, 0 * W_x[0]]), W_h, b, W_y, b_y, 1 / temperature)


@mistake(sample_tokens, "the one-hot input keeps the tokens before: begin each step's input with zeros, so that one entry alone is 1")
def one_hot_not_cleared(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    x, h, tokens = np.eye(len(W_x))[first], h0, []
    for draw in u:
        h = np.tanh(x @ W_x + h @ W_h + b)
        p = softmax((h @ W_y + b_y)[0] / temperature)
        tokens.append(min(int(np.searchsorted(np.cumsum(p), draw, side="right")), len(p) - 1))
        x[tokens[-1]] = 1
    return np.array(tokens)


@mistake(sample_tokens, "the given first token is among the results: return the n drawn tokens only")
def first_token_returned(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    tokens = _sample(h0, first, u, W_x, W_h, b, W_y, b_y, 1 / temperature)
    return np.concatenate([[first], tokens])


@mistake(sample_tokens, "the given first token stands in place of the first drawn one: `u[0]` draws tokens[0]")
def first_token_for_the_first_draw(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    tokens = _sample(h0, first, u[1:], W_x, W_h, b, W_y, b_y, 1 / temperature)
    return np.concatenate([[first], tokens])


@mistake(sample_tokens, "the scores are read from the state before: the token goes into the state first, and then `h @ W_y + b_y` is read from the new one")
def scores_of_the_old_state(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    tokens, h, token = [], h0, first
    for draw in u:
        p = softmax((h @ W_y + b_y)[0] / temperature)
        h = np.tanh(W_x[token] + h @ W_h + b)
        token = min(int(np.searchsorted(np.cumsum(p), draw, side="right")), len(p) - 1)
        tokens.append(token)
    return np.array(tokens)


@mistake(sample_tokens, "the probabilities are divided by the temperature, and no longer add up to 1: divide the logits, before softmax")
def temperature_after_softmax(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    pick = lambda p, draw: int(np.argmax(np.cumsum(p / temperature) > draw))  # noqa: E731
    return _sample(h0, first, u, W_x, W_h, b, W_y, b_y, 1.0, pick=pick)


@mistake(sample_tokens, "the readout's bias b_y is left out")
def sampling_without_b_y(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    return _sample(h0, first, u, W_x, W_h, b, W_y, 0 * b_y, 1 / temperature)


@mistake(sample_tokens, "the bias b is left out")
def sampling_without_b(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    return _sample(h0, first, u, W_x, W_h, 0 * b, W_y, b_y, 1 / temperature)


@mistake(sample_tokens, "the index is one too small: take the first token whose cumulative probability exceeds u[i]")
def one_token_early(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    pick = lambda p, draw: max(int(np.searchsorted(np.cumsum(p), draw, side="right")) - 1, 0)  # noqa: E731
    return _sample(h0, first, u, W_x, W_h, b, W_y, b_y, 1 / temperature, pick=pick)


@mistake(sample_tokens, "the index is one too large: take the first token whose cumulative probability exceeds u[i]")
def one_token_late(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    pick = lambda p, draw: min(int(np.searchsorted(np.cumsum(p), draw, side="right")) + 1, len(p) - 1)  # noqa: E731
    return _sample(h0, first, u, W_x, W_h, b, W_y, b_y, 1 / temperature, pick=pick)


@mistake(sample_tokens, "the exponentials are not divided by their sum: only probabilities, which add up to 1, can be compared with u[i]")
def exponentials_for_probabilities(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    tokens, h, token = [], h0, first
    for draw in u:
        h = np.tanh(W_x[token] + h @ W_h + b)
        e = np.exp((h @ W_y + b_y)[0] / temperature)
        token = min(int(np.searchsorted(np.cumsum(e), draw, side="right")), len(e) - 1)
        tokens.append(token)
    return np.array(tokens)


@mistake(sample_tokens, "every token is 0: is the array ever filled in, or does softmax run over axis 0 of scores (1, V), which makes every p 1?")
def token_0_each_time(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    return np.zeros(len(u), dtype=int)


@mistake(sample_tokens, "you look at each token's own probability: add them up first, and take the first whose cumulative probability exceeds u[i]")
def own_probability(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    return _sample(h0, first, u, W_x, W_h, b, W_y, b_y, 1 / temperature, pick=lambda p, draw: int(np.argmax(p > draw)))


@mistake(sample_tokens, "you take the token whose cumulative probability is nearest to u[i]: take the first whose cumulative probability exceeds it")
def nearest_cumulative(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    pick = lambda p, draw: int(np.argmin(np.abs(np.cumsum(p) - draw)))  # noqa: E731
    return _sample(h0, first, u, W_x, W_h, b, W_y, b_y, 1 / temperature, pick=pick)
