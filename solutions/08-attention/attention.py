# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Attention, an average that is kept up to date, and a search
#
# Chapter 8 asked whether everything must fit into H numbers, and let a network look back at all that it has read. Here you build that look, forward and
# back; a recurrent network whose state is an average over everything so far; the search for a likely sequence; and a kind of attention that no page prints. At the end,
# with what you have built, a network turns dates as people write them into dates as machines want them, and you see where it looks while it writes.
#
# ## How to work
#
# 1. Run the first code cell: click into it and press Shift+Enter. If it does not find the module `unrolled`, follow START-HERE.html,
#    which came with this notebook.
# 2. In each function, put your own lines in the place of `raise NotImplementedError()`. Keep the function's name and
#    its arguments, and leave the arrays that it is given as they are: `a = a + b` makes a new array, `a += b` changes the caller's.
# 3. Run the cell below it, `check(...)`, as often as you like: it costs nothing. When the function is right, it prints one
#    line. Otherwise it says what it saw, the most basic fault first: an error, a wrong shape, then wrong values and
#    their places. When your values are those of a mistake that others have made before you, it names the mistake.
# 4. When you are done, choose *Restart Kernel and Run All Cells* from the menu *Kernel*, save, and hand in this file under the name it has.
#    A check that fails stops that run; you can hand in all the same, and what is right has its points.
#
# ## How it is graded
#
# Each function is graded on its own, on inputs drawn for you: all its points when its results are right, none when they are
# not; the card at the end of chapter 8 says how many points that is. `check` draws its inputs in the same way, so a function that passes
# here passes there. A function may call those that you have written above it, and is then right only when they are. The figure and the
# written question at the end are read by a person.
#
# The whole notebook is run, your own cells too: an import, a constant or a helper function counts wherever you put it. What takes long in a
# cell of your own is stopped, and what it shows decides nothing. Grading knows Python's own library, NumPy and Matplotlib, and no other.
#
# ## Letters
#
# Capitals are sizes: `N` sequences in a batch, `T` steps that were read, `U` steps that ask, `D` input features, `H` hidden units, `O` numbers in a
# value, `V` tokens to choose from; and weights. Small letters are values, a plural is a whole sequence, **time first**: `keys (T, N, H)`. `mask (T, N)` is 1 where a
# step counts and 0 where it is padding. `dh` is the gradient of the loss with respect to `h`. Each sequence is a row, so weights are on the right:
# `x @ W_x`.
#
# **Time first, and products a sequence.** `queries (U, N, H)` and `keys (T, N, H)` lie time first, but a query meets only the keys of its own
# sequence. Two ways to say that: `np.einsum("unh,tnh->unt", queries, keys)` names the axes and sums over those that the result lacks; or
# put the batch first with `swapaxes(0, 1)`, multiply with `@`, and go back with `swapaxes(0, 1)`. `reshape` does not exchange axes.
#
# `softmax` is given, in the next cell.

# %%
import numpy as np

from unrolled import check


def softmax(a):
    """Scores to shares that add up to 1 over the last axis, right for scores of any size: your work from assignment 2, given here."""
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

# %% [markdown]
# ## 1. Looking back
#
# Every step that was read leaves a **key**, by which it is found, and a **value**, what it has to say. A **query** is compared with every key of its
# sequence; softmax turns these scores into weights, which add up to 1; and the answer, the **context**, is the mean of the values with these weights:
#
# $$s_{ut} = \frac{q_u \cdot k_t}{\sqrt{H}}, \qquad \alpha_{ut} = \frac{e^{s_{ut}}}{\sum_{t'} e^{s_{ut'}}}, \qquad c_u = \sum_t \alpha_{ut}\, v_t$$
#
# Where the mask is 0 there is nothing to find: such a step gets the score $-\infty$, and $e^{-\infty}$ is exactly 0. In every sequence at least one
# step counts. Scores may be as large as 10,000.
#
# `queries (U, N, H)`, `keys (T, N, H)`, `values (T, N, O)`, `mask (T, N)` → `contexts (U, N, O)` and `weights (U, N, T)`.
#
# *Hint: the mask lies time first, the scores do not: `mask.T` is (N, T). Softmax runs over the steps, the last axis of `weights (U, N, T)`.*

