"""Known mistakes of assignment 02-rnn in sampling, in the order of its lines."""

from unrolled.mistakes.edits import edit, variants
from unrolled.reference.rnn import sample_tokens

STEP = "h = np.tanh(W_x[token] + h @ W_h + b)"
LOGITS = "logits = (h @ W_y + b_y)[0]"
SOFTMAX = "p = softmax(logits / temperature)"
DRAWN = 'token = np.searchsorted(cumulative, draw * cumulative[-1], side="right")'
TOKEN = "tokens.append(token)"

edit(
    sample_tokens, "h = h0", "h = 0 * h0",
    "`h0` is ignored: sampling starts from the state that is given, not from zeros",
)
edit(
    sample_tokens, "token = first", "token = 0",
    "`first` is ignored: its row of W_x is the first step's input",
)
edit(
    sample_tokens, "for draw in u:", "for draw in u:\n    h = h0",
    "the state is not carried from one token to the next",
)
variants(sample_tokens, STEP, {
    "h = W_x[token] + h @ W_h + b": "tanh is left out: h = tanh(x @ W_x + h @ W_h + b)",
    "h = np.tanh(W_x[token] + h @ W_h.T + b)": "W_h is transposed: with row vectors it is `h @ W_h`",
    "h = np.tanh(W_x[token] + h @ W_h)": "the bias b is left out",
    "h = np.tanh(W_x[token] + 0 * (h @ W_h) + b)": "the state before is not used: add `h @ W_h` inside tanh",
    "x = W_x[token] if tokens else 0\nh = np.tanh(x + h @ W_h + b)":
        "the first step's input is all zeros: it is the one-hot row of `first`, as later that of the drawn token",
})
edit(
    sample_tokens, "token = first", "x = np.eye(len(W_x))[first]", STEP, "h = np.tanh(x @ W_x + h @ W_h + b)", SOFTMAX,
    f"{SOFTMAX}\nx = p",
    "the probabilities are fed back: the next step's input is the one-hot row of the token that was drawn",
)
edit(
    sample_tokens, STEP, "h = np.tanh(h @ W_h + b)",
    "the tokens are never read: is the one-hot row left at zeros, without its 1?",
)
edit(
    sample_tokens,
    "token = first", "x = np.eye(len(W_x))[first]", STEP, "h = np.tanh(x @ W_x + h @ W_h + b)", TOKEN,
    f"{TOKEN}\nx[token] = 1",
    "the one-hot input keeps the 1s of earlier tokens: begin each step's input with zeros, "
    "so that only one entry is 1",
)
edit(
    sample_tokens, STEP, f"{LOGITS}\n{STEP}", LOGITS, "",
    "the scores are read from the state before: the token goes into the state first, "
    "and then `h @ W_y + b_y` is read from the new one",
)
edit(
    sample_tokens, STEP, "", TOKEN, f"{TOKEN}\n{STEP}",
    "each token is drawn from the state before it was read, the first from h0: read a token, "
    "and draw the next one from the state that follows",
)
edit(
    sample_tokens, LOGITS, "logits = (h @ W_y / temperature + b_y)[0]", SOFTMAX, "p = softmax(logits)",
    "the temperature divides the product alone: it divides the whole score, with the bias b_y",
)
edit(
    sample_tokens, LOGITS, "logits = (h @ W_y + b_y / temperature)[0]", SOFTMAX, "p = softmax(logits)",
    "the temperature divides the bias alone: `/` goes before `+`, and what is divided is the whole score, "
    "`(h @ W_y + b_y) / temperature`",
)
edit(sample_tokens, LOGITS, "logits = (h @ W_y)[0]", "the readout's bias b_y is left out")
variants(sample_tokens, LOGITS, {
    "logits = (np.tanh(h) @ W_y + b_y)[0]":
        "tanh is taken of the state once more before it is read out: h comes out of tanh already, "
        "so it is `h @ W_y + b_y`",
    "logits = np.tanh(h @ W_y + b_y)[0]":
        "tanh is taken of the scores: the readout has none, the scores may have any size",
    "logits = (h @ W_y + b_y)[0]\nlogits = np.maximum(logits, 0)":
        "ReLU is taken of the scores: the readout has none, the scores may have any sign",
})
variants(sample_tokens, SOFTMAX, {
    "p = softmax(logits * temperature)":
        "the logits are multiplied by the temperature: divide, so that a low temperature sharpens",
    "p = softmax(logits / temperature / temperature)":
        "the temperature is divided by twice: divide the logits by it once, before softmax",
    "p = softmax(softmax(logits / temperature))":
        "softmax is taken of probabilities: what it takes are the scores, and once",
    "p = softmax(softmax(logits) / temperature)":
        "the probabilities are divided by the temperature and go through softmax again: divide the scores, "
        "before the only softmax",
    "p = softmax(logits)": "the temperature is ignored: divide the logits by it before softmax",
})
edit(
    sample_tokens, SOFTMAX, "p = softmax(logits) / temperature", DRAWN, "token = np.argmax(cumulative > draw)",
    "the probabilities are divided by the temperature, and no longer add up to 1: divide the logits, before softmax",
)
for _name, _new in {"the_last": "len(p) - 1", "the_first": "0"}.items():
    edit(
        sample_tokens, SOFTMAX, "p = softmax(logits) ** (1 / temperature)", DRAWN,
        f"token = np.argmax(cumulative > draw) if cumulative[-1] > draw else {_new}",
        "`p ** (1 / temperature)` no longer adds up to 1: divide it by its sum, "
        "or divide the logits by the temperature, before softmax",
        name=f"powers_of_probabilities_with_{_name}_when_none_exceeds",
    )
