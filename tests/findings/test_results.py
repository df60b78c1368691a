"""What is told of the shape of a result."""

import re

import pytest

from tests.findings.test_operands import told

ZEROS = """
def lstm_step_backward(dh, dc, x, h_prev, c_prev, c, gates, W_x, W_h):
    H = dh.shape[1]
    return 0 * x, 0 * dh, 0 * dc, 0 * W_x, 0 * W_h, np.zeros({blocks} * H)
"""


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        (3, r"not \(3H,\): 3 blocks of H where 4 belong, so is one left out\?"),
        (1, r"not \(H,\): 1 block of H where 4 belong, so are some left out\?"),
        (5, r"not \(5H,\): 5 blocks of H where 4 belong, so is one too many\?"),
    ],
)
def test_blocks_too_many_or_too_few_are_counted(blocks, words):
    assert re.search(words, told("lstm_step_backward", ZEROS.format(blocks=blocks)))
