"""Known mistakes of assignment 05-lstm on the way back, through one step and through time."""

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


def _unroll_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h, wrong={}, carry=_keep, add=np.add, order=reversed, h_prevs=None, c_prevs=None):
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
        return _unroll_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h, wrong)

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


@mistake(lstm_backward, "the output gate hears dhs[t] alone: its gradient takes the whole dh, with what the step after hands back")
def output_gate_hears_own_output_only(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    dh, dc, das = np.zeros_like(h0), np.zeros_like(c0), np.zeros_like(gates)
    for t in reversed(range(len(xs))):
        c_prev, tanh_c = cs[t - 1] if t else c0, np.tanh(cs[t])
        i, f, g, o = np.split(gates[t], 4, axis=-1)
        dc = dc + (dhs[t] + dh) * o * (1 - tanh_c**2)
        parts = [dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g**2), dhs[t] * tanh_c * o * (1 - o)]
        das[t] = np.concatenate(parts, axis=-1)
        dh, dc = das[t] @ W_h.T, dc * f
    h_prevs = np.concatenate([h0[None], hs[:-1]])
    dW_x, dW_h = np.einsum("tnd,tnk->dk", xs, das), np.einsum("tnh,tnk->hk", h_prevs, das)
    return das @ W_x.T, dh, dc, dW_x, dW_h, das.sum(axis=(0, 1))


@mistake(lstm_backward, "`dh` is never handed back: what h_prev did to the gates, `da @ W_h.T`, belongs to the dh of the step before")
def dh_never_carried(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    return _unroll_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h, carry=lambda dh, dc: (0 * dh, dc))


@mistake(lstm_backward, "what a step hands back to the cell is piled up: the next dc_prev replaces the old one, `dc = dc_prev`, it is not `+=`")
def dc_piled_up(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    pile = np.zeros_like(c0)

    def carry(dh, dc):
        nonlocal pile
        pile = pile + dc
        return dh, pile

    dxs, dh0, _, *weights = _unroll_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h, carry=carry)
    return dxs, dh0, pile, *weights


@mistake(lstm_backward, "what the steps hand back to h is piled up: the next dh_prev replaces the old one, `dh = dh_prev`, it is not `+=`")
def dh_piled_up(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    pile = np.zeros_like(h0)

    def carry(dh, dc):
        nonlocal pile
        pile = pile + dh
        return pile, dc

    dxs, _, dc0, *weights = _unroll_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h, carry=carry)
    return dxs, pile, dc0, *weights


@mistake(lstm_backward, "the loop stops before step 0: it is `range(T - 1, -1, -1)`, or `reversed(range(T))`")
def first_step_left_out_on_the_way_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    rest = _unroll_back(dhs[1:], xs[1:], hs[0], cs[0], hs[1:], cs[1:], gates[1:], W_x, W_h) if len(xs) > 1 else _nothing(xs, h0, c0, W_x, W_h)
    return np.concatenate([np.zeros_like(xs[:1]), rest[0]]), *rest[1:]


@mistake(lstm_backward, "the last step is left out: the loop starts at T - 1, with `dhs[T - 1]`")
def last_step_left_out_on_the_way_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    rest = _unroll_back(dhs[:-1], xs[:-1], h0, c0, hs[:-1], cs[:-1], gates[:-1], W_x, W_h) if len(xs) > 1 else _nothing(xs, h0, c0, W_x, W_h)
    return np.concatenate([rest[0], np.zeros_like(xs[:1])]), *rest[1:]


def _nothing(xs, h0, c0, W_x, W_h):
    """What a loop without a single round leaves of gradients that start at zero."""
    return xs[:0], *(np.zeros_like(array) for array in (h0, c0, W_x, W_h, W_h[0]))


@mistake(lstm_backward, "nothing is handed back in time: dh_prev and dc_prev of a step are added to the dh and dc of the step before")
def nothing_carried_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    return _unroll_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h, carry=lambda dh, dc: (0 * dh, 0 * dc))


