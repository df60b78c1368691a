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
# # A recurrent network, from one step to the text it writes
#
# Chapter 2 unrolled a recurrent network through time. Here you build it: seven functions, each a few lines of NumPy.
# At the end they train a small network on English prose, in less than a minute, and let it write.
#
# ## How to work
#
# 1. Run the first code cell: click into it and press Shift+Enter. Should it not find the module `unrolled`, follow START-HERE.md,
#    which came with this notebook.
# 2. In each function, put your own lines in the place of `raise NotImplementedError()`. Keep the function's name and
#    its arguments, and leave the arrays that it is given as they are: `a = a + b` makes a new array, `a += b` changes the caller's.
# 3. Run the cell below it, `check(...)`, as often as you like: it costs nothing. When the function is right, it prints one
#    line. Otherwise it says what it saw, the most basic fault first: an error, a wrong shape, then wrong values and
#    where they stand. When your values are those of a mistake that others have made before you, it names the mistake.
# 4. When you are done, choose *Restart Kernel and Run All Cells* from the menu *Kernel*, save, and hand in this file under the name it has.
#    A check that fails stops that run; you can hand in all the same, and what is right has its points.
#
# ## How it is graded
#
# Each function is graded on its own, on inputs drawn for you: all its points when its results are right, none when they are
# not; the card at the end of chapter 2 says how many points that is. `check` draws its inputs in the same way, so a function that passes
# here passes there. A function may call those that you have written above it, and is then right only when they are.
#
# The whole notebook is run, your own cells too: an import, a constant or a helper function counts wherever you put it. What takes long in a
# cell of your own is stopped, and what it shows decides nothing. Grading knows Python's own library, NumPy and Matplotlib, and no other.
#
# ## Letters
#
# Capitals are sizes: `N` sequences in a batch, `T` steps, `D` input features, `H` hidden units, `V` symbols in the vocabulary; and weights: `W_x`, `W_h`,
# `W_y`. Small letters are values: `x (N, D)` is the input of one step, `h (N, H)` the state after it. A plural is a whole sequence,
# time first: `xs (T, N, D)`, `hs (T, N, H)`. Each sequence is a row, so weights stand on the right: `x @ W_x`.

# %%
import numpy as np

from unrolled import check

# %% [markdown]
# ## 1. Softmax
#
# A network gives every symbol of the vocabulary a score. Softmax turns the scores $a_1, \dots, a_V$ into probabilities: all
# positive, and together 1.
#
# $$p_v = \frac{e^{a_v}}{\sum_{w=1}^{V} e^{a_w}}$$
#
# `a (..., V)` → `p (..., V)`. The symbols are on the last axis; there may be any number of axes before it, and each of
# their rows is a distribution of its own. Scores may be as large as 10,000.
#
# *Hint: `np.exp(10_000)` is infinite, but softmax does not change when you take the same number away from all scores of a row.*

# %% nbgrader={"grade": false, "grade_id": "softmax-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax(a):
    """Scores to probabilities over the last axis: p_v = exp(a_v) / sum_w exp(a_w).

    a (..., V)  ->  p (..., V)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "softmax", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(softmax)

# %% [markdown]
# ## 2. Cross-entropy
#
# How surprised was the network by the symbol that came? With $p_{tn}$ the softmax of the scores $y_{tn}$ at step $t$ of sequence
# $n$, and $k_{tn}$ the symbol that really stood there, the loss adds up the surprise over time and averages it over the batch:
#
# $$L = \frac{1}{N} \sum_{t=1}^{T} \sum_{n=1}^{N} m_{tn} \left( -\ln p_{tn,k_{tn}} \right)$$
#
# The mask $m_{tn}$ is 1 where a step counts and 0 where the sequence has already ended. Training needs the gradient too.
# It is as simple as a gradient can be, the probabilities minus the one-hot target:
#
# $$\frac{\partial L}{\partial y_{tn}} = \frac{m_{tn}}{N} \left( p_{tn} - \mathrm{onehot}(k_{tn}) \right)$$
#
# `logits (T, N, V)`, integer `targets (T, N)`, `mask (T, N)` → `loss ()`, a number, and `dlogits (T, N, V)`, this gradient.
#
# *Hint: a probability can become 0 in floating point, and its logarithm minus infinity; the formula for $\ln p_v$ needs no $p_v$: it is
# $y_v - \ln \sum_w e^{y_w}$.*

# %% nbgrader={"grade": false, "grade_id": "cross_entropy-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cross_entropy(logits, targets, mask):
    """Loss in nats and its gradient: minus the log-probability of each target, summed over time, averaged over the batch.

    logits (T, N, V), integer targets (T, N), mask (T, N), 1 where a step counts and 0 where it is padding
    ->  loss (), dlogits (T, N, V)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "cross_entropy", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(cross_entropy)

