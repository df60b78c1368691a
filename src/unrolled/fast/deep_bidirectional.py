"""Chapter 7's networks are made of chapter 2's: the reference's own functions, standing on the fast one."""

from functools import update_wrapper
from types import FunctionType

from unrolled.fast.rnn import rnn_backward, rnn_forward
from unrolled.reference import deep_bidirectional


def _on_the_fast_network(function):
    """The same function, in which rnn_forward and rnn_backward are the fast ones."""
    names = function.__globals__ | {"rnn_forward": rnn_forward, "rnn_backward": rnn_backward}
    return update_wrapper(FunctionType(function.__code__, names), function)


bidirectional_forward = _on_the_fast_network(deep_bidirectional.bidirectional_forward)
bidirectional_backward = _on_the_fast_network(deep_bidirectional.bidirectional_backward)
stacked_forward = _on_the_fast_network(deep_bidirectional.stacked_forward)
stacked_backward = _on_the_fast_network(deep_bidirectional.stacked_backward)
