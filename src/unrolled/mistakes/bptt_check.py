"""Known mistakes of assignment 03-bptt: the functions that put a gradient to the test."""

import numpy as np

from unrolled.mistakes.edits import mistake
from unrolled.reference.bptt import numerical_gradient, relative_error


def _entries(x, difference):
    """difference(place, step) for every entry of x, in an array like x."""
    gradient = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[place] = 1
        gradient[place] = difference(place, step)
    return gradient


@mistake(numerical_gradient, "this is the difference on one side: step to both sides, (f(x + eps) - f(x - eps)) / (2 * eps)")
def one_sided(f, x, eps):
    return _entries(x, lambda place, step: (f(x + eps * step) - f(x)) / eps)


@mistake(numerical_gradient, "this is the difference on one side, to the left: step to both sides, (f(x + eps) - f(x - eps)) / (2 * eps)")
def one_sided_to_the_left(f, x, eps):
    return _entries(x, lambda place, step: (f(x) - f(x - eps * step)) / eps)


@mistake(numerical_gradient, "the second point is x itself: it is x - eps, which is 2 * eps away from x + eps")
def second_point_is_x(f, x, eps):
    return _entries(x, lambda place, step: (f(x + eps * step) - f(x)) / (2 * eps))


@mistake(numerical_gradient, "brackets are missing: only f(x - eps) is divided, so write `(f(x + eps) - f(x - eps)) / (2 * eps)`")
def difference_without_brackets(f, x, eps):
    return _entries(x, lambda place, step: f(x + eps * step) - f(x - eps * step) / (2 * eps))


@mistake(numerical_gradient, "the step is not set back: its entries pile up, so start with an array of zeros for each place")
def step_piles_up(f, x, eps):
    moved = np.zeros_like(x)

    def difference(place, step):
        moved[place] = eps
        return (f(x + moved) - f(x - moved)) / (2 * eps)

    return _entries(x, difference)


@mistake(numerical_gradient, "all entries are moved at once, which gives a single number: move one entry at a time, and put its slope into an array in the shape of x")
def all_entries_at_once(f, x, eps):
    return (f(x + eps) - f(x - eps)) / (2 * eps)


@mistake(numerical_gradient, "the two points are 2 * eps apart: divide by 2 * eps, not by eps")
def divided_by_eps(f, x, eps):
    return 2 * numerical_gradient(f, x, eps)


@mistake(numerical_gradient, "`/ 2 * eps` divides by 2 and then multiplies by eps: write `/ (2 * eps)`")
def brackets_missing(f, x, eps):
    return eps**2 * numerical_gradient(f, x, eps)


@mistake(numerical_gradient, "the difference is not divided by anything: it is a slope, so divide by 2 * eps")
def not_divided(f, x, eps):
    return 2 * eps * numerical_gradient(f, x, eps)


@mistake(numerical_gradient, "the sign is turned round: f(x + eps) comes first, f(x - eps) is taken away")
def sides_swapped(f, x, eps):
    return -numerical_gradient(f, x, eps)


@mistake(numerical_gradient, "your gradient is finer than central differences with the `eps` that is given: take (f(x + eps) - f(x - eps)) / (2 * eps), with that eps, for each entry")
def own_eps(f, x, eps):
    return numerical_gradient(f, x, 1e-5)


@mistake(numerical_gradient, "you step by eps / 2 to either side: step by eps itself, and divide by 2 * eps")
def half_steps(f, x, eps):
    return numerical_gradient(f, x, eps / 2)


@mistake(numerical_gradient, "the gradient is zero: are x + eps and x - eps two arrays, or one under two names? `x.copy()` makes another")
def one_array_under_two_names(f, x, eps):
    return np.zeros_like(x)


@mistake(numerical_gradient, "all entries move together: step in one entry at a time, and leave the others where they are")
def all_entries_moved_together(f, x, eps):
    return np.full_like(x, (f(x + eps) - f(x - eps)) / (2 * eps))


@mistake(numerical_gradient, "a whole row moves together: step in one entry at a time, for example over `np.ndindex(x.shape)`")
def row_at_once(f, x, eps):
    gradient = np.zeros_like(x)
    for i in range(len(x)):
        step = np.zeros_like(x)
        step[i] = eps
        gradient[i] = (f(x + step) - f(x - step)) / (2 * eps)
    return gradient


@mistake(numerical_gradient, "an entry is not put back before the next one moves: each difference must be taken at x itself")
def not_put_back(f, x, eps):
    moved = x.copy()

    def difference(place, step):
        start = moved.copy()
        moved[place] -= eps
        return (f(start + eps * step) - f(moved)) / (2 * eps)

    return _entries(x, difference)


