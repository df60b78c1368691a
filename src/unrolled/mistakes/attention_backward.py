"""Known mistakes of assignment 08-attention on the way back through attention."""

from unrolled.mistakes.edits import edit, variants
from unrolled.reference.attention import attention_backward

DVALUES = 'dvalues = np.einsum("unt,uno->tno", weights, dcontexts)'
MEAN = "mean = (weights * dweights).sum(axis=-1, keepdims=True)"
DWEIGHTS = 'dweights = np.einsum("uno,tno->unt", dcontexts, values)'
DSCORES = "dscores = weights * (dweights - mean)"
DPRODUCTS = "dproducts = dscores / H**0.5"
DQUERIES = 'dqueries = np.einsum("unt,tnh->unh", dproducts, keys)'
DKEYS = 'dkeys = np.einsum("unt,unh->tnh", dproducts, queries)'

def add_mistakes_of_averaging_backward(backward):
    """From the contexts back to values and scores."""
    variants(backward, DVALUES, {
        'dvalues = np.einsum("unt,uno->tno", np.einsum("uno,tno->unt", dcontexts, values), dcontexts)':
            "`dvalues` takes the gradients of the weights: each value was multiplied by its weight, "
            "so it takes the weights",
        f"{DVALUES} / len(queries)":
            "`dvalues` is averaged over the queries: each of them used the values, so what they hand back adds up",
        "dvalues = weights[-1].T[..., None] * dcontexts[-1]":
            "`dvalues` takes the last query alone: every query used the values, so add up what they hand back",
        "dvalues = weights[0].T[..., None] * dcontexts[0]":
            "`dvalues` takes the first query alone: every query used the values, so add up what they hand back",
        "dvalues = np.broadcast_to(dcontexts.sum(axis=0), values.shape).copy()":
            "`dvalues` is without the weights: each value was multiplied by its weight, "
            "and so is what comes back to it",
    })
    edit(
        backward, DWEIGHTS, f"{DWEIGHTS} * weights",
        "`dweights` is multiplied by the weights before the way back through softmax: there they are taken once, "
        "`weights * (dweights - mean)`",
    )
    variants(backward, MEAN, {
        "mean = dweights.mean(axis=-1, keepdims=True)":
            "a plain mean of dweights is taken away: the way back through softmax takes the mean with the weights, "
            "`(weights * dweights).sum(axis=-1, keepdims=True)`",
        "mean = dweights.sum(axis=-1, keepdims=True)":
            "the sum that is taken away lacks the weights: it is `(weights * dweights).sum(axis=-1, keepdims=True)`",
        "mean = (weights * dweights).mean(axis=-1, keepdims=True)":
            "the sum that is taken away is divided by T: with weights that add up to 1, "
            "`(weights * dweights).sum(axis=-1, keepdims=True)` is the mean already",
        "mean = (weights * dweights).sum(axis=0, keepdims=True)":
            "the sum in the way back through softmax runs over the queries: softmax shared a whole among the steps, "
            "so it is `axis=-1`",
        "mean = (weights * dweights).sum(axis=1, keepdims=True)":
            "the sum in the way back through softmax runs over the batch: softmax shared a whole among the steps, "
            "so it is `axis=-1`",
        "mean = (weights * dweights).sum(axis=(1, 2), keepdims=True)":
            "the sum in the way back through softmax runs over the batch too: softmax shared a whole among the steps "
            "of each sequence, so it is `axis=-1`",
        "mean = (weights * dweights).sum(axis=(0, 2), keepdims=True)":
            "the sum in the way back through softmax runs over the queries too: "
            "softmax shared a whole among the steps for each query, so it is `axis=-1`",
        "mean = (weights * dweights).sum()":
            "the sum in the way back through softmax runs over everything: each query of each sequence has its own, "
            "`axis=-1, keepdims=True`",
    })
    variants(backward, DSCORES, {
        "dscores = dweights": "the way back through softmax is left out: "
                              "`dscores = weights * (dweights - (weights * dweights).sum(axis=-1, keepdims=True))`",
        "dscores = weights * dweights":
            "the sum in the way back through softmax is missing: a score that grows takes from all other weights, "
            "so take `(weights * dweights).sum(axis=-1, keepdims=True)` away from dweights",
        "dscores = weights * (1 - weights) * (dweights - mean)":
            "the slope of a sigmoid is in it too: through softmax it is the weights times the difference, "
            "without `1 - weights`",
        "dscores = weights * (1 - weights) * dweights":
            "the slope is that of a sigmoid: in softmax each score moves every weight, "
            "so dscores is `weights * (dweights - (weights * dweights).sum(axis=-1, keepdims=True))`",
        "dscores = dweights - mean":
            "a factor is missing in the way back through softmax: the difference is multiplied by the weights",
        "dscores = weights * (mean - dweights)":
            "the difference in the way back through softmax is turned round: it is dweights minus its mean",
        "dscores = weights * dweights - mean":
            "a bracket is missing in the way back through softmax: the weights multiply the whole difference, "
            "`weights * (dweights - mean)`",
        "dscores = weights * (1 - mean)":
            "`dweights` is missing in the way back through softmax: `weights * (dweights - mean)`",
        "dscores = dweights - weights * dweights.sum(axis=-1, keepdims=True)":
            "this is the way back through a logarithm of softmax: "
            "through softmax it is `weights * (dweights - (weights * dweights).sum(axis=-1, keepdims=True))`",
    })


