"""Known mistakes of assignment 08-attention in attention."""

from unrolled.mistakes.edits import edit, variants
from unrolled.reference.attention import attention_forward

PRODUCTS = 'products = np.einsum("unh,tnh->unt", queries, keys)'
SCORES = "scores = products / H**0.5"
MASKED = "scores = np.where(mask.T > 0, scores, -np.inf)"
WEIGHTS = "weights = softmax(scores)"
CONTEXTS = 'contexts = np.einsum("unt,tno->uno", weights, values)'
E = "e = np.exp(scores - scores.max(axis=-1, keepdims=True))"
MASKED_BY_A_NUMBER = "scores = np.where(mask.T > 0, scores, -1e9)"

variants(attention_forward, SCORES, {
    "scores = products": "the scores are not scaled: divide the products by `np.sqrt(H)`, with H the length of a key",
    "scores = products / H": "the products are divided by H: it is its square root, `np.sqrt(H)`",
    "scores = products / H / 2": "the products are divided by H and by 2: a power comes before a division, "
                                 "so `**1/2` is half of `**1`; the root is `**0.5`, or `np.sqrt(H)`",
    "scores = products * H**0.5":
        "the products are multiplied by `np.sqrt(H)`: divide, so that long keys do not make scores large",
    "scores = products / H**0.25":
        "the products are divided by the fourth root of H: it is its square root, `np.sqrt(H)`",
    "scores = products / len(keys) ** 0.5":
        "the products are divided by the root of T: what grows is a sum of H products, so it is `np.sqrt(H)`, "
        "`queries.shape[-1]`",
    "scores = products / queries.shape[1] ** 0.5":
        "the products are divided by the root of the batch size N: H is the last axis, `queries.shape[-1]`",
    "scores = products / mask.sum(axis=0)[:, None] ** 0.5":
        "the products are divided by the root of the sequence's length: what grows is a sum of H products, "
        "so it is `np.sqrt(H)`, `queries.shape[-1]`",
    "scores = products / len(queries) ** 0.5":
        "the products are divided by the root of the number of queries U: H is the last axis, `queries.shape[-1]`",
    "scores = products / values.shape[-1] ** 0.5":
        "the products are divided by the root of O, the length of a value: they are products of queries and keys, "
        "so it is `np.sqrt(H)`",
    "size = np.einsum('un,tn->unt', np.linalg.norm(queries, axis=-1), np.linalg.norm(keys, axis=-1))\n"
    "scores = products / size":
        "this is the cosine between query and key: here the product is divided by `np.sqrt(H)` alone",
})
edit(
    attention_forward, SCORES, "size = np.einsum('un,tn->unt', np.linalg.norm(queries, axis=-1), np.linalg.norm(keys, "
                               "axis=-1))\nscores = products / size / H**0.5",
    "the products are divided by the lengths of query and key too, which makes cosines of them: "
    "here they are divided by `np.sqrt(H)` alone",
)


edit(
    attention_forward, PRODUCTS, 'products = np.einsum("unh,tmh->unt", queries, keys)',
    "a query meets the keys of all sequences, added up: it meets those of its own, "
    "so in `np.einsum` both have the letter n",
)
edit(
    attention_forward, PRODUCTS, 'products = np.einsum("unh,tmh->unt", queries, keys) / keys.shape[1]',
    "a query meets the keys of all sequences, averaged: both have the batch's letter n in `np.einsum`, "
    "so that it stays apart",
)
edit(
    attention_forward, PRODUCTS,
    'products = np.einsum("unh,tnh->utn", queries, keys).reshape(len(queries), keys.shape[1], len(keys))',
    "the axes of time and batch are exchanged by `reshape`, which mixes the sequences: "
    "`swapaxes` or `transpose` exchanges two axes",
)
for _which, _place in {"first": "[:1]", "last": "[-1:]"}.items():
    edit(
        attention_forward, PRODUCTS,
        f'products = np.einsum("unh,tnh->unt", np.repeat(queries{_place}, len(queries), axis=0), keys)',
        f"the {_which} query asks for all: query u has scores of its own, `keys[:, n] @ queries[u, n]`",
    )
