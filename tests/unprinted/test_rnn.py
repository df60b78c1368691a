"""What assignment 02-rnn asks beyond the page: against finite differences, its own properties, and PyTorch."""

import numpy as np
from hypothesis import given, settings

from tests.oracle import assert_equals_oracle
from tests.reference.drawing import seeds, sizes
from tests.reference.finite_differences import assert_gradients
from unrolled.exercises.exercise import draw_inputs
from unrolled.reference import cross_entropy, rnn_forward
from unrolled.unprinted.rnn import jordan_forward, jordan_step_backward, smoothed_cross_entropy


def draw_smoothed(seed, T, N, V):
    rng = np.random.default_rng(seed)
    mask = (np.arange(T)[:, None] < rng.integers(1, T + 1, size=N)).astype(float)
    return {"logits": rng.normal(size=(T, N, V)), "targets": rng.integers(V, size=(T, N)), "mask": mask}


@given(seeds, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_the_gradient_of_uncertain_targets_equals_central_differences(seed, T, N, V):
    given = draw_smoothed(seed, T, N, V)
    _, dlogits = smoothed_cross_entropy(**given, smoothing=0.3)
    assert_gradients(lambda: smoothed_cross_entropy(**given, smoothing=0.3)[0], {"logits": given["logits"]}, {"logits": dlogits})


@given(seeds, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_certain_targets_of_sequences_of_one_length_are_the_chapters_loss_per_step(seed, T, N, V):
    given = draw_smoothed(seed, T, N, V) | {"mask": np.ones((T, N))}
    for result, wanted in zip(smoothed_cross_entropy(**given, smoothing=0.0), cross_entropy(**given), strict=True):
        np.testing.assert_allclose(result, wanted / T, rtol=1e-12)


def test_wholly_uncertain_targets_do_not_matter_and_are_met_by_equal_scores():
    given = draw_smoothed(0, 4, 3, 5)
    one, other = (smoothed_cross_entropy(given["logits"], targets, given["mask"], 1.0) for targets in (given["targets"], 0 * given["targets"]))
    np.testing.assert_array_equal(one[1], other[1])
    loss, dlogits = smoothed_cross_entropy(0 * given["logits"], given["targets"], given["mask"], 1.0)
    np.testing.assert_allclose(loss, np.log(5))
    np.testing.assert_allclose(dlogits, 0, atol=1e-16)


def test_uncertain_targets_equal_pytorch():
    def replay(case):
        results = smoothed_cross_entropy(case["logits"], case["targets"], case["mask"], float(case["smoothing"]))
        return dict(zip(("loss", "dlogits"), results, strict=True))

    assert_equals_oracle("smoothed_cross_entropy", replay)


def draw_jordan(seed, T, N, D, H, O):  # noqa: E741  the notation's letter
    rng = np.random.default_rng(seed)
    return rng, draw_inputs(rng, {"T": T, "N": N, "D": D, "H": H, "O": O}, jordan_forward)


@given(seeds, sizes, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_one_step_backward_equals_central_differences(seed, T, N, D, H, O):  # noqa: E741
    rng, net = draw_jordan(seed, 1, N, D, H, O)
    dy, (_, hs) = rng.normal(size=(N, O)), jordan_forward(**net)
    results = jordan_step_backward(dy, net["xs"][0], net["y0"], hs[0], net["W_x"], net["W_o"], net["W_y"])
    gradients = dict(zip(net, [results[0][None], *results[1:]], strict=True))
    assert_gradients(lambda: (dy * jordan_forward(**net)[0][0]).sum(), net, gradients)


@given(seeds, sizes, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_whose_output_is_its_state_is_the_network_of_the_chapter(seed, T, N, D, H):
    _, net = draw_jordan(seed, T, N, D, H, H)
    ys, hs = jordan_forward(**net | {"W_y": np.eye(H), "b_y": np.zeros(H)})
    np.testing.assert_allclose(ys, hs)
    np.testing.assert_allclose(hs, rnn_forward(net["xs"], net["y0"], net["W_x"], net["W_o"], net["b"]))


def test_a_network_that_is_fed_its_outputs_equals_pytorch():
    """Step by step from the last one, what arrives at y_{t-1} is its own gradient and what step t hands back."""

    def replay(case):
        xs, y0, W_x, W_o, b, W_y, b_y, dys = (case[name] for name in ("xs", "y0", "W_x", "W_o", "b", "W_y", "b_y", "dys"))
        ys, hs = jordan_forward(xs, y0, W_x, W_o, b, W_y, b_y)
        dy, dxs, weights = np.zeros_like(y0), [], []
        for t in reversed(range(len(xs))):
            y_prev = ys[t - 1] if t > 0 else y0
            dx, dy, *dweights = jordan_step_backward(dys[t] + dy, xs[t], y_prev, hs[t], W_x, W_o, W_y)
            dxs.insert(0, dx)
            weights.append(dweights)
        sums = map(sum, zip(*weights, strict=True))
        return {"ys": ys, "dxs": np.stack(dxs), "dy0": dy, **dict(zip(("dW_x", "dW_o", "db", "dW_y", "db_y"), sums, strict=True))}

    assert_equals_oracle("jordan", replay)
