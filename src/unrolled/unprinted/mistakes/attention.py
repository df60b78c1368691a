"""Known mistakes of assignment 08-attention in additive attention and its way back."""

from unrolled.mistakes.attention import add_mistakes_of_averaging
from unrolled.mistakes.attention_backward import DSCORES, add_mistakes_of_averaging_backward
from unrolled.mistakes.edits import edit, variants
from unrolled.unprinted.attention import additive_attention_backward, additive_attention_forward

HIDDEN = "hidden = np.tanh(from_queries[:, None] + from_keys)"
SCORES = 'scores = np.einsum("utnk,k->unt", hidden, w)'

# The net that gives the scores: the same on the way forward and where the way back computes it again.
for _attention in (additive_attention_forward, additive_attention_backward):
    variants(_attention, HIDDEN, {
        "hidden = from_queries[:, None] + from_keys":
            "tanh is left out of the net: without it a query adds the same to all its scores, "
            "and softmax does not see it",
        "hidden = np.tanh(from_queries[:, None] * from_keys)":
            "query and key are multiplied in the net: their products with W_q and W_k are added, "
            "which is why it is called additive",
        "hidden = np.tanh(from_queries)[:, None] * np.tanh(from_keys)":
            "query and key go through tanh each by itself and are multiplied: "
            "their products with W_q and W_k are added, and tanh is taken of the sum",
        "hidden = 1 / (1 + np.exp(-(from_queries[:, None] + from_keys)))":
            "the net's hidden layer is a sigmoid: here it is tanh",
        "hidden = np.maximum(from_queries[:, None] + from_keys, 0)": "the net's hidden layer is ReLU: here it is tanh",
        "hidden = np.tanh(np.repeat(from_queries[:, None], len(keys), axis=1))":
            "the keys are not used: they are added inside tanh, `keys @ W_k`",
    })
    for _name, _new in {
        "left_out": "hidden = np.tanh(np.broadcast_to(from_keys, (len(queries), *from_keys.shape)))",
        "apart": "hidden = np.tanh(from_queries)[:, None] + np.tanh(from_keys)",
    }.items():
        edit(
            _attention, HIDDEN, _new,
            "the query makes no difference: it is added to the key's part inside tanh, "
            "else it adds the same to all its scores, or nothing",
            name=f"query_{_name}",
        )

variants(additive_attention_forward, SCORES, {
    "scores = np.tanh((from_queries[:, None] + from_keys) * w).sum(axis=-1).swapaxes(1, 2)":
        "`w` is multiplied inside tanh: it multiplies the hidden layer after tanh, `hidden @ w`",
    "scores = hidden.sum(axis=-1).swapaxes(1, 2)": "`w` is left out of the scores: they are `hidden @ w`",
    f"{SCORES} / len(w)": "the score is a mean over the hidden units: it is their sum, each times its entry of w",
    f"{SCORES} / queries.shape[-1] ** 0.5":
        "the scores are divided by `np.sqrt(H)`: that belongs to products of queries and keys, "
        "here nothing is divided",
    f"{SCORES} / len(w) ** 0.5":
        "the scores are divided by the root of K: scaling belongs to products of queries and keys, "
        "here nothing is divided",
    'scores = np.tanh(np.einsum("utnk,k->unt", hidden, w))':
        "the score itself goes through tanh: only the hidden layer does",
    "scores = (hidden @ w).reshape(len(queries), queries.shape[1], len(keys))":
        "the axes of time and batch are exchanged by `reshape`, which mixes the sequences: "
        "`swapaxes` or `transpose` exchanges two axes",
})
add_mistakes_of_averaging(additive_attention_forward)

# The way back.

DW = 'dw = np.einsum("unt,utnk->k", dscores, hidden)'
DHIDDEN = 'dhidden = np.einsum("unt,k->utnk", dscores, w)'
DA = "da = dhidden * (1 - hidden**2)"
TO_QUERIES = "to_queries = da.sum(axis=1)"
TO_KEYS = "to_keys = da.sum(axis=0)"
DW_Q = 'dW_q = np.einsum("unh,unk->hk", queries, to_queries)'
DW_K = 'dW_k = np.einsum("tnd,tnk->dk", keys, to_keys)'

add_mistakes_of_averaging_backward(additive_attention_backward)
edit(
    additive_attention_backward, DSCORES, f"{DSCORES}\ndscores = dscores.reshape(hidden.shape[:3]).swapaxes(1, 2)",
    "the axes of time and batch are exchanged by `reshape`, which mixes the sequences: "
    "`swapaxes` or `transpose` exchanges two axes",
)
for _result, _to in {"dqueries": "to_queries @ W_q.T", "dkeys": "to_keys @ W_k.T"}.items():
    edit(
        additive_attention_backward, f"{_result} = {_to}", f"{_result} = {_to.split(' @')[0]}",
        f"`{_result}` ends at the hidden layer, with its K units: "
        f"from there it goes back through `{_to.split('@ ')[1]}`",
    )
