"""Known mistakes of assignment 05-lstm on the way back through one step, alone and in the loop."""

from types import SimpleNamespace

import numpy as np

from unrolled.reference.lstm import lstm_backward, lstm_step_backward, sigmoid
from unrolled.reference.mistakes import mistake
from unrolled.reference.mistakes.lstm import KNOWN_FROM, OTHER_ORDERS

# One step back, alone and in the loop. dc stands for the whole gradient of c, the part through h included.

_BACKWARD = {
    "order": "ifgo",
    "again": {},        # what is done to a gate's block before it is used
    "dc": lambda n: n.dc + n.dh * n.o * (1 - n.tanh_c**2),
    "di": lambda n: n.dc * n.g * n.i * (1 - n.i),
    "df": lambda n: n.dc * n.c_prev * n.f * (1 - n.f),
    "dg": lambda n: n.dc * n.i * (1 - n.g**2),
    "do": lambda n: n.dh * n.tanh_c * n.o * (1 - n.o),
    "da": lambda n: np.concatenate([getattr(n, f"d{gate}") for gate in n.order], axis=-1),
    "dx": lambda n: n.da @ n.W_x.T,
    "dh_prev": lambda n: n.da @ n.W_h.T,
    "dc_prev": lambda n: n.dc * n.f,
    "dW_x": lambda n: n.x.T @ n.da,
    "dW_h": lambda n: n.h_prev.T @ n.da,
    "db": lambda n: n.da.sum(axis=0),
}
_RESULTS = ("dx", "dh_prev", "dc_prev", "dW_x", "dW_h", "db")


def _step_backward(dh, dc, x, h_prev, c_prev, c, gates, W_x, W_h, wrong):
    rules = _BACKWARD | wrong
    n = SimpleNamespace(dh=dh, dc=dc, x=x, h_prev=h_prev, c_prev=c_prev, c=c, W_x=W_x, W_h=W_h, order=rules.pop("order"))
    again = rules.pop("again")
    for gate, block in zip(n.order, np.split(gates, 4, axis=-1), strict=True):
        setattr(n, gate, again[gate](block) if gate in again else block)
    n.dc_given, n.tanh_c = dc, np.tanh(c)
    n.h = n.o * n.tanh_c
    for name, rule in rules.items():
        setattr(n, name, rule(n))
    return tuple(getattr(n, name) for name in _RESULTS)


def _keep(dh, dc):
    return dh, dc


def unroll_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h, wrong={}, carry=_keep, add=np.add, order=reversed, h_prevs=None, c_prevs=None):
    """The step back over a sequence; carry says what of dh_prev and dc_prev reaches the step before."""
    dh, dc = np.zeros_like(h0), np.zeros_like(c0)
    dxs, sums = np.zeros_like(xs), [0, 0, 0]
    h_prevs, c_prevs = h_prevs or [h0, *hs[:-1]], c_prevs or [c0, *cs[:-1]]
    for t in order(range(len(xs))):
        dxs[t], dh_prev, dc_prev, *weights = _step_backward(
            dhs[t] + dh, dc, xs[t], h_prevs[t], c_prevs[t], cs[t], gates[t], W_x, W_h, wrong
        )
        dh, dc = carry(dh_prev, dc_prev)
        sums = [add(total, part) for total, part in zip(sums, weights, strict=True)]
    return dxs, dh_prev, dc_prev, *sums


def _wrong_backward(name, sentence, **wrong):
    """Make a wrong step back known, and the sequence function that has it in its loop."""

    def step(dh, dc, x, h_prev, c_prev, c, gates, W_x, W_h):
        return _step_backward(dh, dc, x, h_prev, c_prev, c, gates, W_x, W_h, wrong)

    def sequence(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
        return unroll_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h, wrong)

    step.__name__, sequence.__name__ = name, f"{name}_in_the_loop"
    mistake(lstm_step_backward, sentence)(step)
    mistake(lstm_backward, sentence)(sequence)