edit(
    sample_tokens, SOFTMAX, "p = np.exp((logits - logits.max()) / temperature)", DRAWN,
    "token = min(np.searchsorted(cumulative, draw, side='right'), len(p) - 1)",
    "the exponentials are not divided by their sum: only probabilities, which add up to 1, can be compared with u[t]",
    name="exponentials_of_what_lies_below_the_largest_are_not_divided",
)
edit(
    sample_tokens, SOFTMAX, "p = np.exp(logits / temperature) / np.exp(logits).sum()", DRAWN,
    "token = min(np.searchsorted(cumulative, draw, side='right'), len(p) - 1)",
    "the temperature divides the scores above the line alone: the sum below is that of the same exponentials, "
    "`np.exp(logits / temperature)`",
)
edit(
    sample_tokens, SOFTMAX, "p = np.exp(logits / temperature)", DRAWN,
    "token = min(np.searchsorted(cumulative, draw, side='right'), len(p) - 1)",
    "the exponentials are not divided by their sum: only probabilities, which add up to 1, can be compared with u[t]",
)
variants(sample_tokens, DRAWN, {
    "token = np.argmax(p)":
        "you take the most probable token each time: take the first whose cumulative probability exceeds u[t]",
    "token = max(np.searchsorted(cumulative, draw, side='right') - 1, 0)":
        "the index is one too small: take the first token whose cumulative probability exceeds u[t]",
    "token = min(np.searchsorted(cumulative, draw, side='right') + 1, len(p) - 1)":
        "the index is one too large: take the first token whose cumulative probability exceeds u[t]",
    'token = np.searchsorted(cumulative, u[0] * cumulative[-1], side="right")':
        "every token is drawn with u[0]: `tokens[t]` is drawn with u[t]",
    'token = min(np.searchsorted(cumulative, 1 - draw, side="right"), len(p) - 1)':
        "you compare with `1 - u[t]`: take the first token whose cumulative probability exceeds u[t] itself",
    "token = min(np.searchsorted(cumulative, draw), len(p) - 1)":
        "a token whose cumulative probability only equals u[t] is taken: it has to exceed u[t], "
        "so it is `u[t] < total`, not `<=`, and `searchsorted` takes the right side",
    "token = np.searchsorted(cumulative, draw, side='right') - 1":
        "the index is one too small, and -1 where it should be 0: take the first token whose cumulative probability "
        "exceeds u[t]",
    "token = min(np.searchsorted(p, draw, side='right'), len(p) - 1)":
        "the draw is looked for among the probabilities themselves: add them up first, with `np.cumsum`",
    "token = np.argmax(p > draw)":
        "you look at each token's own probability: add them up first, and take the first whose cumulative probability "
        "exceeds u[t]",
    "token = np.argmax(p > draw) if (p > draw).any() else len(p) - 1":
        "you compare each token's own probability with u[t]: it is the running sum that has to exceed u[t], "
        "so add them up first",
    "token = 0 if cumulative[0] < draw else len(p) - 1":
        "the comparison with u[t] is turned round: the loop ends at the first token whose cumulative probability "
        "exceeds u[t], `u[t] < total`",
    "token = np.argmin(np.abs(cumulative - draw))":
        "you take the token whose cumulative probability is nearest to u[t]: "
        "take the first whose cumulative probability exceeds it",
})
edit(
    sample_tokens, TOKEN, f"{TOKEN}\ntoken = first",
    "the drawn token is not fed back: it must be the next step's input",
)
edit(
    sample_tokens, TOKEN, "tokens.append(np.argmax(p))",
    "what is kept is the most probable token, and what is drawn goes into the next step: "
    "keep the token that is drawn with u[t]",
)
edit(
    sample_tokens, "return np.array(tokens, dtype=int)", "return np.array(tokens, dtype=int) + 1",
    "what is kept is the token's number plus 1: tokens are counted from 0, as the rows of W_x are",
)
edit(
    sample_tokens, "cumulative = np.cumsum(p)", "cumulative = np.cumsum(p) + p[0]", DRAWN,
    "token = min(np.searchsorted(cumulative, draw, side='right'), len(p) - 1)",
    "the running sum holds p[0] twice: begin it with 0 where the loop adds p[0] itself",
)
edit(
    sample_tokens, "return np.array(tokens, dtype=int)", "return np.roll(np.array(tokens, dtype=int), -1)",
    "each token is put one place too early, and the first of them into `tokens[-1]`: what u[t] draws is `tokens[t]`",
)
edit(
    sample_tokens, "tokens = []", "tokens = [first]",
    "the given first token is among the results: return the T drawn tokens only",
)
edit(
    sample_tokens, "tokens = []", "tokens = [first]", "for draw in u:", "for draw in u[1:]:",
    "the given first token stands in place of the first drawn one: `u[0]` draws tokens[0]",
)
edit(
    sample_tokens, "return np.array(tokens, dtype=int)", "return np.array([first, *tokens[:-1]], dtype=int)",
    "what goes into a step is kept, not what is drawn there: so `first` stands in front, "
    "and the last token drawn is missing",
)
for _order, _places in {"largest": "np.argsort(p)[::-1]", "smallest": "np.argsort(p)"}.items():
    edit(
        sample_tokens, "cumulative = np.cumsum(p)", f"order = {_places}\ncumulative = np.cumsum(p[order])",
        DRAWN, 'token = order[np.searchsorted(cumulative, draw * cumulative[-1], side="right")]',
        f"the tokens are sorted by their probability, the {_order} first, so that a draw stands for another one: "
        "add up p in the order of the vocabulary",
    )
