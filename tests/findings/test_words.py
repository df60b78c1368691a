"""What NumPy and Python say of an error is told in words that help: each row is an expression that really raises,
and what is said."""

import math

import numpy as np
import pytest

from unrolled.findings.words import error_in_words
from unrolled.quoting import quoted

SCOPE = {
    "np": np, "math": math, "nothing": None, "n": 3, "mean": np.float64(0.5), "pair": (1.0, 2.0), "numbers": [1.0, 2.0],
    "x": np.zeros((4, 5, 6)), "a": np.zeros((5, 6)), "v": np.zeros(6), "mask": np.ones((4, 5)),
}
ERRORS = [
    # shapes
    ("a.reshape(7, -1)", "this one has 30, and that is no multiple of 7"),
    ("a.reshape(5, 7)", "this one has 30, and that does not fill (5, 7), which holds 35"),
    ("v.reshape(5)", "does not fill (5,), which holds 5"),
    ("np.concatenate([a, v])", "here one has 2 and another 1: `.ravel()`"),
    ("np.concatenate([a[:, :4], a])", "on axis 1 these have 4 and 6: join them along that one, `np.concatenate(..., axis=1)`, if all others are alike"),
    ("np.concatenate([a, a[2:-0]], axis=1)", "these have 5 and 0: an array with an axis of length 0 is empty"),
    ("np.concatenate([mean, mean])", "a single number stands among these"),
    ("a.sum(axis=2)", "there is no axis 2: this array has 2 axes, and the last of them is axis 1"),
    ("v.sum(axis=1)", "this array has one axis, which is axis 0"),
    ("np.asarray(mean).sum(axis=1)", "a single number has no axes, so there is no axis 1"),
    ("x.transpose(0, 1)", "the place of each axis once"),
    ("np.squeeze(a, axis=0)", "takes away an axis of length 1"),
    ("np.where(mask, x[:, 0, 0], 0)", "shapes (4,5) (4,): the last axes are held together first; a vector with a number for each row is made a column by `[:, None]`"),
    ("np.where(mask.T, a[None, :, :4].transpose(0, 2, 1), 0)", "shapes (5,4) (1,4,5): the last two axes of one stand the other way round"),
    ("a + a @ v", "`@` sums over the last axis of what stands left of it; what goes entry by entry is `*`"),
    ("a @ a.T[:, 6:].T", "the rows of left are 6 long and the columns of right 0: an array with an axis of length 0 is empty"),
    ("a.T @ np.diag(a @ a.T[:, :4])", "the columns of right 4: `np.diag` takes the diagonal out of a matrix"),
    ("np.tensordot(a, a[:-0], axes=([0], [0]))", "in `np.tensordot` the axes that are summed over are equally long in both"),
    ("np.linalg.lstsq(a, v, rcond=None)", "A has one row for each number of b"),
    ("v[2:] * v[:3]", "one that reaches over the end of an array is cut short there"),
    ("np.unravel_index(31, (4, 4))", "one of that shape has 16 places, none with the number 31"),
    ("np.diag(a @ a.T) * v", "`np.diag` takes the diagonal out of a matrix"),
    ("np.hstack([x, x]) * mask[..., None]", "`np.hstack` joins such arrays along axis 1 and `np.vstack` along axis 0"),
    ("x * mask", "(4,5,6) (4,5): the last axes are held together first; `[..., None]` adds one at the end"),
    ("exec('s = a.copy(); s[a >= 0] = a')", "pick there too, as in `s[mask] = a[mask]`"),
    ("exec('s = a.copy(); s[a >= 0] = v')", "pick there too, as in `s[mask] = a[mask]`"),
    ("exec('s = a.copy(); s[[0, 1]] = a[:3]')", "an array (3,6) is put into a place for one of (2,6)"),
    ("np.einsum('nd,dh->nh', x, a)", "each axis of an array has its letter"),
    ("np.einsum('ndk,dh->nh', a, a)", "each axis of an array has its letter"),
    ("np.einsum('nd,nh->nk', a, a)", "the letter k stands behind the arrow, and before it nowhere"),
    ("np.einsum('nd,dh->nh', a)", "one array for each group of letters"),
    ("np.max(v[3:3])", "the largest or smallest of nothing is asked for"),
    ("np.argmax(v[3:3])", "the largest or smallest of nothing is asked for"),
    ("np.linalg.qr(v)", "this takes a matrix, an array with two axes"),
    ("np.diag(x)", "this takes a matrix, an array with two axes"),
    ("np.searchsorted(a, 0.5)", "take one row at a time"),
    ("np.bincount([0, 1, 0, 1, 0], weights=a)", "`np.bincount` takes one weight for each number"),
    ("a + np.zeros(30)", "one has all numbers of the other in a row"),
    ("x[1:] * x", "on axis 0 one is longer by one"),
    ("x - x.max(axis=1)", "axis 1 is not in both; `keepdims=True` keeps one that is summed over, if it is the right axis"),
    ("a - a.sum(axis=1)", "the last axis is not in both; `keepdims=True` keeps one that is summed over, `[..., None]` adds one at the end"),
    ("x / x.sum(axis=2)[:, None]", "the axis of length 1 is axis 1, and the two go together where it is axis 2, as `keepdims=True` leaves it"),
    ("x + x.transpose(0, 2, 1)", "axes 1 and 2 of one stand the other way round in the other"),
    ("exec('s = v.copy(); s += a')", "what comes of it is (5,6): is a sum over axis 0 missing?"),
    ("exec('s = v.copy(); s += v[:, None]')", "the array keeps its shape, `a = a + b` makes a new one"),
    ("np.tensordot(a, a, axes=2)[:, v] if False else np.tensordot(x, x, axes=2)", "`axes=2` takes the last two of one and the first two of the other"),
    ("np.linalg.solve(np.eye(4), v)", "in `np.linalg.solve(A, b)` b has as many rows as A, and here it has 6 and A 4"),
    ("np.linalg.solve(np.eye(4), v[:0])", "it has 0 and A 4: an array with an axis of length 0 is empty"),
    ("a * mask @ v", "`*` and `@` are done from left to right"),
    ("np.stack([])", "as with one layer alone there is none above it"),
    ("exec('m = a > 0; m /= 2')", "an array of truth values takes no fractions"),
    ("exec('m = np.arange(3); m += 0.5')", "an array of whole numbers takes no fractions"),
    ("exec('one, two = np.split(a, 3, axis=1)')", "`np.split(a, n)` makes n parts"),
    ("np.take_along_axis(a, np.zeros(5, int), axis=1)", "need as many axes as the array"),
    # indices
    ("a[:mask.sum() / 2]", "the bounds of a slice must be whole numbers"),
    ("a[1.0]", "must be whole numbers, slices or truth values"),
    ("a[mask[:, 0]]", "`mask == 1` makes truth values of a mask, and `.astype(int)` makes places whole numbers"),
    ("numbers[v.astype(int)]", "a list is indexed by one number at a time"),
    ("range(v.astype(int))", "as in `range`, a shape or an axis"),
    ("np.concatenate(a, a)", "arrays to be joined stand in one bracket"),
    ("[numbers][2]", "or what the index is reckoned from, go too far"),
    ("exec('s = np.zeros((5, 6)); s[:4] = a[3:0:-1]')", "one that goes back to `0` leaves out place 0"),
    ("np.concatenate(a, a, a, a)", "`np.concatenate([a, b])`: each further argument is something else"),
    ("np.vstack(a, a)", "`np.vstack([a, b])`: each further argument is something else"),
    ("np.abs(np.linalg.eig(a @ a.T))", "does a function give several results, of which one is meant"),
    ("np.tanh(a, v)", "`np.tanh` puts its result into the last array that it is given, which is (6,)"),
    ("[a] + x[:, :4]", "a list and an array are added entry by entry: `[a, *b]` joins them"),
    ("x[0] + v[:4]", "operands could not be broadcast together with shapes (5,6) (4,)"),
    ("np.unravel_index(3, 4, 5)", "a shape is one bracket: `np.unravel_index(places, (rows, columns))`"),
    ("x.reshape(20, 6)[np.arange(20), mask.astype(int)]", "one has all places of the other in a row, as `.reshape(-1)` lays them"),
    ("np.dot([1.0, 2.0, 3.0], pair)", "in `np.dot(a, b)` two arrays with one axis, or lists, are equally long, and these have 3 and 2 places"),
    ("np.linalg.lstsq(v, a, rcond=None)", "`np.linalg.lstsq(A, b)` takes the matrix first"),
    ("np.add.at(a, a, a)", "takes the array that is added to, then the places, then what is added"),
    ("numbers[1.0]", "must be whole numbers, slices or truth values"),
    ("v[0, 0]", "this one has 1 of them and is given 2 indices"),
    ("a[mask > 0]", "a mask is as long as what it picks from, and on axis 0 these have 4 and 5"),
    ("a[[0, 1], [0, 1, 2]]", "have one shape, and these are (2,), (3,)"),
    ("x[np.arange(4), np.arange(5), mask.astype(int)]", "and these are (4,), (5,), (4,5): each place of one meets each of another"),
    ("mean[0]", "a single number, which has no places"),
    ("n[0]", "a single number, which has no places"),
    ("exec('pair[0] = 3.0')", "the entries of a tuple cannot be changed"),
    ("math.exp[0]", "a function is called with round brackets"),
    ("np.tanh[a]", "a function is called with round brackets"),
    ("np.argpartition(v, 9)", "there is no place 9 among 6"),
    # Python
    ("exec('T, N, D = a.shape')", "3 names stand on the left, and the right side gives 2"),
    ("exec('N, D = x.shape')", "2 names stand on the left, and the right side gives more"),
    ("exec('h, c = nothing')", "None stands where an array or several results must"),
    ("nothing[0]", "None stands where an array or several results must"),
    ("np.tanh(nothing)", "None stands where an array or several results must"),
    ("exec('h, c = mean')", "the right side gives a single number"),
    ("len(n)", "`range(n)` counts up to n"),
    ("[i for i in n]", "`range(n)` counts up to n"),
    ("numbers - numbers", "is not calculated with as an array is"),
    ("1.0 + numbers", "is not calculated with as an array is"),
    ("numbers + 1.0", "is not calculated with as an array is"),
    ("-pair", "is not calculated with as an array is"),
    ("numbers ** 2", "is not calculated with as an array is"),
    ("a(0)", "round brackets stand behind an array"),
    ("a.T()", "`.T` takes none"),
    ("a.shape(0)", "`.shape` and `.size` take none"),
    ("np.eye((5, 6))", "but `np.eye(H)`"),
    ("math.log(0)", "the logarithm of 0 has none"),
    ("exec('def f():\\n    total += 1\\nf()')", "`total` is read here before this function has given it a value"),
    ("exec('def f():\\n    max = max(1, 2)\\nf()')", "`max` is called here, and this function gives the same name a value of its own"),
    ("math.exp(1000)", "an exponent"),
    ("1.0 / 0", "Python's numbers are not divided by 0"),
    ("np.where(a > 0, a)", "`np.where` takes three"),
    ("exec('r = a.copy(); r.flags.writeable = False; r += 1')", "this array may not be changed"),
    # names
    ("np.cat([a, a])", "what does this is `np.concatenate`"),
    ("a.unsqueeze(0)", "what does this is `[None]`"),
    ("a.detach()", "an array of NumPy has no `.detach`, and needs none"),
    ("np.softmax(a)", "NumPy has no `np.softmax`"),
    ("a.append(v)", "an array does not grow"),
    ("a.view(30, 1)", "is `.reshape` there"),
    ("a.sum(dim=1)", "what PyTorch calls so is `axis`"),
    ("np.sum(a, axis=1, keepdim=True)", "what PyTorch calls so is `keepdims`"),
]