# %% nbgrader={"grade": false, "grade_id": "attention_forward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def attention_forward(queries, keys, values, mask):
    """For every query the mean of the values, weighted by softmax of its products with the keys over sqrt(H).

    queries (U, N, H), keys (T, N, H), values (T, N, O), mask (T, N), 1 where a step counts and 0 where it is padding
    ->  contexts (U, N, O), weights (U, N, T)
    A masked step has the weight 0, exactly.
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "attention_forward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(attention_forward)

# %% [markdown]
# ## 2. The way back
#
# Three formulas went forward, so three go back, the last one first. The mean $c_u = \sum_t \alpha_{ut} v_t$ hands on to both of its factors, and every
# query used the same values, so their parts add up:
#
# $$dv_t = \sum_u \alpha_{ut}\, dc_u, \qquad d\alpha_{ut} = dc_u \cdot v_t$$
#
# Softmax shares out a whole: where one weight grows, the others shrink. That is the sum in
#
# $$ds_{ut} = \alpha_{ut} \Big( d\alpha_{ut} - \sum_{t'} \alpha_{ut'}\, d\alpha_{ut'} \Big)$$
#
# The scores were products, divided by $\sqrt{H}$:
#
# $$dq_u = \frac{1}{\sqrt{H}} \sum_t ds_{ut}\, k_t, \qquad dk_t = \frac{1}{\sqrt{H}} \sum_u ds_{ut}\, q_u$$
#
# `dcontexts (U, N, O)`, `queries (U, N, H)`, `keys (T, N, H)`, `values (T, N, O)`, `weights (U, N, T)` → `dqueries (U, N, H)`, `dkeys (T, N, H)`,
# `dvalues (T, N, O)`. There is no mask: what had the weight 0 hands nothing back, see the formula for $ds$.
#
# *Hint: each sum runs over the axis that the result lacks, and `np.einsum` wants to be told just that.*

# %% nbgrader={"grade": false, "grade_id": "attention_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def attention_backward(dcontexts, queries, keys, values, weights):
    """Gradients of all that was compared and averaged; weights is what attention_forward returned.

    dcontexts (U, N, O), queries (U, N, H), keys (T, N, H), values (T, N, O), weights (U, N, T)
    ->  dqueries (U, N, H), dkeys (T, N, H), dvalues (T, N, O)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "attention_backward", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check(attention_backward)

# %% [markdown]
# ## 3. An average that is kept up to date
#
# Attention without a query: each unit keeps one weighted mean of everything so far, and carries it along as two sums. At every step the input gives a
# **value** $v$, a **gate** $g$ between −1 and 1, and a **score** $s$; what is averaged is $v \odot g$, with the weight $e^s$:
#
# $$v = x\,W_{xv} + b_v, \qquad g = \tanh(x\,W_{xg} + h_{\text{prev}}\,W_{hg} + b_g), \qquad s = x\,W_{xs} + h_{\text{prev}}\,W_{hs}$$
#
# The value does not see the state, and the score has no bias: it would multiply all weights by the same number, and cancel. So `W_x (D, 3H)` has
# the blocks **v | g | s** side by side, `W_h (H, 2H)` the blocks **g | s**, and `b (2H,)` the blocks **v | g**.
#
# $e^s$ overflows as soon as a score is above 709. So both sums are expressed in units of $e^{\text{peak}}$, with the **peak** the largest score so far.
# When it rises, what was summed before is brought into the new unit:
#
# $$\begin{aligned}
# \text{peak} &= \max(\text{peak}_{\text{prev}},\, s) \\
# \text{num} &= \text{num}_{\text{prev}} \odot e^{\text{peak}_{\text{prev}} - \text{peak}} + v \odot g \odot e^{s - \text{peak}} \\
# \text{den} &= \text{den}_{\text{prev}} \odot e^{\text{peak}_{\text{prev}} - \text{peak}} + e^{s - \text{peak}} \\
# h &= \tanh(\text{num} / \text{den})
# \end{aligned}$$
#
# Before the first step num and den are 0 and the peak is −∞; $e^{-\infty} = 0$, so the formulas need no exception.
#
# `x (N, D)`, `h_prev (N, H)`, `num_prev (N, H)`, `den_prev (N, H)`, `peak_prev (N, H)`, `W_x (D, 3H)`, `W_h (H, 2H)`, `b (2H,)` → `h`, `num`, `den`,
# `peak`, all `(N, H)`.
#
# *Hint: `np.split(x @ W_x, 3, axis=-1)` gives the three parts that come from the input, `np.maximum` goes entry by entry.*