variants(additive_attention_backward, DW, {
    'dw = np.einsum("unt,utnk->k", weights, hidden)':
        "`dw` takes the weights: it is the sum of the hidden layers, each times the gradient of its score",
    'dw = np.einsum("unt,utnk->k", dscores, 1 - hidden**2)':
        "`dw` takes the slope of tanh: w multiplied the hidden layer itself, so it is the sum of `hidden`, "
        "each times the gradient of its score",
    "dw = dscores.sum() * np.ones_like(w)":
        "`dw` does not see the hidden layer: it is the sum of `hidden`, each times the gradient of its score",
    f"{DW} / queries.shape[1]": "`dw` is averaged over the batch: the loss has already settled that, here it is a sum",
    f"{DW} / len(queries)": "`dw` is averaged over the queries: the net served each of them, so their parts add up",
})
variants(additive_attention_backward, DHIDDEN, {
    'dhidden = np.einsum("unt,k->utnk", dscores, np.ones_like(w))':
        "`w` is forgotten on the way back to the hidden layer: each unit was multiplied by its entry of w",
    'dhidden = np.einsum("unt,k->utnk", dweights, w)':
        "the way back to the hidden layer leaves softmax out: it takes the gradients of the scores, "
        "not those of the weights",
    f"{DHIDDEN} / queries.shape[-1] ** 0.5":
        "the gradients are divided by `np.sqrt(H)`: that belongs to products of queries and keys, "
        "here nothing was divided",
})
variants(additive_attention_backward, DA, {
    "da = dhidden": "the slope of tanh is forgotten: multiply by `1 - hidden**2`",
    "da = dhidden * (1 - hidden)": "the square is missing: the slope of tanh is `1 - hidden**2`",
    "da = dhidden * (1 - np.tanh(hidden) ** 2)":
        "tanh is taken of the hidden layer again: it went through tanh already, so the slope is `1 - hidden**2`",
    "da = dhidden * hidden * (1 - hidden)":
        "the slope of the hidden layer is that of a sigmoid: it is a tanh, so it is `1 - hidden**2`",
    "da = dhidden * (1 - hidden) ** 2": "the square stands outside the bracket: the slope of tanh is `1 - hidden**2`",
})
variants(additive_attention_backward, TO_QUERIES, {
    "to_queries = da.mean(axis=1)": "what the steps hand back to a query is averaged: it met every key, so it adds up",
    "to_queries = da[:, -1]": "a query takes the last step alone: it met every key, so add up what they hand back",
})
variants(additive_attention_backward, TO_KEYS, {
    "to_keys = da.mean(axis=0)": "what the queries hand back to a key is averaged: it met every query, so it adds up",
    "to_keys = da[-1]": "a key takes the last query alone: it met every query, so add up what they hand back",
})
edit(
    additive_attention_backward, TO_QUERIES, "to_queries = da.mean(axis=1)", TO_KEYS, "to_keys = da.mean(axis=0)",
    "what comes back to a query and to a key is averaged: a query met every key, and a key every query, "
    "so both add up",
)
edit(
    additive_attention_backward, DW_Q, f"{DW_Q} / queries.shape[1]", DW_K, f"{DW_K} / queries.shape[1]", DW,
    f"{DW} / queries.shape[1]",
    "the weights' gradients are divided by the batch size N: the loss has already settled that, here they are sums",
)
LAST = "overwritten in each round: every query, sequence and step has its share, so add up with `+=`"
for _old, _new in {
    DW_Q: "dW_q = np.outer(queries[-1, -1], da[-1, -1, -1])", DW_K: "dW_k = np.outer(keys[-1, -1], da[-1, -1, -1])",
    DW: "dw = dscores[-1, -1, -1] * hidden[-1, -1, -1]",
}.items():
    edit(additive_attention_backward, _old, _new, f"`{_old.split(' =')[0]}` is {LAST}")
edit(
    additive_attention_backward, DW_Q, 'dW_q = np.einsum("nh,unk->hk", queries[-1], to_queries)',
    "`dW_q` takes the last query for all: each query has its own part, so it is the sum over the queries",
)
edit(
    additive_attention_backward, DSCORES, "dscores = weights - dweights",
    "`dscores` is a difference of probabilities, as behind a cross entropy: here gradients come back through softmax, "
    "so it is `weights * (dweights - mean)`, mean the weighted sum of dweights",
)
edit(
    additive_attention_backward, 'dw = np.einsum("unt,utnk->k", dscores, hidden)',
    'dw = np.einsum("unt,utnk->k", dscores, from_queries[:, None] + from_keys)',
    "`dw` is made with what goes into tanh: w was multiplied by what comes out of it, the hidden layer",
)
