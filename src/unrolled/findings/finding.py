"""One thing that is wrong in one call, and which kind of fault is the more basic."""

from dataclasses import dataclass

# The most basic first.
FAULTS = ("raised", "type", "shape", "dtype", "not finite", "changed", "values", "view")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong in one call: which kind of fault, said in words, and the types of the
    errors that it tells."""

    fault: str
    text: str
    raised: tuple[str, ...] = ()

    @property
    def rank(self):
        return FAULTS.index(self.fault)