# %% nbgrader={"grade": false, "grade_id": "rwa_step_forward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rwa_step_forward(x, h_prev, num_prev, den_prev, peak_prev, W_x, W_h, b):
    """One step of the recurrent weighted average: h = tanh(num / den), both sums in units of exp(peak).

    x (N, D), h_prev (N, H), num_prev (N, H), den_prev (N, H), peak_prev (N, H), W_x (D, 3H), W_h (H, 2H), b (2H,)
    ->  h (N, H), num (N, H), den (N, H), peak (N, H)
    The blocks of W_x are v|g|s, those of W_h are g|s, those of b are v|g.
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "rwa_step_forward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(rwa_step_forward)

# %% [markdown]
# ## 4. One step back
#
# Three gradients arrive: $dh$ from everything that uses the state, $d\text{num}$ and $d\text{den}$ from the next step. Both sums were used twice, by
# the next step and by the quotient, the mean $\bar h$:
#
# $$d\bar h = dh \odot (1 - h^2), \qquad d\text{num} \leftarrow d\text{num} + \frac{d\bar h}{\text{den}}, \qquad d\text{den} \leftarrow d\text{den} - \frac{d\bar h \odot \text{num}}{\text{den}^2}$$
#
# From these everything else follows: back to the old sums, which were multiplied by $e^{\text{peak}_{\text{prev}} - \text{peak}}$; to v and g, which
# were multiplied by each other and by $e^{s - \text{peak}}$; and to the score, whose weight is in *both* sums:
# $ds = (d\text{num} \odot v \odot g + d\text{den}) \odot e^{s - \text{peak}}$.
#
# The peak is a unit of measure. It cancels in num / den, so no gradient goes through it: treat both peaks as constants.
#
# The step returned neither v nor g nor s, so compute them again. The rest goes the way that you know, with the blocks of `W_x`, `W_h` and `b` as
# above.
#
# `dh`, `dnum`, `dden (N, H)`, `x (N, D)`, `h_prev`, `peak_prev`, `h`, `num`, `den`, `peak (N, H)`, `W_x (D, 3H)`, `W_h (H, 2H)`, `b (2H,)` → `dx (N,
# D)`, `dh_prev (N, H)`, `dnum_prev (N, H)`, `dden_prev (N, H)`, `dW_x (D, 3H)`, `dW_h (H, 2H)`, `db (2H,)`.
#
# *Hint: write the three lines of the forward step that have `v`, `g` or `s` on the left, and below each its way back; g alone has a slope, $1 -
# g^2$.*

# %% nbgrader={"grade": false, "grade_id": "rwa_step_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rwa_step_backward(dh, dnum, dden, x, h_prev, peak_prev, h, num, den, peak, W_x, W_h, b):
    """Gradients through one step; h, num, den and peak are what rwa_step_forward returned. The peak is taken for a constant.

    dh (N, H), dnum (N, H), dden (N, H), x (N, D), h_prev (N, H), peak_prev (N, H), h (N, H), num (N, H), den (N, H),
    peak (N, H), W_x (D, 3H), W_h (H, 2H), b (2H,)
    ->  dx (N, D), dh_prev (N, H), dnum_prev (N, H), dden_prev (N, H), dW_x (D, 3H), dW_h (H, 2H), db (2H,)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "rwa_step_backward", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check(rwa_step_backward)

# %% [markdown]
# ## 5. A likely sequence
#
# A network that writes gives probabilities for each next token, and the likeliest token now may lead nowhere good. To try all $V^T$ sequences of $T$ tokens
# takes too long. **Beam search** is between: after every step it keeps the best few beginnings, the **beams**, as many as its `width`. All of them are
# continued with every token, and of all these continuations together the best `width` stay.
#
# Here what comes next depends on the last token alone: `log_start[i]` is the logarithm of the probability that a sequence begins with token i,
# `log_next[i, j]` that j follows i. Along a sequence probabilities multiply, so logarithms add up:
#
# $$\log p(o_1, \dots, o_T) = \log p(o_1) + \sum_{t=2}^{T} \log p(o_t \mid o_{t-1})$$
#
# With width 1 the search is greedy; with width $V^T$ it drops nothing, and finds the best of all.
#
# `log_start (V,)`, `log_next (V, V)`, integers `width` and `T`, both at least 1 → integer `tokens (T,)`, those of the best beam at the end, and
# `log_probability`, a number.
#
# *Hint: with the beams' scores in `scores`, all continuations are one array, `scores[:, None] + log_next[last]`, and `np.argsort(..., axis=None)`
# sorts all of its entries; `np.unravel_index` says which beam and which token each of them is. There can be fewer continuations than `width`.*