add_mistakes_of_averaging_backward(attention_backward)
variants(attention_backward, DVALUES, {
    'dvalues = np.einsum("unt,uno->tno", np.einsum("unh,tnh->unt", queries, keys) / H**0.5, dcontexts)':
        "`dvalues` takes the scores: each value was multiplied by its weight, so it takes the weights",
    f"{DVALUES} / H**0.5": "`dvalues` is divided by `np.sqrt(H)`: the scale stands between products and scores, "
                           "and the values never met it",
})
variants(attention_backward, DPRODUCTS, {
    "dproducts = dscores": "the scale is forgotten on the way back: the scores were products divided by `np.sqrt(H)`, "
                           "and so are their gradients",
    "dproducts = dscores / H":
        "the gradients are divided by H: the products were divided by `np.sqrt(H)`, so they are too",
    "dproducts = dscores / H / 2":
        "the gradients are divided by H and by 2: a power comes before a division, so `**1/2` is half of `**1`; "
        "the root is `**0.5`, or `np.sqrt(H)`",
    "dproducts = dscores * H**0.5":
        "the gradients are multiplied by `np.sqrt(H)`: what was divided on the way forward is divided on the way back",
    "dproducts = dscores / values.shape[-1] ** 0.5":
        "the gradients are divided by the root of O, the length of a value: the products were divided by `np.sqrt(H)`",
    "dproducts = dscores / len(keys) ** 0.5":
        "the gradients are divided by the root of T: the products were divided by `np.sqrt(H)`",
})
variants(attention_backward, DQUERIES, {
    f"{DQUERIES} * H**0.5": "the scale is forgotten in `dqueries`: the products were divided by `np.sqrt(H)`",
    'dqueries = np.einsum("unt,tnh->unh", weights, keys)':
        "`dqueries` takes the weights: it is the sum of the keys, each times the gradient of its product",
    f"{DQUERIES} / len(keys)":
        "`dqueries` is averaged over the steps: a query met every key, so what they hand back adds up",
})
variants(attention_backward, DKEYS, {
    f"{DKEYS} * H**0.5": "the scale is forgotten in `dkeys`: the products were divided by `np.sqrt(H)`",
    'dkeys = np.einsum("unt,unh->tnh", weights, queries)':
        "`dkeys` takes the weights: it is the sum of the queries, each times the gradient of its product",
    f"{DKEYS} / len(queries)":
        "`dkeys` is averaged over the queries: each of them met the keys, so what they hand back adds up",
    "dkeys = dproducts[-1].T[..., None] * queries[-1]":
        "`dkeys` takes the last query alone: every query met the keys, so add up what they hand back",
})
edit(attention_backward, DKEYS, 'dkeys = np.einsum("unt,tnh->tnh", dproducts, keys)',
    "`dkeys` is made with the keys: in a product each takes the gradient times the other, the queries")
for _given, _what in {"weights": "the weights", "dweights": "the gradients of the weights"}.items():
    edit(
        attention_backward, DQUERIES, f'dqueries = np.einsum("unt,tnh->unh", {_given}, keys) / H**0.5',
        f"`dqueries` takes {_what}, divided by `np.sqrt(H)`: it is the sum of the keys, "
        "each times the gradient of its product",
    )
    edit(
        attention_backward, DKEYS, f'dkeys = np.einsum("unt,unh->tnh", {_given}, queries) / H**0.5',
        f"`dkeys` takes {_what}, divided by `np.sqrt(H)`: it is the sum of the queries, "
        "each times the gradient of its product",
    )
for _name, _u in {"last": -1, "first": 0}.items():
    edit(
        attention_backward, DVALUES, f"dvalues = weights[{_u}].T[..., None] * dcontexts[{_u}]",
        DKEYS, f"dkeys = dproducts[{_u}].T[..., None] * queries[{_u}]",
        f"`dkeys` and dvalues take the {_name} query alone: all queries use the same keys and values, "
        "so add up with `+=`",
    )
edit(
    attention_backward, DVALUES, f"{DVALUES} / len(queries)", DKEYS, f"{DKEYS} / len(queries)",
    "`dkeys` and dvalues are averaged over the queries: all of them use the same keys and values, "
    "so what they hand back adds up",
)
edit(
    attention_backward, DSCORES, "dscores = weights - dweights",
    "`dscores` is a difference of probabilities, as behind a cross entropy: here gradients come back through softmax, "
    "so it is `weights * (dweights - mean)`, mean the weighted sum of dweights",
)
