"""Known mistakes of assignment 03-bptt: the functions that put a gradient to the test."""

from unrolled.mistakes.edits import edit, variants
from unrolled.reference.bptt import numerical_gradient, relative_error

GAIN, SLOPE = "gain = f(theta + step) - f(theta - step)", "gradient[place] = gain / (2 * eps)"
CLEARED, STEP = "step = np.zeros_like(theta)", "step[place] = eps"

for _name, _new in {"to_the_right": "f(theta + step) - f(theta)", "to_the_left": "f(theta) - f(theta - step)"}.items():
    _where = ", to the left" if _name == "to_the_left" else ""
    edit(
        numerical_gradient, GAIN, f"gain = {_new}", SLOPE, "gradient[place] = gain / eps",
        f"this is the difference on one side{_where}: step to both sides, (f(theta + eps) - f(theta - eps)) / (2 * "
        "eps)",
    )
variants(numerical_gradient, GAIN, {
    "gain = f(theta + step) - f(theta)":
        "the second point is theta itself: it is theta - eps, which is 2 * eps away from theta + eps",
    "gain = f(theta + step) - f(theta - eps)":
        "in the second point all entries move: it is theta with one entry eps smaller, the others where they are",
    "gain = f(theta + eps) - f(theta - step)":
        "in the first point all entries move: it is theta with one entry eps larger, the others where they are",
    "gain = f(theta[place] + eps) - f(theta[place] - eps)":
        "`f` is given one entry alone: it takes the whole array, with that entry moved and the others where they are",
    "gain = f(step) - f(-step)":
        "`f` is given the step alone: it takes theta with the step added, and theta with it taken away",
    "gain = f(theta - step) - f(theta + step)":
        "the sign is turned round: f(theta + eps) comes first, f(theta - eps) is taken away",
    "gain = 0": "the gradient is zero: are theta + eps and theta - eps two arrays, or one under two names, "
                "which `theta.copy()` mends, or is it a copy that moves, as `theta.flatten()` is, which f never sees, "
                "or do both go the same way?",
    "old = theta\ntheta = theta - step\ngain = f(old + step) - f(theta)":
        "an entry is not put back before the next one moves: each difference must be taken at theta itself",
})
variants(numerical_gradient, SLOPE, {
    "gradient[place] = f(theta + step) - f(theta - step) / (2 * eps)":
        "brackets are missing: only f(theta - eps) is divided, "
        "so write `(f(theta + eps) - f(theta - eps)) / (2 * eps)`",
    "gradient[place] = gain / eps": "the two points are 2 * eps apart: divide by 2 * eps, not by eps",
    "gradient[place[0]] = gain / (2 * eps)":
        "each slope is written to a whole row of the gradient, so that only the last of the row is left: "
        "put it at its own place, with all its indices",
    "gradient[place] = gain / eps**2": "the difference is divided by eps twice: it is a slope, so divide by `2 * eps`",
    "gradient[place] = gain / (2 * eps**2)": "`eps` is squared: it is a slope, so divide by `2 * eps`",
    "gradient[place] = gain * (2 * eps)": "the difference is multiplied by 2 * eps: it is a slope, so divide by it",
    "gradient[place] = gain / eps * 2": "`/ eps * 2` divides by eps and then multiplies by 2: write `/ (2 * eps)`",
    "gradient[place] = gain / 2 * eps": "`/ 2 * eps` divides by 2 and then multiplies by eps: write `/ (2 * eps)`",
    "gradient[place] = gain": "the difference is not divided by anything: it is a slope, so divide by 2 * eps",
    "gradient[place] = gain / 2":
        "the difference is divided by 2 alone: the two points are 2 * eps apart, so divide by `2 * eps`",
})
for _eps in ("1e-3", "1e-4", "1e-5", "1e-6", "1e-7", "1e-8"):
    edit(
        numerical_gradient, SLOPE, f"gradient[place] = gain / (2 * {_eps})",
        f"the step is eps, and the difference is divided by 2 * {_eps}, a number of its own: divide by `2 * eps`, "
        "with the eps that is given",
        name=f"divided_by_2_times_{_eps}",
    )
for _name, _start in {"zeros": "np.zeros_like(theta)", "ones": "np.ones_like(theta)"}.items():
    edit(
        numerical_gradient, "gradient = np.empty_like(theta)", f"gradient = {_start}", SLOPE,
        "gradient = gradient + gain / (2 * eps)",
        "each slope is added to all entries of the gradient: it belongs to its own place alone, "
        "`gradient[place] = ...`",
        name=f"added_everywhere_to_{_name}",
    )