def message_of(expression):
    """The first line of what an expression raises."""
    with pytest.raises(Exception) as raised:
        eval(expression, dict(SCOPE))
    return str(raised.value).partition("\n")[0]


@pytest.mark.parametrize("expression, words", ERRORS)
def test_an_error_is_told_in_words_that_help(expression, words):
    assert words in error_in_words(message_of(expression), expression)


@pytest.mark.parametrize(
    ("letters", "words"),
    [
        ({5: ["N"], 6: ["H"]}, "is a sum over the batch missing?"),
        ({5: ["T"], 6: ["H"]}, "is a sum over the steps missing?"),
    ],
)
def test_the_letter_of_what_is_added_too_much_tells_which_sum_is_missing(letters, words):
    added = "exec('s = v.copy(); s += a')"
    assert words in error_in_words(message_of(added), added, letters)


@pytest.mark.parametrize("expression", ["undefined", "np.outer(a)", "{'a': 1}['b']", "exec('raise ValueError(chr(34) + str(n))')"])
def test_what_python_says_well_enough_or_a_student_says_is_quoted(expression):
    text = message_of(expression)
    assert error_in_words(text) == quoted(text)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("np.concatenate([a, a[:, 1:]])", "join them along that one, `np.concatenate(..., axis=1)`, if all others are alike; arrays"),
        ("np.concatenate([a, a[:, 3:]])", "on axis 1 these have 6 and 3: does a slice begin or end too early in one of them, or is one made too long?"),
    ],
)
def test_arrays_are_joined_elsewhere_only_where_both_lengths_have_letters(expression, words):
    assert words in error_in_words(message_of(expression), expression, {6: ["H"], 5: ["D"]})


def test_two_lengths_with_letters_are_not_said_to_differ_by_a_step():
    assert "longer by one" not in error_in_words(message_of("x[1:] * x"), "x[1:] * x", {4: ["N"], 3: ["D"]})
    assert "longer by one" in error_in_words(message_of("x[1:] * x"), "x[1:] * x", {4: ["T"]})