for _order, _sorted in {"largest": "np.sort(p)[::-1]", "smallest": "np.sort(p)"}.items():
    edit(
        sample_tokens, "cumulative = np.cumsum(p)", f"cumulative = np.cumsum({_sorted})",
        f"the probabilities are sorted before they are added up, the {_order} first: "
        "then a place among them no longer stands for a token, so add up p as it is",
    )
edit(
    sample_tokens, "return np.array(tokens, dtype=int)", "return np.zeros(len(u), dtype=int)",
    "every token is 0: is the array ever filled in, or does softmax run over axis 0 of scores (1, V), "
    "which makes every p 1, or is the comparison with u[t] turned round?",
)
edit(
    sample_tokens, "tokens.append(token)", "token = min(token, len(W_y) - 1)\ntokens.append(token)",
    "every token is held below H: it is below V, which is `len(b_y)` or `W_y.shape[1]`, and `len(W_y)` is H",
)
edit(
    sample_tokens, "return np.array(tokens, dtype=int)", "return np.full(len(u), len(b_y) - 1)",
    "every token is V - 1, the last one: does a loop over the tokens go on after the first whose cumulative "
    "probability exceeds u[t], or is the last of these taken?",
)
edit(
    sample_tokens, "return np.array(tokens, dtype=int)", "return np.full(len(u), first)",
    "every token is `first`: is what is drawn kept, or the token that went in, which never changes?",
)
