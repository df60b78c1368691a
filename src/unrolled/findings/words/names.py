"""Of names that PyTorch has and NumPy has not."""

# What stands for each in NumPy.
_IN_NUMPY = {
    "bmm": "`@`",
    "cat": "`np.concatenate`",
    "chunk": "`np.split`",
    "clamp": "`np.clip`",
    "clone": "`.copy()`",
    "extend": "`np.concatenate`, which makes a new array",
    "contiguous": "nothing",
    "detach": "nothing",
    "expand": "`np.broadcast_to`",
    "mm": "`@`",
    "mul": "`*`",
    "insert": "`np.insert`, which makes a new array",
    "norm": "`np.linalg.norm`",
    "numel": "`.size`",
    "numpy": "nothing",
    "permute": "`.transpose`",
    "pop": "a slice, `a[:-1]`",
    "pow": "`**`",
    "relu": "`np.maximum(a, 0)`",
    "t": "`.T`",
    "unsqueeze": "`[None]` or `[..., None]`",
    "zero_": "`[...] = 0`",
    **{
        name: f"`np.{name}`"
        for name in ("abs", "exp", "log", "maximum", "minimum", "outer", "sqrt", "stack", "tanh", "where")
    },
}


def _tell_name(match, *_):
    """What NumPy has not, and what stands for it."""
    module, name = match.groups()
    whose = "NumPy has no" if module else "an array of NumPy has no"
    instead = _IN_NUMPY.get(name, "")
    said = (
        f": what does this is {instead}" if instead not in ("", "nothing") else ", and needs none" if instead else ""
    )
    return f"{whose} `{'np' if module else ''}.{name}`{said}"


def _tell_argument(match, *_):
    """What NumPy calls an argument of PyTorch's."""
    name = "axis" if match[1] == "dim" else "keepdims"
    return (
        f"this takes no `{match[1]}`: what PyTorch calls so is `{name}` in NumPy; "
        "a function of the course takes the inputs in its first line, and no others"
    )


IN_WORDS = (
    (
        r"'numpy\.ndarray' object has no attribute 'append'",
        "an array does not grow: append to a list, and make an array of it at the end, with `np.stack`",
    ),
    (r"(?:module '(numpy)'|'numpy\.ndarray' object) has no attribute '(\w{1,30})'.*", _tell_name),
    (r".*got an unexpected keyword argument '(dim|keepdim)'.*", _tell_argument),
    (
        r"Type must be a sub-type of ndarray type",
        "NumPy's `.view` takes no shape: what PyTorch calls so is `.reshape` there",
    ),
)
