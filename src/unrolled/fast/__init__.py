"""The reference's sequence functions written for speed: they train the chapters' networks, and are timed.

Same names, arguments and results as in `unrolled.reference`, whose docstrings say what these are; a test holds the two
together. What is not here is as fast in the reference.
"""

from unrolled.fast.attention import attention_backward, attention_forward, rwa_backward, rwa_forward
from unrolled.fast.bptt import truncated_rnn_backward
from unrolled.fast.deep_bidirectional import (
    bidirectional_backward,
    bidirectional_forward,
    stacked_backward,
    stacked_forward,
)
from unrolled.fast.gru import gru_backward, gru_forward
from unrolled.fast.lstm import lstm_backward, lstm_forward
from unrolled.fast.rnn import rnn_backward, rnn_forward
from unrolled.fast.vanishing_gradients import relu_rnn_backward, relu_rnn_forward

__all__ = [
    "attention_backward",
    "attention_forward",
    "bidirectional_backward",
    "bidirectional_forward",
    "gru_backward",
    "gru_forward",
    "lstm_backward",
    "lstm_forward",
    "relu_rnn_backward",
    "relu_rnn_forward",
    "rnn_backward",
    "rnn_forward",
    "rwa_backward",
    "rwa_forward",
    "stacked_backward",
    "stacked_forward",
    "truncated_rnn_backward",
]