# %% [markdown]
# ## 3. One step
#
# The heart of the network. The new state is made of the input and of the state before it:
#
# $$h = \tanh\left( x\,W_x + h_{\text{prev}}\,W_h + b \right)$$
#
# `x (N, D)`, `h_prev (N, H)`, `W_x (D, H)`, `W_h (H, H)`, `b (H,)` → `h (N, H)`.
#
# *Hint: write the shapes under the formula; both products come out as `(N, H)`, and NumPy adds `b` to every row by itself.*

# %% nbgrader={"grade": false, "grade_id": "rnn_step_forward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rnn_step_forward(x, h_prev, W_x, W_h, b):
    """One step: h = tanh(x W_x + h_prev W_h + b).

    x (N, D), h_prev (N, H), W_x (D, H), W_h (H, H), b (H,)  ->  h (N, H)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "rnn_step_forward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(rnn_step_forward)

# %% [markdown]
# ## 4. The whole sequence
#
# Unrolling: the same step, with the same `W_x`, `W_h` and `b`, once for every input. What one step leaves behind is where
# the next one starts, and the first one starts at `h0`:
#
# $$h_t = \tanh\left( x_t\,W_x + h_{t-1}\,W_h + b \right), \qquad t = 1, \dots, T$$
#
# `xs (T, N, D)`, `h0 (N, H)`, `W_x (D, H)`, `W_h (H, H)`, `b (H,)` → `hs (T, N, H)`, the states *after* each of the T inputs.
# Python counts from 0: `xs[0]` is the first input, $x_1$, and `hs[0]` the state after it, $h_1$. The given `h0` is not among the results.
#
# *Hint: let one variable `h` hold the state, start it at `h0`, and store a copy of it in each round of a loop over `xs`.*

# %% nbgrader={"grade": false, "grade_id": "rnn_forward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rnn_forward(xs, h0, W_x, W_h, b):
    """The step applied to a whole sequence, h_t = tanh(x_t W_x + h_{t-1} W_h + b): the same W_x, W_h, b at every step.

    xs (T, N, D), h0 (N, H), W_x (D, H), W_h (H, H), b (H,)  ->  hs (T, N, H)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "rnn_forward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(rnn_forward)

# %% [markdown]
# ## 5. The readout
#
# A state is not yet an answer. A layer of weights, again the same at every step, turns each state into a score for every symbol:
#
# $$y_t = h_t\,W_y + b_y$$
#
# `hs (T, N, H)`, `W_y (H, V)`, `b_y (V,)` → `logits (T, N, V)`. They stay scores here: `cross_entropy` and sampling take their softmax.
#
# *Hint: with three axes on its left, `@` still works on the last one, so no loop is needed.*

# %% nbgrader={"grade": false, "grade_id": "readout-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def readout(hs, W_y, b_y):
    """Scores for every symbol from every state: y_t = h_t W_y + b_y.

    hs (T, N, H), W_y (H, V), b_y (V,)  ->  logits (T, N, V)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "readout", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(readout)

# %% [markdown]
# ## 6. Back through the readout
#
# This one stands on no page: you derive it. `cross_entropy` says how the loss changes with each score. How does it change with what the
# scores were made of? For a state, the chain rule adds up over the scores that it went into:
#
# $$\frac{\partial L}{\partial h_{tnj}} = \sum_{v=1}^{V} \frac{\partial L}{\partial y_{tnv}} \, \frac{\partial y_{tnv}}{\partial h_{tnj}}$$
#
# Work out the last factor from $y_t = h_t\,W_y + b_y$, and write the sum as a product of matrices. Then do the same for one entry of $W_y$
# and one of $b_y$. Which scores did they go into? The gradient of an array has the array's shape.
#
# `dys (T, N, V)`, the gradients of the scores, `hs (T, N, H)`, `W_y (H, V)` → `dhs (T, N, H)`, `dW_y (H, V)`, `db_y (V,)`.
#
# For a function that nobody has printed, `check` has no reference to run. It compares with results that were recorded, the same each
# time; what counts are others.
#
# <details><summary>A hint for <code>readout_backward</code></summary>
#
# *Hint: a loop over the steps needs nothing but `@`, `.T` and `.sum(axis=0)`; where a weight served several steps, add up what each says.*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "readout_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def readout_backward(dys, hs, W_y):
    """Gradients through the readout, y_t = h_t W_y + b_y, of what went into it.

    dys (T, N, V) arrives at every step's scores; hs (T, N, H), W_y (H, V)
    ->  dhs (T, N, H), dW_y (H, V), db_y (V,)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "readout_backward", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(readout_backward)