_wrong_backward(
    "way_through_h_forgotten",
    "the cell's gradient through h is forgotten: `dc = dc + dh * o * (1 - np.tanh(c)**2)`",
    dc=lambda n: n.dc,
)
_wrong_backward(
    "incoming_dc_forgotten",
    "the gradient dc that comes back from the next step's cell is forgotten: `dc = dc + dh * o * (1 - np.tanh(c)**2)`",
    dc=lambda n: n.dh * n.o * (1 - n.tanh_c**2),
)
_wrong_backward(
    "slope_at_c_itself",
    "the slope of tanh is taken as `1 - c**2`: it is `1 - np.tanh(c)**2`, since c is what goes into tanh",
    dc=lambda n: n.dc + n.dh * n.o * (1 - n.c**2),
)
_wrong_backward(
    "slope_of_cell_forgotten",
    "the slope of `tanh(c)` is forgotten: `dc = dc + dh * o * (1 - np.tanh(c)**2)`",
    dc=lambda n: n.dc + n.dh * n.o,
)
_wrong_backward(
    "output_gate_forgotten",
    "the output gate is forgotten on the way from h to c: `dc = dc + dh * o * (1 - np.tanh(c)**2)`",
    dc=lambda n: n.dc + n.dh * (1 - n.tanh_c**2),
)
_wrong_backward(
    "cell_taken_for_shown_without_tanh",
    "this is the way back of `h = o * c`: here `h = o * tanh(c)`, so dc takes `dh * o * (1 - np.tanh(c)**2)` and the output gate `dh * np.tanh(c)`",
    dc=lambda n: n.dc + n.dh * n.o,
    do=lambda n: n.dh * n.c * n.o * (1 - n.o),
)
_wrong_backward(
    "cell_taken_for_its_tanh",
    "`c` is taken for `tanh(c)`: the slope on the way from h to c is `1 - np.tanh(c)**2`, and the output gate's gradient takes `np.tanh(c)`",
    dc=lambda n: n.dc + n.dh * n.o * (1 - n.c**2),
    do=lambda n: n.dh * n.c * n.o * (1 - n.o),
)
_wrong_backward(
    "old_cell_for_the_new",
    "tanh is taken of the old cell state: h shows the new one, so it is `np.tanh(c)`, not `np.tanh(c_prev)`",
    dc=lambda n: n.dc + n.dh * n.o * (1 - np.tanh(n.c_prev) ** 2),
    do=lambda n: n.dh * np.tanh(n.c_prev) * n.o * (1 - n.o),
)
_wrong_backward(
    "slope_of_cell_without_square",
    "the square is missing: the slope of `tanh(c)` is `1 - np.tanh(c)**2`",
    dc=lambda n: n.dc + n.dh * n.o * (1 - n.tanh_c),
)
for _name, _rule in {
    "whole_dc_through_tanh": lambda n: (n.dc + n.dh * n.o) * (1 - n.tanh_c**2),
    "whole_dc_through_output_gate": lambda n: (n.dc + n.dh) * n.o * (1 - n.tanh_c**2),
}.items():
    _wrong_backward(
        _name,
        "the dc that arrives goes through the step's output too: only dh comes that way, `dc = dc + dh * o * (1 - np.tanh(c)**2)`",
        dc=_rule,
    )
_wrong_backward(
    "tanh_of_tanh",
    "tanh is taken twice in the slope of `tanh(c)`: it is `1 - np.tanh(c)**2`",
    dc=lambda n: n.dc + n.dh * n.o * (1 - np.tanh(n.tanh_c) ** 2),
)
_wrong_backward(
    "slope_with_the_square_outside",
    "the square stands outside the bracket: the slope of `tanh(c)` is `1 - np.tanh(c)**2`, not `(1 - np.tanh(c))**2`",
    dc=lambda n: n.dc + n.dh * n.o * (1 - n.tanh_c) ** 2,
)
_wrong_backward(
    "dc_prev_not_gated",
    "`dc_prev` goes back without the forget gate: `dc_prev = dc * f`",
    dc_prev=lambda n: n.dc,
)
for _name, _way in {"dc_gated_too_early": lambda n: n.dc, "dc_gated_twice": lambda n: n.dc * n.f}.items():
    _wrong_backward(
        _name,
        "the dc that arrives is multiplied by this step's f: the step after has done that with its own; here f comes last, `dc_prev = dc * f`",
        dc=lambda n: n.dc * n.f + n.dh * n.o * (1 - n.tanh_c**2),
        dc_prev=_way,
    )