@mistake(numerical_gradient, "the step is eps times the entry: step by eps itself, the same for every entry")
def step_in_proportion(f, x, eps):
    return _entries(x, lambda place, step: (f(x + eps * x * step) - f(x - eps * x * step)) / (2 * eps))


@mistake(relative_error, "this is the absolute error: divide by the size of the arrays, the norm of a plus the norm of b")
def absolute_error(a, b):
    return np.linalg.norm(a - b)


@mistake(relative_error, "two arrays of zeros give 0 / 0: they are equal, so their relative error is 0")
def zero_by_zero(a, b):
    return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b))


@mistake(relative_error, "you divide by the norm of b alone: divide by the norm of a plus the norm of b, so that neither array is taken for the truth")
def divided_by_b(a, b):
    return np.linalg.norm(a - b) / max(np.linalg.norm(b), 1e-12)


_BY_A = "you divide by the norm of a alone: divide by the norm of a plus the norm of b, so that neither array is taken for the truth"


@mistake(relative_error, _BY_A)
def divided_by_a_and_1e_8(a, b):
    return np.linalg.norm(a - b) / (np.linalg.norm(a) + 1e-8)


@mistake(relative_error, _BY_A)
def divided_by_a_and_1e_12(a, b):
    return np.linalg.norm(a - b) / (np.linalg.norm(a) + 1e-12)


@mistake(relative_error, _BY_A)
def divided_by_a_or_zero(a, b):
    return np.linalg.norm(a - b) / np.linalg.norm(a) if a.any() else 0.0


@mistake(relative_error, "you divide by the norm of b alone, and by zero where b is zero: divide by the norm of a plus the norm of b, where that is not zero")
def divided_by_b_unguarded(a, b):
    return np.linalg.norm(a - b) / np.linalg.norm(b)


@mistake(relative_error, "you divide by the norm of a alone, and by zero where a is zero: divide by the norm of a plus the norm of b, where that is not zero")
def divided_by_a_unguarded(a, b):
    return np.linalg.norm(a - b) / np.linalg.norm(a)


@mistake(relative_error, "an array of zeros is taken for equal to everything: the error is 0 only where both arrays are zero")
def zero_where_either_is(a, b):
    return relative_error(a, b) if a.any() and b.any() else 0.0


@mistake(relative_error, "you divide by the larger norm: divide by the sum of both norms")
def divided_by_the_larger(a, b):
    return np.linalg.norm(a - b) / max(np.linalg.norm(a), np.linalg.norm(b), 1e-12)


@mistake(relative_error, "you divide by the norm of a + b: a sum can vanish where neither array does, so add the two norms")
def divided_by_norm_of_sum(a, b):
    return np.linalg.norm(a - b) / max(np.linalg.norm(a + b), 1e-12)


@mistake(relative_error, "you divide by the mean of the norms: divide by their sum, so that the error is at most 1")
def divided_by_the_mean(a, b):
    return 2 * relative_error(a, b)


@mistake(relative_error, "both sums of squares stand under one root: each array has a norm of its own, and these two are added")
def one_root_for_both(a, b):
    size = np.sqrt(np.sum(a**2) + np.sum(b**2))
    return np.linalg.norm(a - b) / size if size else 0.0


@mistake(relative_error, "these are squares: take the square root, as `np.linalg.norm` does, above and below the line")
def squared_norms(a, b):
    return np.sum((a - b) ** 2) / max(np.sum(a**2) + np.sum(b**2), 1e-12)


@mistake(relative_error, "the difference is squared but the root is missing: take norms above and below the line")
def squared_difference(a, b):
    return np.sum((a - b) ** 2) / max(np.linalg.norm(a) + np.linalg.norm(b), 1e-12)


@mistake(relative_error, "this is the largest relative error of a single entry: here one number compares the whole arrays, by their norms")
def worst_entry(a, b):
    return np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))


@mistake(relative_error, "this is the mean of the entries' relative errors: here one number compares the whole arrays, by their norms")
def mean_of_entries(a, b):
    return np.mean(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))


@mistake(relative_error, "this is an error for each entry: take the norm of the whole array, so that a single number comes out")
def each_entry(a, b):
    return np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b))


@mistake(relative_error, "you add absolute values where the Euclidean norm is asked for: the root of the sum of squares, `np.linalg.norm`")
def sum_of_absolute_values(a, b):
    return np.sum(np.abs(a - b)) / max(np.sum(np.abs(a)) + np.sum(np.abs(b)), 1e-12)


@mistake(relative_error, "the norm is taken of the difference of the norms: two arrays can be equally long and point apart, so take a - b first")
def difference_of_norms(a, b):
    return abs(np.linalg.norm(a) - np.linalg.norm(b)) / max(np.linalg.norm(a) + np.linalg.norm(b), 1e-12)
