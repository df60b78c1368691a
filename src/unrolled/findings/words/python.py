"""Of Python: lists that are taken for arrays, single numbers, None, names, brackets."""

import re

# What an array has, and a list has not.
_OF_ARRAYS = (
    "T",
    "argmax",
    "astype",
    "dot",
    "dtype",
    "flatten",
    "max",
    "mean",
    "min",
    "ndim",
    "ravel",
    "reshape",
    "shape",
    "size",
    "std",
    "sum",
    "swapaxes",
    "transpose",
)

_NUMBER = r"(?:int|float|bool|numpy\.(?:float|int)\d+)"


def _tell_unbound(name, line):
    """What a name lacks that is read too early: where a function is called by it, a value has taken its place."""
    if re.search(rf"\b{name}\(", line):
        return (
            f"`{name}` is called here, and this function gives the same name a value of its own, "
            "for which it stands in all lines: call the value otherwise"
        )
    return (
        f"`{name}` is read here before this function has given it a value: does it need one before the loop, "
        "or outside of an `if`, or does the line that gives it stand further below?"
    )


IN_WORDS = (
    (
        r"(?:ufunc 'bitwise_xor' not supported|unsupported operand type\(s\) for \^:).*",
        "`^` is no power in Python: write `**`",
    ),
    (
        r"The truth value of an array with more than one element is ambiguous.*",
        "an array stands where one truth value must, as in `if`, `min` or `max`: `np.where`, "
        "`np.minimum` and `np.maximum` go entry by entry",
    ),
    (
        r"(?:cannot access local variable '(\w+)' where it is not associated with a value|local variable '(\w+)' "
        r"referenced before assignment)",
        lambda match, line, _: _tell_unbound(match[1] or match[2], line),
    ),
    (
        r"(?:Cannot interpret '\d+' as a data type|data type not understood|Field elements must be 2- or 3-tuples, "
        r"got '\d+')",
        "a shape is one bracket, `np.zeros((T, N, H))`: the second argument of `np.zeros` is its dtype",
    ),
    (
        r"(concatenate|stack|hstack|vstack)\(\) takes (?:from 1 to \d|1) positional arguments? but \d+ were given",
        r"arrays to be joined stand in one bracket, `np.\1([a, b])`: each further argument is something else",
    ),
    (r"order must be str, not int", "a shape is one bracket: `np.unravel_index(places, (rows, columns))`"),
    (
        r"concatenate\(\) got multiple values for argument 'axis'",
        "arrays to be joined stand in one bracket, `np.concatenate([a, b], axis=-1)`: "
        "the second argument of `np.concatenate` is the axis",
    ),
    (
        r"'(?:numpy\.)?float\d*' object cannot be interpreted as an integer",
        "a size or a count must be a whole number, and neither `/` nor `np.ceil` makes one: `//` or `int(...)` does",
    ),
    (
        r"can't multiply sequence by non-int of type '(?:numpy\.)?float\d*'",
        "a list or a tuple is not multiplied by a number: multiply each array in it; what returns several results, "
        "as `np.linalg.qr` does, gives a tuple",
    ),
    (
        r"Cannot cast ufunc '\w+' output from dtype\('float\d+'\) to dtype\('(int\d+|bool)'\) with casting rule "
        r"'same_kind'",
        lambda match, *_: (
            f"an array of {'truth values' if match[1] == 'bool' else 'whole numbers'} takes no fractions: "
            "begin with one of floats, as `np.zeros` or `.astype(float)` makes, or make a new one, `a = a / b`"
        ),
    ),
    (
        rf"'(?:list|tuple)' object has no attribute '({'|'.join(_OF_ARRAYS)})'",
        r"a list or a tuple has no `.\1`, an array has: `np.array` makes one of it",
    ),
    (
        r"unsupported operand type\(s\) for (\S+): '[\w.]+' and 'NoneType'|unsupported operand type\(s\) for (\S+): "
        r"'NoneType' and '[\w.]+'",
        lambda match, *_: (
            f"one side of `{match[1] or match[2]}` is None: does a function that you call return nothing, as "
            "`np.add.at`, `.append` and `.sort` do, which change what they are given?"
        ),
    ),
    (
        r"only (0-dimensional|length-1|size-1) arrays can be converted to Python scalars",
        "an array stands where a single number must: `np.exp` takes arrays, `math.exp` does not",
    ),
    (
        r"not enough values to unpack \(expected (\d+), got (\d+)\)",
        r"\1 names stand on the left, and the right side gives \2: has an array's shape fewer axes than names, "
        r"or does a function give fewer results?",
    ),
    (
        r"too many values to unpack \(expected (\d+)(?:, got \d+)?\)",
        lambda match, line, _: (
            f"{match[1]} names stand on the left, and the right side gives more: "
            + (
                "`np.split(a, n)` makes n parts, and cuts at place n where it gets `[n]`: two cuts make three parts"
                if "split(" in line
                else "has an array's shape more axes than names, or does a function give more results?"
            )
        ),
    ),
    (
        r"cannot unpack non-iterable NoneType object|'NoneType' object is not (?:subscriptable|iterable)|object of "
        r"type 'NoneType' has no len\(\)"
        r"|loop of ufunc does not support argument \d of type NoneType which has no callable \w+ method",
        "None stands where an array or several results must: does a function that you call here return nothing?",
    ),
    (
        rf"cannot unpack non-iterable {_NUMBER} object",
        "several names stand on the left, and the right side gives a single number",
    ),
    (
        rf"object of type '{_NUMBER}' has no len\(\)|'{_NUMBER}' object is not iterable",
        "a single number has no length, and a loop cannot go through it: `range(n)` counts up to n, "
        "and `len(a)` is the length of an array's first axis",
    ),
    (
        r"unsupported operand type\(s\) for (?!@)\S+(?: or pow\(\))?: (?:'(?:list|tuple)' and '[\w.]+'|'[\w.]+' and "
        r"'(?:list|tuple)')|bad operand type for unary -: '(?:list|tuple)'"
        r"|can only concatenate (?:list|tuple) \(not .*",
        "a list or a tuple is not calculated with as an array is: `np.array` makes an array of it, "
        "or take its entries one by one",
    ),
    (
        r"'numpy\.ndarray' object is not callable",
        "round brackets stand behind an array, as if it were a function: an index stands in square ones, "
        "a product needs `*` or `@`, and `.T` takes none",
    ),
    (
        rf"'(?:tuple|list|{_NUMBER})' object is not callable",
        "round brackets stand behind what is no function: an index stands in square ones, a product needs `*`, "
        "and `.shape` and `.size` take none",
    ),
    (
        r"'tuple' object cannot be interpreted as an integer|expected a sequence of integers or a single integer, "
        r"got '[\d.]+'",
        "a size must be a whole number, and several go into one bracket only where a shape is asked for: "
        "`np.zeros((N, H))`, but `np.eye(H)`",
    ),
    (
        r"math range error",
        "`math` raises where a number grows beyond all floats: does an exponent grow, "
        "and is there a form in which it is never above 0?",
    ),
    (
        r"math domain error|expected a positive input.*|expected a nonnegative input.*",
        "`math` raises where a function has no value, as the logarithm of 0 has none: is there a case with a 0 in it, "
        "or is a number below 0?",
    ),
    (
        r"(?:float )?division by zero",
        "Python's numbers are not divided by 0: is there a case of which the answer must be given by itself, "
        "as where all is zero or nothing is there?",
    ),
    (
        r"either both or neither of x and y should be given",
        "`np.where` takes three, `np.where(condition, a, b)`: what to choose where the condition holds, "
        "and what elsewhere",
    ),
    (
        r"(?:assignment destination|output array) is read-only",
        "this array may not be changed: make a new one, or change a copy",
    ),
)
