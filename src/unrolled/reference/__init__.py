"""The functions that students write, written to be read: pure, NumPy only, one module a chapter."""

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
    "readout",
    "rnn_backward",
    "rnn_forward",
    "rnn_step_backward",
    "rnn_step_forward",
    "sample_tokens",
    "softmax",
]