# %% nbgrader={"grade": false, "grade_id": "beam_search-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def beam_search(log_start, log_next, width, T):
    """A likely sequence of T tokens: after each step, the best `width` beginnings are kept.

    log_start (V,) of the first token; log_next (V, V), whose row i is for what follows token i; integers width, T >= 1
    ->  integer tokens (T,), log_probability ()
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "beam_search", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(beam_search)

# %% [markdown]
# ## 6. Another way to compare
#
# No page of the book prints the next two functions; what chapter 8 taught is enough. The attention that began it all (Bahdanau, Cho and Bengio
# 2015) compares a query and a key not by a product but by a small net with one hidden layer of `K` units, which learns what to look for. Query and
# key may then differ in length, `H` and `D`:
#
# $$s_{ut} = \tanh\left( q_u W_q + k_t W_k \right) w$$
#
# The scores are not divided by anything. From there on all is as before: the mask, softmax over the steps, the mean of the values.
#
# `queries (U, N, H)`, `keys (T, N, D)`, `values (T, N, O)`, `mask (T, N)`, `W_q (H, K)`, `W_k (D, K)`, `w (K,)` → `contexts (U, N, O)` and `weights
# (U, N, T)`.
#
# <details><summary>A hint for <code>additive_attention_forward</code></summary>
#
# *Hint: every query is paired with every key, so the hidden layer is an array (U, T, N, K); `(queries @ W_q)[:, None]` is (U, 1, N, K), and NumPy
# repeats it along T when it is added.*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "additive_attention_forward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def additive_attention_forward(queries, keys, values, mask, W_q, W_k, w):
    """Attention whose scores a small net gives: tanh(query W_q + key W_k) w.

    queries (U, N, H), keys (T, N, D), values (T, N, O), mask (T, N), 1 where a step counts and 0 where it is padding,
    W_q (H, K), W_k (D, K), w (K,)  ->  contexts (U, N, O), weights (U, N, T)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "additive_attention_forward", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check(additive_attention_forward)