edit(
    attention_forward, CONTEXTS,
    'contexts = np.einsum("unt,tno->uno", weights, np.repeat(values[:, :1], values.shape[1], axis=1))',
    "the values of the first sequence serve all: sequence n takes `values[:, n]`",
)
edit(
    attention_forward, CONTEXTS, 'contexts = np.einsum("unt,tno->uno", weights, keys)',
    "the keys are averaged: keys are what a query is compared with, what is averaged are the values",
)
edit(
    attention_forward, CONTEXTS, f"{CONTEXTS}\ncontexts, weights = contexts.swapaxes(0, 1), weights.swapaxes(0, 1)",
    "the results come batch first: axis 0 is that of the queries, contexts (U, N, O) and weights (U, N, T)",
)
edit(
    attention_forward, MASKED, "scores = np.where(mask.T > 0, scores, -1000.0)",
    "a padded step gets a finite score, such as -1000, and a real one can have less: give it `-np.inf`, "
    "whose exponential is 0",
)


def add_mistakes_of_averaging(forward):
    """Between scores and contexts, whatever the scores are made of."""
    variants(forward, MASKED, {
        "": "the mask is not used: a padded step gets the score `-np.inf` before softmax, and so the weight 0",
        "scores = scores + mask.T":
            "the mask is added as it is: 0 or 1 more moves a score a little, a padded step needs the score `-np.inf`",
        "scores = scores * mask.T":
            "a padded step gets the score 0: its exponential is 1, so it still has a weight; "
            "it needs the score `-np.inf`",
        "scores = np.where(mask.T > 0, scores, np.inf)":
            "where there is padding all becomes nan: a padded step has the score `-np.inf`, neither `np.inf` nor nan, "
            "and what is taken away before `exp` is the largest of the query's own scores, "
            "not a mean or another query's",
    })
    for name, new in {
        "infinite": "np.where(mask.T > 0, -np.inf, scores)", "large": "np.where(mask.T > 0, -1e9, scores)",
        "added": "scores + mask.T * -1e9",
    }.items():
        edit(
            forward, MASKED, f"scores = {new}",
            "the mask is turned round: it is 1 where a step counts, and 0 where it is padding",
            name=f"mask_turned_round_{name}",
        )
    for which, step in {"last": "-1", "first": "0"}.items():
        edit(
            forward, CONTEXTS, f"contexts = weights[..., {step}, None] * values[{step}]",
            f"the {which} step alone counts in the contexts: they are sums over all steps, "
            "each value times its weight, so add up with `+=`",
        )
    for name, new in {"1": "-1.0", "5": "-5.0", "10": "-10.0"}.items():
        edit(
            forward, MASKED, f"scores = np.where(mask.T > 0, scores, {new})",
            f"a padded step gets the score -{name}: it keeps a small weight, so give it `-np.inf`, "
            "whose exponential is 0",
        )
    for name in ("1", "5", "10"):
        edit(
            forward, MASKED, f"scores = np.where(mask.T > 0, scores, scores.min() - {name})",
            "a padded step gets a score a little below the least of all: it keeps a small weight, "
            "so give it `-np.inf`, whose exponential is 0", name=f"padding_below_the_least_by_{name}",
        )
    edit(
        forward, MASKED, f"{MASKED}\nlater = np.arange(len(keys)) > np.arange(len(queries))[:, None, None]\n"
                         "scores = np.where(later, -1e9, scores)",
        "a query does not see the steps after its own, as under a causal mask: "
        "here all is read before anything is asked, so every step counts where the mask is 1",
    )
    edit(
        forward, MASKED, "", WEIGHTS, f"{WEIGHTS} * mask.T",
        "the weights are masked after softmax: what is left no longer adds up to 1, so mask the scores before it",
    )
    edit(
        forward, MASKED, "", CONTEXTS, f"{CONTEXTS}\nweights = weights * mask.T",
        "only the weights that are returned are masked: the contexts must not see the padded steps either, "
        "so mask the scores before softmax",
    )
    edit(
        forward, MASKED, "", CONTEXTS, CONTEXTS.replace("values)", "values * mask[..., None])"),
        "the padded values are set to 0, and their weights are not: mask the scores before softmax, "
        "so that the others share the whole",
    )
    for masked, name in [(MASKED, ""), (MASKED_BY_A_NUMBER, "_by_a_number")]:
        lines = [] if masked == MASKED else [MASKED, masked]
        edit(
            forward, *lines, WEIGHTS, "weights = softmax(scores.T).T",
            "softmax runs over the queries: each query shares its attention among the steps of the input, "
            "the last axis of weights (U, N, T)",
            name=f"over_the_queries{name}",
        )
        edit(
            forward, *lines, WEIGHTS, "weights = softmax(scores.swapaxes(1, 2)).swapaxes(1, 2)",
            "softmax runs over the batch: the sequences have nothing to do with each other, "
            "the steps are the last axis of weights (U, N, T)",
            name=f"over_the_batch{name}",
        )
    edit(
        forward, WEIGHTS, E + "\nweights = e / e.sum(axis=0, keepdims=True)",
        "the exponentials are divided by their sum over the queries: each query's weights add up to 1 over the steps, "
        "the last axis",
    )
    edit(
        forward, WEIGHTS, E + "\nweights = e / e.sum(axis=1, keepdims=True)",
        "the exponentials are divided by their sum over the batch: each query's weights add up to 1 over the steps, "
        "the last axis",
    )
    edit(
        forward, WEIGHTS, E + "\nweights = e / e.sum()",
        "the exponentials are divided by one sum for all: every query of every sequence has its own, "
        "`axis=-1, keepdims=True`",
    )
    edit(
        forward, WEIGHTS, "e = np.exp(scores - scores.max())\nweights = e / e.sum()",
        "softmax sums over everything: every query of every sequence has weights that add up to 1, "
        "`axis=-1, keepdims=True`",
    )
    edit(
        forward, WEIGHTS, E + "\nweights = e",
        "the weights do not add up to 1: divide the exponentials by their sum over the steps",
    )
    edit(
        forward, WEIGHTS, E + "\nweights = e / len(keys)",
        "the exponentials are divided by T: divide them by their sum over the steps, so that they add up to 1",
    )
    edit(
        forward, WEIGHTS, f"{E}\nweights = e / mask.sum(axis=0)[:, None]",
        "the exponentials are divided by the lengths of the sequences: divide them by their sum over the steps, "
        "so that they add up to 1",
    )
    edit(
        forward, WEIGHTS, E + "\nweights = e / np.sqrt((e**2).sum(axis=-1, keepdims=True))",
        "the exponentials are divided by the root of the sum of their squares, as a vector is brought to length 1: "
        "divide by their sum, so that they add up to 1",
    )
    for name, inside in {"": "scores", "_less_the_largest": "scores - scores.max(axis=-1, keepdims=True)"}.items():
        edit(
            forward, WEIGHTS, f"e = 1 / (1 + np.exp(-({inside})))\nweights = e / e.sum(axis=-1, keepdims=True)",
            "each score goes through a sigmoid before the division by the sum: in softmax it is `np.exp`",
            name=f"shares_of_sigmoids{name}",
        )
    edit(
        forward, WEIGHTS,
        "e = np.exp(scores.max(axis=-1, keepdims=True) - scores)\nweights = e / e.sum(axis=-1, keepdims=True)",
        "the exponentials are those of minus the scores: a large score means a large weight, "
        "and where there is padding `np.exp(np.inf)` makes nan of all",
    )
    edit(
        forward, WEIGHTS, "weights = 1 / (1 + np.exp(-scores))",
        "each score goes through a sigmoid: the weights share out a whole among the steps, with softmax",
    )
    edit(
        forward, WEIGHTS, "weights = (scores == scores.max(axis=-1, keepdims=True)) * 1.0",
        "all attention goes to the step with the largest score: softmax gives every step a share, and a gradient",
    )
    edit(
        forward, WEIGHTS,
        f"{E}\nweights = scores - scores.max(axis=-1, keepdims=True) - np.log(e.sum(axis=-1, keepdims=True))",
        "these are the logarithms of the weights: values are averaged with the weights themselves",
    )
    variants(forward, CONTEXTS, {
        'contexts = np.einsum("unt,tmo->uno", weights, values)':
            "the values of all sequences are added up in each context: both have the batch's letter n in `np.einsum`, "
            "so that it stays apart",
        'contexts = np.einsum("unt,tno->uno", scores, values)':
            "the contexts are made of the scores: the values are averaged with the weights, after softmax",
        'contexts = np.einsum("unt,tno->uno", scores - scores.max(axis=-1, keepdims=True), values)':
            "the contexts are made of the scores, less the largest: the values are averaged with the weights, "
            "after softmax",
        f"{CONTEXTS} / len(keys)":
            "the contexts are divided by T: the weights add up to 1, so the sum is a mean already",
        f"{CONTEXTS} / mask.sum(axis=0)[:, None]":
            "the contexts are divided by the lengths of the sequences: the weights add up to 1, "
            "so the sum is a mean already",
        f"{CONTEXTS}\ncontexts = contexts + values.mean(axis=0)":
            "a plain mean of the values is added to the contexts: the weighted sum is all",
        'contexts = np.einsum("unt,tno->uno", np.ones_like(weights) / len(keys), values)':
            "the contexts are the plain mean of the values: every step counts with its weight",
        'contexts = np.take_along_axis(values[None], weights.argmax(axis=-1)[:, None, :, None], axis=1)[:, 0]':
            "each context is the value with the largest weight: it is the sum of all values, each times its weight",
    })
    edit(
        forward, "return contexts, weights", "return contexts, scores",
        "what you return as weights are the scores: return what softmax made of them",
    )
    edit(
        forward, "return contexts, weights", "return contexts, scores - scores.max(axis=-1, keepdims=True)",
        "what you return as weights are the scores, less the largest: return what softmax made of them",
    )
    edit(
        forward, MASKED, f"unmasked = scores\n{MASKED}", "return contexts, weights", "return contexts, unmasked",
        "what you return as weights are the scores: return what softmax made of them",
        name="scores_before_the_mask_returned",
    )