_wrong_backward(
    "dc_prev_by_input_gate",
    "`dc_prev` goes back through the input gate: what c_prev was multiplied by is f, so `dc_prev = dc * f`",
    dc_prev=lambda n: n.dc * n.i,
)
_wrong_backward(
    "dc_prev_without_h",
    "`dc_prev` is made of the dc that arrived: it also takes the part of dc that came through h",
    dc_prev=lambda n: n.dc_given * n.f,
)
_wrong_backward(
    "forget_gate_saw_new_cell",
    "the forget gate's gradient takes the new cell state: f multiplied c_prev, so it is `dc * c_prev`",
    df=lambda n: n.dc * n.c * n.f * (1 - n.f),
)
_wrong_backward(
    "output_gate_saw_bare_cell",
    "the output gate's gradient takes c: o multiplied `tanh(c)`, so it is `dh * np.tanh(c)`",
    do=lambda n: n.dh * n.c * n.o * (1 - n.o),
)
_wrong_backward(
    "output_gate_saw_hidden_state",
    "the output gate's gradient takes `tanh(h)`: o multiplied `tanh(c)`, so it is `dh * np.tanh(c)`",
    do=lambda n: n.dh * np.tanh(n.h) * n.o * (1 - n.o),
)
_wrong_backward(
    "output_gate_saw_h",
    "the output gate's gradient takes h: o multiplied `tanh(c)`, so it is `dh * np.tanh(c)`",
    do=lambda n: n.dh * n.h * n.o * (1 - n.o),
)
_wrong_backward(
    "output_gate_from_dc",
    "the output gate's gradient takes dc: o acts on h alone, so it is `dh * np.tanh(c)`",
    do=lambda n: n.dc * n.tanh_c * n.o * (1 - n.o),
)
_wrong_backward(
    "own_gate_in_place_of_partner",
    "`i` and g are mixed up: in `i * g` each one's gradient takes the other, `dc * g` for i and `dc * i` for g",
    di=lambda n: n.dc * n.i * n.i * (1 - n.i),
    dg=lambda n: n.dc * n.g * (1 - n.g**2),
)
_wrong_backward(
    "brackets_forgotten",
    "brackets are missing: `i * (1 - i)` and its like multiply both parts of dc, so compute `dc + dh * o * (1 - np.tanh(c)**2)` first",
    di=lambda n: n.dc_given * n.g + (n.dc - n.dc_given) * n.g * n.i * (1 - n.i),
    df=lambda n: n.dc_given * n.c_prev + (n.dc - n.dc_given) * n.c_prev * n.f * (1 - n.f),
    dg=lambda n: n.dc_given * n.i + (n.dc - n.dc_given) * n.i * (1 - n.g**2),
)
_wrong_backward(
    "sigmoid_slopes_forgotten",
    "the slopes of the three sigmoids are forgotten: multiply by `s * (1 - s)`, with s the gate",
    di=lambda n: n.dc * n.g,
    df=lambda n: n.dc * n.c_prev,
    do=lambda n: n.dh * n.tanh_c,
)
_wrong_backward(
    "slopes_of_tanh_for_the_gates",
    "the gates' slopes are those of tanh: i, f and o are sigmoids, so they are `s * (1 - s)`, with s the gate",
    di=lambda n: n.dc * n.g * (1 - n.i**2),
    df=lambda n: n.dc * n.c_prev * (1 - n.f**2),
    do=lambda n: n.dh * n.tanh_c * (1 - n.o**2),
)
_wrong_backward(
    "slopes_without_their_first_factor",
    "the slopes of the three sigmoids lack a factor: they are `s * (1 - s)`, with s the gate, not `1 - s`",
    di=lambda n: n.dc * n.g * (1 - n.i),
    df=lambda n: n.dc * n.c_prev * (1 - n.f),
    do=lambda n: n.dh * n.tanh_c * (1 - n.o),
)
for _gate, _rule in {
    "i": lambda n: n.dc * n.g, "f": lambda n: n.dc * n.c_prev, "o": lambda n: n.dh * n.tanh_c,
}.items():
    _wrong_backward(
        f"slope_of_{_gate}_forgotten",
        f"the slope of the gate {_gate} is forgotten: multiply by `{_gate} * (1 - {_gate})`",
        **{f"d{_gate}": _rule},
    )
for _name, _rule in {
    "without_square": lambda n: n.dc * n.i * (1 - n.g), "with_square_outside": lambda n: n.dc * n.i * (1 - n.g) ** 2,
}.items():
    _wrong_backward(
        f"candidate_slope_{_name}",
        "the slope of the candidate's tanh is `1 - g**2`: there the square belongs, and nowhere else",
        dg=_rule,
    )