# %% [markdown]
# ## 7. And its way back
#
# Derive it yourself, on paper first. Down to the scores nothing is new. Below them is a net with one hidden layer, as in chapter 1, which served $U
# \cdot T$ pairs in every sequence.
#
# `dcontexts (U, N, O)`, `queries (U, N, H)`, `keys (T, N, D)`, `values (T, N, O)`, `weights (U, N, T)`, `W_q (H, K)`, `W_k (D, K)`, `w (K,)` →
# `dqueries (U, N, H)`, `dkeys (T, N, D)`, `dvalues (T, N, O)`, `dW_q (H, K)`, `dW_k (D, K)`, `dw (K,)`. The hidden layer was not kept: compute it
# again.
#
# <details><summary>A hint for <code>additive_attention_backward</code></summary>
#
# *Hint: where NumPy repeated an array on the way forward, gradients are summed along that axis on the way back.*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "additive_attention_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def additive_attention_backward(dcontexts, queries, keys, values, weights, W_q, W_k, w):
    """Gradients of all that went into additive_attention_forward; weights is what it returned.

    dcontexts (U, N, O), queries (U, N, H), keys (T, N, D), values (T, N, O), weights (U, N, T), W_q (H, K), W_k (D, K), w (K,)
    ->  dqueries (U, N, H), dkeys (T, N, D), dvalues (T, N, O), dW_q (H, K), dW_k (D, K), dw (K,)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "additive_attention_backward", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check(additive_attention_backward)

# %% [markdown]
# ## What the root is for
#
# A figure, which a person reads. How much of its weight does a query give to a single step, before anything is learned? Draw 20 random queries and the keys of 10 steps, all entries normal with variance 1, and measure the largest weight of each
# query, as a mean over the 20. Do it for H = 1, 4, 16, 64, 256 and 1024, each with eight draws, as `attention_forward` is and without its root: your function computes products without the root when the queries are multiplied by $\sqrt{H}$ first. In a
# second panel do the same for the keys of 100 steps. Draw every draw, not a mean alone. Then say in two sentences, as comments at the end of the cell, what the figure shows.

# %% nbgrader={"grade": true, "grade_id": "what-the-root-is-for", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
import matplotlib.pyplot as plt

### BEGIN SOLUTION
rng = np.random.default_rng(8)
sizes = 4 ** np.arange(6)

figure, axes = plt.subplots(1, 2, figsize=(9, 4), sharey=True)
for ax, T in zip(axes, (10, 100), strict=True):
    for draw in range(8):
        largest = []
        for H in sizes:
            queries, keys = rng.normal(size=(20, 1, H)), rng.normal(size=(T, 1, H))
            weights = [attention_forward(scale * queries, keys, keys, np.ones((T, 1)))[1] for scale in (1, H**0.5)]
            largest.append([each.max(axis=-1).mean() for each in weights])
        for name, values, colour in zip(("with the root", "without"), np.transpose(largest), ("C0", "C1"), strict=True):
            ax.semilogx(sizes, values, "o-", color=colour, alpha=0.5, label=None if draw else name)
    ax.axhline(1 / T, color="gray", linestyle=":", label=None if T > 10 else "all weights equal")
    ax.set(xlabel="H", title=f"{T} steps", ylim=(0, 1))
axes[0].set_ylabel("largest weight of a query")
axes[0].legend()
plt.show()
# With the root the largest weight does not depend on H: it is about 0.3 of 10 steps and 0.08 of 100, some three and eight times an equal share.
# Without it a longer query has larger scores, and from H = 64 on most of the weight is on one step, of 100 as of 10: there softmax hardly has a slope, so the choice
# that chance has made is hard to unlearn.
#
# One point each. The figure: with and without, both numbers of steps, all draws, H on a logarithmic axis (or evenly spaced), axes that say what they are. The sentences: no dependence on H with the root,
# and without it a weight that goes to 1, or what that means for the gradient.
### END SOLUTION

# %% [markdown]
# ## Let it look
#
# Your attention is right? Then let one network read dates as people write them, and another write them as machines want them. The writer starts from
# zeros and knows nothing of the date but what it finds by looking back: its states are the queries, the reader's states are keys and values. The GRUs
# are the course's. At the end, each row of the picture shows where the writer looked before it wrote that character.
#
# This cell is not graded. It takes less than a minute. Change what you like: the forms of the dates, the number of units, the date at the end.

# %% tags=["skip-execution"]
from datetime import date

import matplotlib.pyplot as plt

from unrolled.fast import gru_backward, gru_forward
from unrolled.reference import cross_entropy, readout
from unrolled.training import adam, initial_parameters, one_hot

FORMS = ["%d %B %Y", "%B %d, %Y", "%A, %d %b %Y", "%Y, %d. %m."]
LETTERS = sorted({*"0123456789-., ", *"".join(date(2000, month, month).strftime("%A%B") for month in range(1, 13))})
FIRST, LAST = date(1970, 1, 1).toordinal(), date(2069, 12, 31).toordinal()


def draw_dates(rng, N):
    days = [date.fromordinal(day) for day in rng.integers(FIRST, LAST, size=N).tolist()]
    return [day.strftime(rng.choice(FORMS)) for day in days], [day.isoformat() for day in days]


def encode(texts):
    T = max(map(len, texts))
    tokens = np.array([[LETTERS.index(letter) for letter in text.ljust(T)] for text in texts]).T
    return tokens, (np.arange(T)[:, None] < [len(text) for text in texts]) * 1.0


def weights_of(network):
    return [weights[f"{part} of the {network}"] for part in ("W_x", "W_h", "b")]


def run(sources, targets):
    """Scores for every character, given those before it, the weights of attention, and what the way back needs."""
    tokens, mask = encode(sources)
    wanted, _ = encode(targets)
    xs, ys = one_hot(tokens, V), one_hot(np.concatenate([0 * wanted[:1], wanted[:-1]]), V)
    h0 = np.zeros((len(sources), H), np.float32)
    keys, read_gates = gru_forward(xs, h0, *weights_of("reader"))
    queries, write_gates = gru_forward(ys, h0, *weights_of("writer"))
    contexts, attended = attention_forward(queries, keys, keys, mask)
    seen = np.concatenate([queries, contexts], axis=-1)
    logits = readout(seen, weights["W_y"], weights["b_y"])
    return wanted, logits, attended, (xs, ys, h0, keys, read_gates, queries, write_gates, seen)


rng = np.random.default_rng(0)
V, H, N = len(LETTERS), 64, 64
weights = {}
for network in ("reader", "writer"):
    drawn = initial_parameters(rng, V, H, V, 3)
    weights |= {f"{part} of the {network}": drawn[part] for part in ("W_x", "W_h", "b")}
weights |= {"W_y": (rng.normal(size=(2 * H, V)) / np.sqrt(2 * H)).astype(np.float32), "b_y": np.zeros(V, np.float32)}
update = adam(weights)

for batch in range(1, 401):
    wanted, logits, attended, (xs, ys, h0, keys, read_gates, queries, write_gates, seen) = run(*draw_dates(rng, N))
    loss, dlogits = cross_entropy(logits, wanted, np.ones(wanted.shape))
    dhs, dcontexts = np.split(dlogits @ weights["W_y"].T, 2, axis=-1)
    dqueries, dkeys, dvalues = attention_backward(dcontexts, queries, keys, keys, attended)
    _, _, *of_reader = gru_backward(dkeys + dvalues, xs, h0, keys, read_gates, *weights_of("reader")[:2])
    _, _, *of_writer = gru_backward(dhs + dqueries, ys, h0, queries, write_gates, *weights_of("writer")[:2])
    of_readout = np.einsum("unh,unv->hv", seen, dlogits), dlogits.sum(axis=(0, 1))
    update(dict(zip(weights, [*of_reader, *of_writer, *of_readout], strict=True)), rate=0.01)
    if batch % 80 == 0:
        right = (logits.argmax(axis=-1) == wanted).all(axis=0).mean()
        print(f"batch {batch}: {loss:.2f} nats a date, {right:.0%} of the dates right, each character given those before it")

source, target = "Monday, 21 Jul 2025", "2025-07-21"
attended = run([source], [target])[2][:, 0]
figure, axes = plt.subplots(figsize=(8, 4))
axes.imshow(attended, cmap="Blues", vmin=0, vmax=1)
axes.set_xticks(range(len(source)), source)
axes.set_yticks(range(len(target)), target)
axes.set_xlabel("read")
axes.set_ylabel("written")
plt.show()

# %% [markdown]
# ## Does it explain?
#
# It is often said that attention shows why a network wrote what it wrote. Look at your picture and answer in the cell below, in a few sentences each;
# a person reads it.
#
# 1. The rows of the two hyphens are often pale and wide (look at yours). What does the writer need to know in order to write a hyphen, and what do the weights of such a
#    row tell you, given that they must add up to 1?
# 2. Suppose that the reader reads the same date from its end, and the picture is drawn with the letters in their usual order. At which letter of `Jul`
#    is the month known when one reads from the left, at which when one reads from the right, among the twelve short names? On which side of that letter
#    would you look for the dark places in the rows of the month, in each case, and why?
# 3. Add the same vector $r$ to every key of a sequence, and leave the values as they are. Show in two lines what becomes of the weights. Then add $r$
#    to every query instead: what is different?

# %% [markdown] nbgrader={"grade": true, "grade_id": "does-it-explain", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# 1. Only how many characters it has written, and its own state counts those: a hyphen is in the same two places of every date. The weights must
#    go somewhere, for softmax shares out a whole even where nothing is needed; such a row tells nothing about why a hyphen was written.
# 2. From the left J leaves Jan, Jun and Jul, u leaves Jun and Jul, and the l decides. From the right the l decides at once, for no other short name ends
#    in it. A key is a state and holds what has been read so far: from the left, the month is in the states over the l and to its right; from the end, in
#    those over the l and to its left. What a weight points at is a stretch of text that ends there, not a letter.
# 3. A score becomes $q_u \cdot (k_t + r) / \sqrt{H} = q_u \cdot k_t / \sqrt{H} + q_u \cdot r / \sqrt{H}$. The second term is the same for every step
#    of a row, and softmax does not see what is added to a whole row: the weights, and so the contexts, stay. With $r$ in the queries the new term is
#    $r \cdot k_t / \sqrt{H}$, which differs from step to step: steps whose keys point along $r$ gain weight in every row.
#
# *One point each. 1: the position is enough, and weights add up to 1 even where nothing is looked for. 2: the l in both cases, with what is left at each letter, and the
# two sides, since a state knows only what was read before it. 3: softmax takes away what a row has in common, and a case in which nothing is in common.*
# ### END SOLUTION
