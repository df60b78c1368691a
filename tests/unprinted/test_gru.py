"""The way back of a reset after the product, and a unit with one gate: against differences, the GRU, and PyTorch."""

import numpy as np
from hypothesis import given, settings

from tests.oracle import assert_equals_oracle
from tests.reference.drawing import seeds, sizes
from tests.reference.finite_differences import assert_gradients
from unrolled.exercises.exercise import draw_inputs
from unrolled.reference import gru_reset_after_step_forward, gru_step_forward
from unrolled.unprinted.gru import gru_reset_after_step_backward, mgu_step_backward, mgu_step_forward


def draw(forward, seed, N, D, H):
    rng = np.random.default_rng(seed)
    return rng, draw_inputs(rng, {"N": N, "D": D, "H": H}, forward)


def gradients_of(backward, dh, step, gates):
    """By name of what went into the step; b itself is of no use on the way back."""
    arrays = {name: array for name, array in step.items() if name != "b"}
    return dict(zip(step, backward(dh, gates=gates, **arrays), strict=True))


def assert_way_back(forward, backward, *drawn):
    rng, step = draw(forward, *drawn)
    h, gates = forward(**step)
    dh = rng.normal(size=h.shape)
    assert_gradients(lambda: (dh * forward(**step)[0]).sum(), step, gradients_of(backward, dh, step, gates))


@given(seeds, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_the_way_back_of_a_reset_after_the_product_equals_central_differences(seed, N, D, H):
    assert_way_back(gru_reset_after_step_forward, gru_reset_after_step_backward, seed, N, D, H)


@given(seeds, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_the_way_back_of_a_minimal_unit_equals_central_differences(seed, N, D, H):
    assert_way_back(mgu_step_forward, mgu_step_backward, seed, N, D, H)


@given(seeds, sizes, sizes, sizes)
@settings(max_examples=25, deadline=None)
def test_a_minimal_unit_is_a_gru_whose_reset_gate_is_what_its_update_gate_leaves(seed, N, D, H):
    _, step = draw(mgu_step_forward, seed, N, D, H)
    weights = {name: np.split(step[name], 2, axis=-1) for name in ("W_x", "W_h", "b")}
    tied = {name: np.concatenate([of_f, -of_f, of_n], axis=-1) for name, (of_f, of_n) in weights.items()}
    h, gates = mgu_step_forward(**step)
    other, (r, z, n) = gru_step_forward(**step | tied)[0], np.split(gru_step_forward(**step | tied)[1], 3, axis=-1)
    np.testing.assert_allclose(h, other, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(gates, np.concatenate([r, n], axis=-1), rtol=1e-12)
    np.testing.assert_allclose(r + z, 1)


def test_a_shut_gate_keeps_the_state_and_hands_its_gradient_back_whole():
    rng, step = draw(mgu_step_forward, 0, 3, 2, 4)
    step["b"] = np.repeat([-1e4, 0], 4).astype(float)
    h, gates = mgu_step_forward(**step)
    np.testing.assert_array_equal(h, step["h_prev"])
    dh = rng.normal(size=h.shape)
    gradients = gradients_of(mgu_step_backward, dh, step, gates)
    np.testing.assert_array_equal(gradients["h_prev"], dh)
    assert not gradients["W_x"].any() and not gradients["b"].any()


def test_an_open_reset_makes_no_difference_between_the_two_biases_of_the_candidate():
    rng, step = draw(gru_reset_after_step_forward, 0, 3, 2, 4)
    step["b"][:4] = 1e4
    h, gates = gru_reset_after_step_forward(**step)
    gradients = gradients_of(gru_reset_after_step_backward, rng.normal(size=h.shape), step, gates)
    np.testing.assert_array_equal(gradients["b_hn"], gradients["b"][8:])


def test_a_reset_after_the_product_equals_pytorch():
    def replay(case):
        step = {name: case[name] for name in ("x", "h_prev", "W_x", "W_h", "b", "b_hn")}
        h, gates = gru_reset_after_step_forward(**step)
        gradients = gradients_of(gru_reset_after_step_backward, case["dh"], step, gates)
        return {"h": h} | {f"d{name}": gradient for name, gradient in gradients.items()}

    assert_equals_oracle("gru_reset_after_step", replay)


def test_a_minimal_unit_equals_pytorch():
    def replay(case):
        step = {name: case[name] for name in ("x", "h_prev", "W_x", "W_h", "b")}
        h, gates = mgu_step_forward(**step)
        gradients = gradients_of(mgu_step_backward, case["dh"], step, gates)
        return {"h": h, "gates": gates} | {f"d{name}": gradient for name, gradient in gradients.items()}

    assert_equals_oracle("mgu_step", replay)