edit(
    numerical_gradient, "return gradient", "gradient.reshape(-1)[len(theta) :] = 0\nreturn gradient",
    "the loop ends after `len(theta)` entries, which is the length of the first axis: theta has `theta.size` entries",
)
for _name, _place in {"row": "gradient[:, 1:] = 0", "column": "gradient[1:] = 0"}.items():
    edit(
        numerical_gradient, "return gradient", f"if theta.ndim > 1:\n    {_place}\nreturn gradient",
        f"the first {'column' if _name == 'row' else 'row'} of the gradient alone is filled: "
        "go through all places of theta, as `np.ndindex(theta.shape)` does",
        name=f"one_{_name}_filled",
    )
variants(numerical_gradient, STEP, {
    "eps = 1e-5\nstep[place] = eps":
        "your gradient is finer than central differences with the `eps` that is given: "
        "take (f(theta + eps) - f(theta - eps)) / (2 * eps), with that eps, for each entry",
    "step[:] = eps": "all entries move together: step in one entry at a time, and leave the others where they are",
    "step[place[0]] = eps":
        "a whole row moves together: step in one entry at a time, for example over `np.ndindex(theta.shape)`",
    "step[place] = eps * abs(theta[place])":
        "the step is eps times the size of the entry: step by eps itself, the same for every entry",
    "step[place] = eps * theta[place]":
        "the step is eps times the entry: step by eps itself, the same for every entry",
})
edit(
    numerical_gradient, STEP, "step[place] = eps * abs(theta[place])", SLOPE,
    "gradient[place] = gain / (2 * step[place])",
    "the step is eps times the size of the entry, above and below the line: step by eps itself, "
    "and divide by `2 * eps`",
)
edit(
    numerical_gradient, STEP, "step[place] = eps / 2",
    "the points are eps / 2 away from theta to either side, and the difference is divided by 2 * eps: "
    "step by eps itself",
)
edit(
    numerical_gradient, STEP, "step[place] = eps / 2", SLOPE, "gradient[place] = gain / eps",
    "you step by eps / 2 to either side: step by eps itself, and divide by 2 * eps",
)
edit(
    numerical_gradient, "gradient = np.empty_like(theta)",
    "gradient = np.empty_like(theta)\nstep = np.zeros_like(theta)", CLEARED, "",
    "the step is not reset: its entries pile up, so start with an array of zeros for each place",
)
variants(numerical_gradient, "return gradient", {
    "return gradient.ravel()": "the gradient is laid out flat: it has the shape of theta, "
                               "an entry for each of theta's, `.reshape(theta.shape)`",
})
edit(
    numerical_gradient, "return gradient", "return (f(theta + eps) - f(theta - eps)) / (2 * eps)",
    "all entries are moved at once, which gives a single number: move one entry at a time, "
    "and put its slope into an array in the shape of theta",
)

GAP, SIZE = "gap = np.linalg.norm(first - second)", "size = np.linalg.norm(first) + np.linalg.norm(second)"
ERROR = "error = gap / size if size != 0 else 0.0"