_wrong_backward(
    "candidate_slope_forgotten",
    "the slope of the candidate's tanh is forgotten: multiply by `1 - g**2`",
    dg=lambda n: n.dc * n.i,
)
_wrong_backward(
    "all_slopes_forgotten",
    "the gradients stop at the activated gates: go on through the activations, `s * (1 - s)` for i, f, o and `1 - g**2` for g",
    di=lambda n: n.dc * n.g,
    df=lambda n: n.dc * n.c_prev,
    dg=lambda n: n.dc * n.i,
    do=lambda n: n.dh * n.tanh_c,
)
_wrong_backward(
    "activated_again",
    "the gates are activated a second time: `gates` already went through sigmoid and tanh, so the slopes are `s * (1 - s)` and `1 - g**2`",
    di=lambda n: n.dc * n.g * sigmoid(n.i) * (1 - sigmoid(n.i)),
    df=lambda n: n.dc * n.c_prev * sigmoid(n.f) * (1 - sigmoid(n.f)),
    dg=lambda n: n.dc * n.i * (1 - np.tanh(n.g) ** 2),
    do=lambda n: n.dh * n.tanh_c * sigmoid(n.o) * (1 - sigmoid(n.o)),
)
_AGAIN = "the gates are activated a second time: `gates` already went through sigmoid, so take them as they are, with the slope `s * (1 - s)`"
_wrong_backward(
    "sigmoids_activated_again",
    _AGAIN,
    di=lambda n: n.dc * n.g * sigmoid(n.i) * (1 - sigmoid(n.i)),
    df=lambda n: n.dc * n.c_prev * sigmoid(n.f) * (1 - sigmoid(n.f)),
    do=lambda n: n.dh * n.tanh_c * sigmoid(n.o) * (1 - sigmoid(n.o)),
)
for _name, _again in {"sigmoids": dict.fromkeys("ifo", sigmoid), "gates": dict.fromkeys("ifo", sigmoid) | {"g": np.tanh}}.items():
    _wrong_backward(f"{_name}_activated_again_and_used", _AGAIN, again=_again)
_wrong_backward(
    "candidate_activated_again",
    "tanh is taken of the candidate again: g went through tanh already, so its slope is `1 - g**2`",
    dg=lambda n: n.dc * n.i * (1 - np.tanh(n.g) ** 2),
)
_wrong_backward(
    "candidate_slope_of_sigmoid",
    "the candidate's slope is that of a sigmoid: g is a tanh, so it is `1 - g**2`",
    dg=lambda n: n.dc * n.i * n.g * (1 - n.g),
)
_wrong_backward(
    "order_figo_on_the_way_back",
    "your forget gate and input gate are swapped on the way back: the blocks stand in the order i|f|g|o",
    order="figo",
)
for _order in OTHER_ORDERS:
    _wrong_backward(
        f"order_{_order}_on_the_way_back",
        f"you take the blocks apart in the order {'|'.join(_order)}{KNOWN_FROM.get(_order, '')}: here `gates` and the weights have PyTorch's, i|f|g|o",
        order=_order,
    )
for _order, _from in {"ifog": ", as in CS231n", "figo": ""}.items():
    _wrong_backward(
        f"gates_read_in_order_{_order}",
        f"`gates` is taken apart in the order {'|'.join(_order)}{_from}: its blocks stand i|f|g|o",
        order=_order,
        da=lambda n: np.concatenate([n.di, n.df, n.dg, n.do], axis=-1),
    )
_wrong_backward(
    "gradients_in_order_ifog",
    "the gradients of the gates are put together in the order i|f|o|g: the columns of W_x, W_h and b are i|f|g|o",
    da=lambda n: np.concatenate([n.di, n.df, n.do, n.dg], axis=-1),
)
_wrong_backward(
    "gradients_in_order_figo",
    "the gradients of the gates are put together in the order f|i|g|o: the columns of W_x, W_h and b are i|f|g|o",
    da=lambda n: np.concatenate([n.df, n.di, n.dg, n.do], axis=-1),
)
_wrong_backward(
    "dW_h_from_new_state",
    "`dW_h` takes the state that the step made: W_h multiplied the state before it, so `dW_h = h_prev.T @ da`",
    dW_h=lambda n: n.h.T @ n.da,
)
_wrong_backward(
    "dW_h_from_cell",
    "`dW_h` takes the cell state: W_h multiplied h_prev, so `dW_h = h_prev.T @ da`",
    dW_h=lambda n: n.c_prev.T @ n.da,
)
_wrong_backward(
    "weights_divided_by_batch",
    "the weights' gradients are divided by the batch size N: the loss has already settled that, here they are sums",
    dW_x=lambda n: n.x.T @ n.da / len(n.x),
    dW_h=lambda n: n.h_prev.T @ n.da / len(n.x),
    db=lambda n: n.da.mean(axis=0),
)


def _wrong_sum(heard, why):
    """dx and dh_prev as sums over some of the gates."""

    def heard_only(n):
        return np.concatenate([getattr(n, f"d{gate}") * (gate in heard) for gate in n.order], axis=-1)

    _wrong_backward(
        f"only_{heard}_heard",
        f"`dx` and dh_prev hear {' and '.join(filter(None, [', '.join(heard[:-1]), heard[-1]]))} alone: all four gates read x and h_prev, so add all four{why}",
        dx=lambda n: heard_only(n) @ n.W_x.T,
        dh_prev=lambda n: heard_only(n) @ n.W_h.T,
    )


for _heard in ("if", "fg"):     # where Python takes the second line for a statement of its own
    _wrong_sum(_heard, " (a sum that runs over two lines needs brackets)")
for _heard in ("i", "o", "ifg", "ifo"):
    _wrong_sum(_heard, "")
