"""What goes over the socket between the grader and a kernel: frames of a kind, a length and so many bytes."""

import os
import struct

HEADER = struct.Struct("<cI")  # kind and length of a frame
RUN = b"C"  # to the kernel: a cell, JSON
INPUTS = b"I"  # to the kernel: a nonce, and the packed cases that the next cell's `check` gets
READY = b"S"  # from the kernel, first of all: empty, or why it cannot start
MESSAGE = b"M"  # from the kernel: a Jupyter message, JSON
RECORD = b"R"  # from the kernel: the nonce, and the packed outcomes of a check
DONE = b"D"  # from the kernel: the cell has ended, JSON
# What a record says in the place of outcomes, when there are none:
LARGE, SLOW, GONE = "large", "slow", "gone"
NONCE = 16  # bytes


def send(fd, kind, data):
    """Write one frame to a blocking file descriptor."""
    view = memoryview(HEADER.pack(kind, len(data)) + data)
    while view:
        view = view[os.write(fd, view) :]
