"""What goes over the socket between the grader and a kernel: frames of a kind, a length and so many bytes."""

import struct

HEADER = struct.Struct("<cI")       # kind and length of a frame
RUN = b"C"          # to the kernel: a cell, JSON
INPUTS = b"I"       # to the kernel: a nonce, and the packed cases that the next cell's `check` gets
MESSAGE = b"M"      # from the kernel: a Jupyter message, JSON
RECORD = b"R"       # from the kernel: the nonce, and the packed outcomes of a check
DONE = b"D"         # from the kernel: the cell has ended, JSON
NONCE = 16          # bytes