variants(relative_error, ERROR, {
    "error = gap":
        "this is the absolute error: divide by the size of the arrays, the norm of `first` plus the norm of `second`",
    "error = gap / size": "two arrays of zeros give 0 / 0: they are equal, so their relative error is 0",
    "error = gap / size if size > 1e-8 else 0.0":
        "small arrays are taken for equal: only two arrays of zeros need a case of their own, "
        "so test whether the sum of the norms `== 0`, not whether it is below some number, and without `np.allclose`",
    "error = gap / size if size != 0 else 1.0":
        "two arrays of zeros are given the error 1: they are equal, so their error is 0",
    "error = np.mean(np.abs(first - second) / (np.abs(first) + np.abs(second))) if size != 0 else 0.0":
        "this is the mean of the entries' own relative errors: here one number compares the whole arrays, "
        "by their norms",
    "error = np.max(np.abs(first - second) / (np.abs(first) + np.abs(second))) if size != 0 else 0.0":
        "this is the largest of the entries' own relative errors: here one number compares the whole arrays, "
        "by their norms",
    "error = np.linalg.norm((first - second) / (np.abs(first) + np.abs(second))) if size != 0 else 0.0":
        "this is the norm of the entries' own relative errors: divide the norm of the difference by the sum of the "
        "norms",
    "error = 1 - gap / size if size != 0 else 0.0":
        "the error is taken from 1: it is 0 for equal arrays, and grows with their distance",
    "error = size / gap if gap != 0 else 0.0":
        "the fraction is upside down: the norm of the difference is divided by the sum of the norms",
    "error = gap / np.sqrt(np.linalg.norm(first) * np.linalg.norm(second)) if first.any() and second.any() else 0.0":
        "you divide by the root of the product of the norms: divide by their sum",
    "error = gap / (np.linalg.norm(first) * np.linalg.norm(second)) if first.any() and second.any() else 0.0":
        "the norms are multiplied: divide by their sum",
    "error = gap / size if first.any() and second.any() else 0.0":
        "an array of zeros is taken for equal to everything: compared with any other array its error is 1, "
        "and 0 only with another array of zeros",
    "error = gap / np.linalg.norm(second)":
        "you divide by the norm of `second` alone, and by zero where `second` is zero: "
        "divide by the norm of `first` plus the norm of `second`, where that is not zero",
    "error = gap / np.linalg.norm(first)":
        "you divide by the norm of `first` alone, and by zero where `first` is zero: "
        "divide by the norm of `first` plus the norm of `second`, where that is not zero",
    "error = np.max(np.abs(first - second) / np.maximum(1e-8, np.abs(first) + np.abs(second)))":
        "this is the largest relative error of a single entry: here one number compares the whole arrays, "
        "by their norms",
    "error = np.mean(np.abs(first - second) / np.maximum(1e-8, np.abs(first) + np.abs(second)))":
        "this is the mean of the entries' relative errors: here one number compares the whole arrays, by their norms",
    "error = np.abs(first - second) / np.maximum(1e-8, np.abs(first) + np.abs(second))":
        "this is an error for each entry: take the norm of the whole array, so that a single number comes out",
})
for _name, _new in {
    "and_1e_8": "gap / (np.linalg.norm(first) + 1e-8)", "and_1e_12": "gap / (np.linalg.norm(first) + 1e-12)",
    "or_zero": "gap / np.linalg.norm(first) if first.any() else 0.0",
}.items():
    edit(
        relative_error, ERROR, f"error = {_new}",
        "you divide by the norm of `first` alone: divide by the norm of `first` plus the norm of `second`, "
        "so that neither array is taken for the truth",
        name=f"divided_by_first_{_name}",
    )
edit(
    relative_error, ERROR, "error = gap / np.linalg.norm(first) if size != 0 else 0.0",
    "you divide by the norm of `first` alone, which may be zero where the other is not: "
    "divide by the norm of `first` plus the norm of `second`",
)
for _name, _asked in {"": "", "_and_zeros_asked_for": " if size != 0 else 0.0"}.items():
    edit(
        relative_error, ERROR, f"error = gap / np.linalg.norm(first) + np.linalg.norm(second){_asked}",
        "brackets are missing below the line: `a / b + c` divides by the first norm alone and adds the second, "
        "so write `a / (b + c)`",
        name=f"brackets_missing{_name}",
    )
for _axis in (-1, 0):
    for _name, _all in {"averaged": "np.mean", "added_up": "np.sum", "compared": "np.max"}.items():
        edit(
            relative_error, GAP, f"gap = np.linalg.norm(first - second, axis={_axis})",
            SIZE, f"size = np.linalg.norm(first, axis={_axis}) + np.linalg.norm(second, axis={_axis})",
            ERROR, f"error = {_all}(np.divide(gap, size, out=np.zeros_like(gap), where=size > 0))",
            "the norms are taken along one axis, so that there is an error for each row or column: "
            "take one norm of all entries of an array, `np.linalg.norm` without `axis`",
            name=f"norms_along_axis_{_axis}_{_name}",
        )
edit(
    relative_error, ERROR, f"{ERROR}\nerror = error**2",
    "this is the square of the relative error: divide the norms themselves",
)
variants(relative_error, SIZE, {
    "size = max(np.linalg.norm(second), 1e-12)":
        "you divide by the norm of `second` alone: divide by the norm of `first` plus the norm of `second`, "
        "so that neither array is taken for the truth",
    "size = max(np.linalg.norm(first), np.linalg.norm(second))":
        "you divide by the larger norm: divide by the sum of both norms",
    "size = np.sum(np.abs(first)) + np.sum(np.abs(second))":
        "the sizes add up absolute values, and the distance is a Euclidean norm: "
        "take the same norm above and below the line, `np.linalg.norm`",
    "size = np.max(np.abs(first)) + np.max(np.abs(second))":
        "the sizes are the largest entries, and the distance is a Euclidean norm: "
        "take the same norm above and below the line, `np.linalg.norm`",
    "size = min(np.linalg.norm(first), np.linalg.norm(second))":
        "you divide by the smaller norm: divide by the sum of both norms",
    "size = max(np.linalg.norm(first + second), 1e-12)":
        "you divide by the norm of `first + second`: a sum can vanish where neither array does, so add the two norms",
    "size = np.linalg.norm(np.abs(first) + np.abs(second))":
        "you divide by the norm of the entries' added sizes: each array has a norm of its own, "
        "and these two are added",
    "size = (np.linalg.norm(first) + np.linalg.norm(second)) / 2":
        "you divide by the mean of the norms: divide by their sum, so that the error is at most 1",
    "size = np.sqrt(np.sum(first**2) + np.sum(second**2))":
        "both sums of squares stand under one root: each array has a norm of its own, and these two are added",
})
for _eps in ("1e-10", "1e-9", "1e-8", "1e-7", "1e-6"):
    edit(
        relative_error, ERROR, f"error = gap / (size + {_eps})",
        f"a number is added to the norms, {_eps}, which small gradients do not outweigh: "
        "divide by the sum of the norms alone, and give 0 where that is 0",
        name=f"kept_from_zero_by_{_eps}",
    )
