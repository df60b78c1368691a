"""The widget "Credit": the browser's forward and backward pass are the reference's, and the page shows them."""

import numpy as np
import pytest

from unrolled.reference import rnn_forward, truncated_rnn_backward
from unrolled.widgets.credit import Credit, T, gradients


def column(values):
    """Numbers as a batch of one sequence with one feature."""
    return np.array(values, dtype=float)[:, None, None]


@pytest.mark.parametrize("k", [1, 3, 5, T, T + 2])
@pytest.mark.parametrize("W_h", [-2.0, 0.0, 0.9, 2.0])
def test_the_browser_goes_back_as_the_reference_does(js_module, rng, k, W_h):
    call = js_module(Credit)
    xs, dhs = rng.normal(size=(2, T))
    net = {"xs": xs, "h0": 0.4, "W_x": 0.7, "W_h": W_h, "b": -0.2}
    h0, W_x, weight = np.array([[0.4]]), np.array([[0.7]]), np.array([[W_h]])

    hs = call("forward", net)
    expected = rnn_forward(column(xs), h0, W_x, weight, np.array([-0.2]))
    np.testing.assert_allclose(hs, expected[:, 0, 0], rtol=1e-9)

    steps = call("backward", dhs, hs, net, k)
    dxs, dh0, dW_x, dW_h, db = truncated_rnn_backward(column(dhs), column(xs), h0, expected, W_x, weight, k)
    np.testing.assert_allclose([step["dx"] for step in steps], dxs[:, 0, 0], rtol=1e-6, atol=1e-12)
    assert steps[0]["back"] == pytest.approx(dh0[0, 0], rel=1e-6, abs=1e-12)
    for name, whole in {"dW_x": dW_x, "dW_h": dW_h, "db": db}.items():
        assert sum(step[name] for step in steps) == pytest.approx(float(np.squeeze(whole)), rel=1e-6, abs=1e-12)


def test_no_gradient_comes_to_the_steps_after_the_loss():
    widget = Credit()
    _, dhs, _ = gradients(widget.xs, widget.ys, 5, False, T, widget.W_x, widget.W_h)
    assert dhs[:5].all()
    assert not dhs[5:].any()


def test_the_gradient_fades_on_its_way_back_in_the_state_that_the_reader_meets():
    """What the page says of the start state."""
    widget = Credit()
    _, dhs, _ = gradients(widget.xs, widget.ys, T, False, T, widget.W_x, widget.W_h)
    assert (np.diff(np.abs(dhs)) > 0).all()


def test_the_gradient_can_grow_on_its_way_back_and_hardly_moves_where_tanh_is_flat():
    """What the list of things to try promises."""
    widget = Credit()
    _, growing, _ = gradients(widget.xs, widget.ys, T, False, T, W_x=0.1, W_h=1.2)
    _, flat, _ = gradients(widget.xs, widget.ys, T, False, T, W_x=1.0, W_h=2.0)
    assert (np.diff(np.abs(growing)) < 0).all()
    assert abs(flat[0]) < 1e-3 * abs(flat[-1])


def test_the_picture_says_what_it_shows():
    widget = Credit(loss_at=6)
    _, dhs, _ = gradients(widget.xs, widget.ys, 6, False, T, widget.W_x, widget.W_h)
    assert f"{dhs[5]:.2f} there and {dhs[0]:.2f} at step 1" in widget.picture().alt