@mistake(lstm_backward, "the loop runs forward in time: start at the last step, whose gradients the step before needs")
def loop_runs_forward(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    return _unroll_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h, order=iter)


@mistake(lstm_backward, "only the last step's gradient is used: dhs[t] arrives at every step")
def last_dh_only(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    last = np.concatenate([0 * dhs[:-1], dhs[-1:]])
    return _unroll_back(last, xs, h0, c0, hs, cs, gates, W_x, W_h)


@mistake(lstm_backward, "the last step's gradient counts twice: dh starts at zero when dhs[t] is added in every round of the loop")
def last_dh_twice(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    twice = np.concatenate([dhs[:-1], 2 * dhs[-1:]])
    return _unroll_back(twice, xs, h0, c0, hs, cs, gates, W_x, W_h)


@mistake(lstm_backward, "the way back starts with ones: after the last step nothing arrives but dhs[-1], so dh and dc start at zero")
def seeded_with_ones(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    seeded = np.concatenate([dhs[:-1], dhs[-1:] + 1])
    return _unroll_back(seeded, xs, h0, c0, hs, cs, gates, W_x, W_h)


@mistake(lstm_backward, "the weights' gradients are overwritten at every step: the weights are shared, so add up over the steps")
def weights_overwritten(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    return _unroll_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h, add=lambda total, part: part)


@mistake(lstm_backward, "the weights' gradients are divided by the number of steps: they are sums over time")
def weights_divided_by_time(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    *states, dW_x, dW_h, db = lstm_backward(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h)
    return *states, dW_x / len(xs), dW_h / len(xs), db / len(xs)


@mistake(lstm_backward, "the states of step t are taken for those before it: h_prev is `hs[t - 1]`, and c_prev is `cs[t - 1]`")
def new_states_for_the_old(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    return _unroll_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h, h_prevs=[h0, *hs[1:]], c_prevs=[c0, *cs[1:]])


@mistake(lstm_backward, "`h_prev` is taken from step t itself: the state before it is `hs[t - 1]`")
def new_state_for_the_old(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    return _unroll_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h, h_prevs=[h0, *hs[1:]])


@mistake(lstm_backward, "`c_prev` is taken from step t itself: the cell state before it is `cs[t - 1]`")
def new_cell_for_the_old(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    return _unroll_back(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h, c_prevs=[c0, *cs[1:]])


@mistake(lstm_backward, "at the first step h_prev and c_prev wrap around: hs[t - 1] is hs[-1], the last state; it must be h0, and c0 for the cell")
def both_wrap_around(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    return _unroll_back(dhs, xs, hs[-1], cs[-1], hs, cs, gates, W_x, W_h)


@mistake(lstm_backward, "at the first step c_prev wraps around: cs[t - 1] is cs[-1], the last cell state; it must be c0")
def c_wraps_around(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    return _unroll_back(dhs, xs, h0, cs[-1], hs, cs, gates, W_x, W_h)


@mistake(lstm_backward, "at the first step h_prev wraps around: hs[t - 1] is hs[-1], the last state; it must be h0")
def h_wraps_around(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    return _unroll_back(dhs, xs, hs[-1], c0, hs, cs, gates, W_x, W_h)


@mistake(lstm_backward, "`h0` and c0 are taken for zeros: the first step's h_prev and c_prev are what was given")
def starts_taken_for_zeros(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    return _unroll_back(dhs, xs, 0 * h0, 0 * c0, hs, cs, gates, W_x, W_h)


@mistake(lstm_backward, "`c0` is taken for zeros: the first step's c_prev is the c0 that was given")
def c0_taken_for_zeros(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    return _unroll_back(dhs, xs, h0, 0 * c0, hs, cs, gates, W_x, W_h)


@mistake(lstm_backward, "`h0` is taken for zeros: the first step's h_prev is the h0 that was given")
def h0_taken_for_zeros(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    return _unroll_back(dhs, xs, 0 * h0, c0, hs, cs, gates, W_x, W_h)