add_mistakes_of_averaging(attention_forward)
edit(
    attention_forward, CONTEXTS, 'contexts = np.einsum("unt,tno->uno", np.where(mask.T > 0, scores, 0), values)',
    "the contexts are made of the scores: the values are averaged with the weights, after softmax",
    name="contexts_of_the_scores_that_count",
)
edit(
    attention_forward, SCORES, "scores = products", WEIGHTS, f"{WEIGHTS} / H**0.5",
    "the weights are divided by `np.sqrt(H)`, and no longer add up to 1: it is the products that are divided, "
    "before softmax",
)
edit(
    attention_forward, WEIGHTS, "e = np.exp(scores - scores.max())\nweights = e / e.sum(axis=-1, keepdims=True)",
    "the largest of all scores is taken away: a query whose scores are much smaller becomes 0 / 0, "
    "so take away each query's own largest",
)
edit(
    attention_forward, WEIGHTS,
    "e = np.exp(scores - np.where(mask.T > 0, scores, np.inf).min(axis=-1, keepdims=True))\n"
    "weights = e / e.sum(axis=-1, keepdims=True)",
    "the least score is taken away before `exp`, and the others may overflow: take each query's largest score away",
)
edit(
    attention_forward, WEIGHTS,
    "e = np.exp(scores - scores.mean(axis=-1, keepdims=True))\nweights = e / e.sum(axis=-1, keepdims=True)",
    "the mean of the scores is taken away before `exp`, which is `-np.inf` where there is padding: "
    "take each query's largest score away",
)
edit(
    attention_forward, WEIGHTS, "e = np.exp(scores)\nweights = e / e.sum(axis=-1, keepdims=True)",
    "your softmax overflows: take each query's largest score away before `exp`",
)
edit(
    attention_forward, MASKED, "", WEIGHTS,
    f"{WEIGHTS} * mask.T\nweights = weights / weights.sum(axis=-1, keepdims=True)",
    "a padded step's score is among those whose largest is taken away before `exp`: where it is larger by far, "
    "the others become 0 / 0, so mask the scores first, then take their largest",
)

# reshape in the place of transpose, as it is used where the batch is wanted first.
RESHAPED = "(U, T, N), O = queries.shape[:1] + keys.shape[:2], values.shape[-1]\n"
RESHAPED += "products = (queries.reshape(N, U, H) @ keys.reshape(N, T, H).swapaxes(1, 2)).{}"
for _name, _products, _contexts in [
    ("and_back", "reshape(U, N, T)", "(weights.reshape(N, U, T) @ values.reshape(N, T, O)).reshape(U, N, O)"),
    ("and_turned_back", "swapaxes(0, 1)", "(weights.swapaxes(0, 1) @ values.reshape(N, T, O)).swapaxes(0, 1)"),
]:
    edit(
        attention_forward, PRODUCTS, RESHAPED.format(_products), CONTEXTS, f"contexts = {_contexts}",
        "the axes are exchanged by `reshape`, which mixes the sequences: `swapaxes(0, 1)` or `transpose` puts the "
        "batch first",
        name=f"reshaped_{_name}",
    )