for _eps in ("1e-10", "1e-9", "1e-8", "1e-7", "1e-6"):
    edit(
        relative_error, SIZE, f"size = max(np.linalg.norm(first), np.linalg.norm(second)) + {_eps}", ERROR,
        "error = gap / size",
        f"you divide by the larger norm, and a number is added to it, {_eps}, which small gradients do not outweigh: "
        "divide by the sum of both norms, and give 0 where that is 0",
        name=f"larger_norm_and_{_eps}",
    )
for _eps in ("1e-8", "1e-7", "1e-6"):
    edit(
        relative_error, SIZE, f"size = max(np.linalg.norm(first) + np.linalg.norm(second), {_eps})",
        f"norms that add up to less than {_eps} are taken for that much, so that small gradients seem closer than "
        "they are: divide by the sum of the norms itself, and give 0 where that is 0",
        name=f"not_below_{_eps}",
    )
variants(relative_error, GAP, {
    "gap = np.max(np.abs(first - second))":
        "the distance is the largest difference of a single entry, and the sizes are Euclidean norms: "
        "take the same norm above and below the line, `np.linalg.norm`",
    "gap = np.mean(np.abs(first - second))":
        "the distance is a mean of absolute values, and the sizes are Euclidean norms: "
        "take the same norm above and below the line, `np.linalg.norm`",
    "gap = np.abs(np.sum(first - second))":
        "the differences are added up before they lose their signs, so that they cancel: "
        "take the norm of `first - second`",
    "gap = np.sqrt(np.mean((first - second) ** 2))":
        "the distance is a root of a mean, and the sizes are norms, roots of sums: "
        "take `np.linalg.norm` above and below the line",
    "gap = np.sqrt(np.sum(first**2 - second**2))":
        "each array is squared before the difference is taken, and what is under the root may be below 0: "
        "square the difference, `(first - second)**2`",
    "gap = np.linalg.norm(first + second)":
        "the arrays are added: how far they are apart is the norm of `first - second`",
    "gap = np.sum((first - second) ** 2)":
        "the difference is squared but the root is missing: take norms above and below the line",
    "gap = abs(np.linalg.norm(first) - np.linalg.norm(second))":
        "the norm is taken of the difference of the norms: two arrays can have the same norm and still differ, "
        "so take the norm of `first - second`",
})
edit(
    relative_error, GAP, "gap = np.sum((first - second) ** 2)", SIZE, "size = np.sum(first**2) + np.sum(second**2)",
    "these are squares: take the square root, as `np.linalg.norm` does, above and below the line",
)
for _eps in ("1e-8", "1e-10", "1e-12"):
    edit(
        relative_error, GAP, "gap = np.sum((first - second) ** 2)", SIZE,
        "size = np.sum(first**2) + np.sum(second**2)",
        ERROR, f"error = gap / (size + {_eps})",
        "these are squares, and small ones count for nothing beside a number that is added, or are cut off by one: "
        "take the square root, "
        "as `np.linalg.norm` does, above and below the line, and give 0 where the sum is 0",
        name=f"squares_and_{_eps}",
    )
edit(
    relative_error, GAP, "gap = np.sum(np.abs(first - second))",
    "the distance adds up absolute values, and the sizes are Euclidean norms: take the same norm above and below the "
    "line, `np.linalg.norm`",
)
edit(
    relative_error, GAP, "gap = np.max(np.abs(first - second))", SIZE,
    "size = np.max(np.abs(first)) + np.max(np.abs(second))",
    "you take the largest entry for the norm: it is the Euclidean one, the root of the sum of squares, "
    "`np.linalg.norm`",
)
edit(
    relative_error, GAP, "gap = np.sum(np.abs(first - second))", SIZE,
    "size = np.sum(np.abs(first)) + np.sum(np.abs(second))",
    "you add absolute values where the Euclidean norm is asked for: the root of the sum of squares, `np.linalg.norm`",
)