# %% [markdown]
# ## 7. Writing
#
# Now the network runs by itself, on one sequence: it reads a symbol, scores the next one, draws it, and reads what it has drawn.
# The token `first` is $k_0$, and for $i = 1, \dots, n$
#
# $$h_i = \tanh\left( \mathrm{onehot}(k_{i-1})\,W_x + h_{i-1}\,W_h + b \right), \qquad
# p_i = \mathrm{softmax}\left( \frac{h_i\,W_y + b_y}{\tau} \right), \qquad
# k_i \text{ drawn from } p_i$$
#
# The temperature $\tau$ sharpens the choice when it is below 1 and levels it when it is above. Chance comes from outside, so that your
# function can be checked: `u[0]` decides the first draw, `u[1]` the second, and so on. Each takes **the first token whose cumulative
# probability exceeds it**: with p = (0.2, 0.5, 0.3) the cumulative probabilities are (0.2, 0.7, 1), and a draw of 0.6 takes token 1.
#
# `h0 (1, H)`, integer `first`, `u (n,)` with values in [0, 1), `W_x (V, H)`, `W_h (H, H)`, `b (H,)`, `W_y (H, V)`, `b_y (V,)`, `temperature` > 0 →
# integer `tokens (n,)`: the drawn ones, without `first`.
#
# *Hint: `np.searchsorted(np.cumsum(p), u[i], side="right")` finds that token; rounding can leave the last cumulative probability a little
# below 1, so let no answer exceed `V - 1`.*

# %% nbgrader={"grade": false, "grade_id": "sample_tokens-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sample_tokens(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    """Tokens drawn one after another from softmax((h W_y + b_y) / temperature): each becomes, one-hot, the next step's input.

    h0 (1, H), integer first, u (n,) uniform draws in [0, 1), W_x (V, H), W_h (H, H), b (H,), W_y (H, V), b_y (V,),
    temperature > 0  ->  integer tokens (n,)
    Draw i takes the first token whose cumulative probability exceeds u[i].
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "sample_tokens", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(sample_tokens)

# %% [markdown]
# ## Let it write
#
# All seven are right? Then this cell trains a network of 64 units with your functions, on the language reference that comes with Python,
# and lets it write now and then. Watch words take shape. The gradients of the weights come from the course's
# `rnn_backward`; you will write that function yourself in the next assignment.
#
# This cell is not graded. Change what you like: the temperature, the size `H`, the number of steps.

# %% tags=["skip-execution"]
from unrolled.reference import rnn_backward
from unrolled.text import ALPHABET, corpus, decode, encode
from unrolled.training import adam, initial_parameters, one_hot, text_windows

rng = np.random.default_rng(0)
V, H, T, N = len(ALPHABET), 64, 32, 32
parameters = initial_parameters(rng, D=V, H=H, O=V)
update = adam(parameters)
h0 = np.zeros((N, H))

for step, (inputs, targets) in enumerate(text_windows(rng, encode(corpus()), T, N, steps=2000), start=1):
    W_x, W_h, b, W_y, b_y = parameters.values()
    xs = one_hot(inputs, V)
    hs = rnn_forward(xs, h0, W_x, W_h, b)
    loss, dlogits = cross_entropy(readout(hs, W_y, b_y), targets, np.ones((T, N)))
    dhs, dW_y, db_y = readout_backward(dlogits, hs, W_y)
    _, _, dW_x, dW_h, db = rnn_backward(dhs, xs, h0, hs, W_x, W_h)
    update({"W_x": dW_x, "W_h": dW_h, "b": db, "W_y": dW_y, "b_y": db_y}, rate=0.005)
    if step in (1, 50, 200, 500, 2000):
        tokens = sample_tokens(h0[:1], ALPHABET.index(" "), rng.random(70), **parameters, temperature=0.7)
        print(f"step {step:4}, {loss / T / np.log(2):.2f} bits a character: {decode(tokens)}")
