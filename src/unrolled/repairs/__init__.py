"""The one change of a function's own lines, or the two, that make all its results right: what stands there,
and what belongs."""

from unrolled.repairs.answer import Answer
from unrolled.repairs.search import Repair, find_repairs

__all__ = ["Answer", "Repair", "find_repairs"]
