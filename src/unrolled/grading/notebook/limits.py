"""What one submission may use, and how a course sets it: `c.Limits.seconds = 30` in nbgrader_config.py."""

from dataclasses import dataclass, field, fields

from traitlets.config import Config


def _limit(default, meaning):
    return field(default=default, metadata={"help": meaning})


@dataclass(frozen=True)
class Limits:
    """The limits on one submission. The defaults stand here and nowhere else."""

    submission_bytes: int = _limit(
        20_000_000, "size of the notebook; of a larger file, of up to 100 MB, without its outputs"
    )
    seconds: float = _limit(
        60, "time for the whole notebook, and as much again, in equal shares, for functions that others disturb"
    )
    cell_seconds: float = _limit(
        15, "time for one cell; a function's check has as much each time that it asks all cases, which is twice"
    )
    own_seconds: float = _limit(
        15, "part of the notebook's time that cells of the student's own may take, all together"
    )
    own_cells: int = _limit(200, "cells of the student's own that are run")
    own_characters: int = _limit(100_000, "source of the student's own cells, all together")
    memory_mb: int = _limit(1024, "memory of all its processes together; a quarter of it may be files")
    processes: int = _limit(32, "processes and threads at one time")
    output_bytes: int = _limit(2_000_000, "output of one cell, figures included")
    record_bytes: int = _limit(64_000_000, "results of one function")


def in_words(seconds: float) -> str:
    """1 second, 2.5 seconds"""
    return f"{seconds:g} second{'' if seconds == 1 else 's'}"


def limits_from(config: Config) -> Limits:
    """The Limits that a course's settings give. Raises ValueError for a name or a value that makes no sense."""
    given = dict(config.get("Limits", Config()))
    known = {f.name: f.type for f in fields(Limits)}
    for name, value in given.items():
        if name not in known:
            raise ValueError(
                f"nbgrader_config.py sets Limits.{name}, which does not exist; the limits are {', '.join(known)}."
            )
        if (
            isinstance(value, bool)
            or not isinstance(value, (int, float) if known[name] is float else int)
            or value <= 0
        ):
            raise ValueError(f"nbgrader_config.py sets Limits.{name} to {value!r}: it must be a positive number.")
    return Limits(**given)
