"""The functions that students write, written to be read: pure, NumPy only, one module a chapter."""

from unrolled.reference.feedforward_limits import (
    echo_error_floor,
    make_windows,
    mlp_backward,
    mlp_forward,
    window_parameter_count,
)
from unrolled.reference.gru import (
    gru_backward,
    gru_forward,
    gru_reset_after_step_forward,
    gru_step_backward,
    gru_step_forward,
    parameter_count,
)
from unrolled.reference.lstm import (
    init_lstm,
    lstm_backward,
    lstm_forward,
    lstm_step_backward,
    lstm_step_forward,
    sigmoid,
)
from unrolled.reference.rnn import (
    cross_entropy,
    readout,
    rnn_backward,
    rnn_forward,
    rnn_step_backward,
    rnn_step_forward,
    sample_tokens,
    softmax,
)

__all__ = [
    "cross_entropy",
    "echo_error_floor",
    "gru_backward",
    "gru_forward",
    "gru_reset_after_step_forward",
    "gru_step_backward",
    "gru_step_forward",
    "init_lstm",
    "lstm_backward",
    "lstm_forward",
    "lstm_step_backward",
    "lstm_step_forward",
    "make_windows",
    "mlp_backward",
    "mlp_forward",
    "parameter_count",
    "readout",
    "rnn_backward",
    "rnn_forward",
    "rnn_step_backward",
    "rnn_step_forward",
    "sample_tokens",
    "sigmoid",
    "softmax",
    "window_parameter_count",
]
