"""Where the values of a result are wrong, and by how much."""

import numpy as np

from unrolled.findings.finding import Finding


def check_finite(name, wanted, got):
    bad = ~np.isfinite(got) & np.isfinite(wanted)
    if np.any(bad):
        return Finding("not finite", f"{name} is nan or infinite {_count_places(bad)}.")


def check_values(exercise, name, wanted, got, reveal):
    got, wanted = np.asarray(got), np.asarray(wanted)
    bad = ~exercise.near(got, wanted)
    if not np.any(bad):
        return None
    gap = np.where(bad, np.abs(got - wanted), 0)
    whole = wanted.dtype.kind in "iu"  # tokens have no distance: the first wrong one is of more use
    place = np.unravel_index(np.argmax(bad if whole else gap), gap.shape)
    label = f"{name}[{', '.join(map(str, place))}]"
    digits = ".12g" if whole else ".6g"
    values = f" (yours {got[place]:{digits}}, expected {wanted[place]:{digits}})" if reveal else ""
    if not place:
        return Finding("values", f"{name} is off by {gap[place]:{digits if whole else '.3g'}}{values}.")
    where = f"the first is {label}" if whole else f"the largest difference is {gap[place]:.3g}, at {label}"
    return Finding("values", f"{name} is wrong {_count_places(bad)}; {where}{values}.")


def _count_places(bad):
    return f"in {int(np.sum(bad))} of {np.size(bad)} places" if np.ndim(bad) else "here"
