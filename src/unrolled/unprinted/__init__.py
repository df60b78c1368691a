"""Functions that students write and nobody has printed: they lie in no page, no download and no sandbox.

Written like the reference, a module a topic; what goes wrong in them stands in mistakes/. What `check` needs of them
at home is recorded in unrolled/recorded by `python -m unrolled.unprinted`. Nothing imports this package but
`unrolled.withheld`.

Beside them lies the text that a network is graded on; NOTICE.md says where it is from.
"""
