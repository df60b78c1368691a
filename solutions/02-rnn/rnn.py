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
# Chapter 2 unrolled a recurrent network through time. Here you build it, and what no page shows beside it, another loss and a neighbour: ten functions, each a few lines of NumPy.
# Then you draw a figure and answer a question. At the end your functions train a small network on English prose, in less than a minute, and let it write.
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
# not; the card at the end of chapter 2 says how many points that is. `check` draws its inputs in the same way, so a function that passes
# here passes there. A function may call those that you have written above it, and is then right only when they are. The figure and the
# written question after the functions are read by a person.
#
# The whole notebook is run, your own cells too: an import, a constant or a helper function counts wherever you put it. What takes long in a
# cell of your own is stopped, and what it shows decides nothing. Grading knows Python's own library, NumPy and Matplotlib, and no other.
#
# ## Letters
#
# Capitals are sizes: `N` sequences in a batch, `T` steps, `D` input features, `H` hidden units, `V` symbols in the vocabulary; and weights: `W_x`, `W_h`,
# `W_y`. Small letters are values: `x (N, D)` is the input of one step, `h (N, H)` the state after it. A plural is a whole sequence,
# time first: `xs (T, N, D)`, `hs (T, N, H)`. Each sequence is a row, so weights are on the right: `x @ W_x`.

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

# %% nbgrader={"grade": true, "grade_id": "softmax", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
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

# %% nbgrader={"grade": true, "grade_id": "rnn_step_forward", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
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

# %% nbgrader={"grade": true, "grade_id": "rnn_forward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
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

# %% nbgrader={"grade": true, "grade_id": "readout", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(readout)

# %% [markdown]
# ## 6. Back through the readout
#
# The chapter leaves this one to you. `cross_entropy` says how the loss changes with each score. How does it change with what the
# scores were made of? For a state, the chain rule adds up over the scores that it went into:
#
# $$\frac{\partial L}{\partial h_{tnj}} = \sum_{v=1}^{V} \frac{\partial L}{\partial y_{tnv}} \, \frac{\partial y_{tnv}}{\partial h_{tnj}}$$
#
# Work out the last factor from $y_t = h_t\,W_y + b_y$, and write the sum as a product of matrices. Then do the same for one entry of $W_y$
# and one of $b_y$. Which scores did they go into? The gradient of an array has the array's shape.
#
# `dys (T, N, V)`, the gradients of the scores, `hs (T, N, H)`, `W_y (H, V)` → `dhs (T, N, H)`, `dW_y (H, V)`, `db_y (V,)`.
#
# *Hint: a loop over the steps needs nothing but `@`, `.T` and `.sum(axis=0)`; a weight that served several steps has the sum of its gradients at each.*

# %% nbgrader={"grade": false, "grade_id": "readout_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def readout_backward(dys, hs, W_y):
    """Gradients through the readout, y_t = h_t W_y + b_y, of what went into it.

    dys (T, N, V) arrives at every step's scores; hs (T, N, H), W_y (H, V)
    ->  dhs (T, N, H), dW_y (H, V), db_y (V,)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "readout_backward", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(readout_backward)

# %% [markdown]
# ## 7. Writing
#
# Now the network runs by itself, on one sequence: it reads a symbol, scores the next one, draws it, and reads what it has drawn.
# The token `first` is $k_0$, and for $t = 1, \dots, T$
#
# $$h_t = \tanh\left( \mathrm{onehot}(k_{t-1})\,W_x + h_{t-1}\,W_h + b \right), \qquad
# p_t = \mathrm{softmax}\left( \frac{h_t\,W_y + b_y}{\tau} \right), \qquad
# k_t \text{ drawn from } p_t$$
#
# The temperature $\tau$ sharpens the choice when it is below 1 and levels it when it is above. Chance comes from outside, so that your
# function can be checked: `u[0]` decides the first draw, `u[1]` the second, and so on. Each takes **the first token whose cumulative
# probability exceeds it**: with p = (0.2, 0.5, 0.3) the cumulative probabilities are (0.2, 0.7, 1), and a draw of 0.6 takes token 1.
#
# `h0 (1, H)`, integer `first`, `u (T,)` with values in [0, 1), `W_x (V, H)`, `W_h (H, H)`, `b (H,)`, `W_y (H, V)`, `b_y (V,)`, `temperature` > 0 →
# integer `tokens (T,)`: the drawn ones, without `first`.
#
# *Hint: `np.searchsorted(np.cumsum(p), u[t], side="right")` finds that token; rounding can leave the last cumulative probability a little
# below 1, so let no answer exceed `V - 1`.*

# %% nbgrader={"grade": false, "grade_id": "sample_tokens-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sample_tokens(h0, first, u, W_x, W_h, b, W_y, b_y, temperature):
    """Tokens drawn one after another from softmax((h W_y + b_y) / temperature): each becomes, one-hot, the next step's input.

    h0 (1, H), integer first, u (T,) uniform draws in [0, 1), W_x (V, H), W_h (H, H), b (H,), W_y (H, V), b_y (V,),
    temperature > 0  ->  integer tokens (T,)
    Draw t takes the first token whose cumulative probability exceeds u[t].
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "sample_tokens", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(sample_tokens)

# %% [markdown]
# ## 8. Targets that are not quite certain
#
# This one is on no page, and neither are the two after it. `cross_entropy` wants probability 1 for every symbol that came, which no finite scores reach, so
# training never stops pulling at them. *Label smoothing* wants less: the symbol that came gives up the share `smoothing` of its certainty, and this share
# is spread evenly over all $V$ symbols, the one that came among them. So at each step every symbol has a probability $q_v$ that is wanted, and the loss of the step is
# the cross-entropy of the two distributions,
#
# $$-\sum_{v=1}^{V} q_v \ln p_v$$
#
# And here all sequences count the same, however long they are: the loss of a sequence is the mean over its own steps, those with mask 1, of which it has at least
# one; the loss of the batch is the mean over its sequences. Derive the gradient with respect to the scores. The chapter did it for a single symbol that came.
#
# `logits (T, N, V)`, integer `targets (T, N)`, `mask (T, N)`, number `smoothing` from 0 to 1 → `loss ()`, `dlogits (T, N, V)`. Scores may be as large as 10,000.
#
# For a function that nobody has printed, `check` has no reference to run. It compares with results that were recorded, the same each
# time; where answers are graded, other inputs are drawn.
#
# <details><summary>A hint for <code>smoothed_cross_entropy</code></summary>
#
# *Hint: take one step, and any $q$. What is the derivative of $\ln p_w$ with respect to $y_v$, for $w = v$ and for the others? And what do the $q_w$ add up to?*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "smoothed_cross_entropy-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def smoothed_cross_entropy(logits, targets, mask, smoothing):
    """Loss in nats against targets that give the share smoothing to all symbols alike, and its gradient.

    logits (T, N, V), integer targets (T, N), mask (T, N), 1 where a step counts and 0 where it is padding, number smoothing
    ->  loss (), dlogits (T, N, V)
    Each sequence has the mean over its own steps, and the batch the mean over its sequences.
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "smoothed_cross_entropy", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check(smoothed_cross_entropy)

# %% [markdown]
# ## 9. The answer in the place of the state
#
# What if a network carries on not its state but what it has *said*? Jordan's network, four years older than Elman's, is that of function 4 with a readout as in function 5,
# but for one thing: at each step it reads, in the place of its last state, its last output, by weights $W_o$ of their own.
#
# The output is the plain sum of the readout, with no softmax, and it is read as it is. Before the first step it is `y0`. Between two steps nothing is carried but the output.
#
# `xs (T, N, D)`, `y0 (N, O)`, `W_x (D, H)`, `W_o (O, H)`, `b (H,)`, `W_y (H, O)`, `b_y (O,)` → `ys (T, N, O)`, `hs (T, N, H)`.
#
# <details><summary>A hint for <code>jordan_forward</code></summary>
#
# *Hint: the loop is that of `rnn_forward`. What does one variable hold there from step to step, and what must it hold here?*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "jordan_forward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def jordan_forward(xs, y0, W_x, W_o, b, W_y, b_y):
    """A network that reads its last output in the place of its last state.

    xs (T, N, D), y0 (N, O), W_x (D, H), W_o (O, H), b (H,), W_y (H, O), b_y (O,)  ->  ys (T, N, O), hs (T, N, H)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "jordan_forward", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(jordan_forward)

# %% [markdown]
# ## 10. Back through one such step
#
# Take one step of that network by itself. `dy` says how the loss changes with its output. How does it change with each of the seven things that the
# step was made of? Derive it: chapter 1 went back through a net with one hidden layer, and the slope of $\tanh a$ is $1 - \tanh^2 a$.
#
# `dy (N, O)`, `x (N, D)`, `y_prev (N, O)`, the last output, `h (N, H)`, `W_x (D, H)`, `W_o (O, H)`, `W_y (H, O)` →
# `dx (N, D)`, `dy_prev (N, O)`, `dW_x (D, H)`, `dW_o (O, H)`, `db (H,)`, `dW_y (H, O)`, `db_y (O,)`. Sums over the batch stay sums.
#
# <details><summary>A hint for <code>jordan_step_backward</code></summary>
#
# *Hint: begin where the step ended, at the output. If you know chapter 1's `mlp_backward`: which input would make this step that net?*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "jordan_step_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def jordan_step_backward(dy, x, y_prev, h, W_x, W_o, W_y):
    """Gradients through one step of jordan_forward, of all that went into it.

    dy (N, O) arrives at the step's output; x (N, D), y_prev (N, O), h (N, H), W_x (D, H), W_o (O, H), W_y (H, O)
    ->  dx (N, D), dy_prev (N, O), dW_x (D, H), dW_o (O, H), db (H,), dW_y (H, O), db_y (O,)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "jordan_step_backward", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check(jordan_step_backward)

# %% [markdown]
# ## Two beginnings
#
# A figure, which a person reads. Let your `rnn_forward` read the same 60 random inputs twice, from two different `h0`, and measure after each step how far the two states
# are apart. Do it with a random `W_h` of 32 units, multiplied by three factors: one with which the beginning is soon forgotten, one with which that takes long, and one with which it
# is never forgotten. Draw all three, on an axis on which you can tell a distance of 1 from one of a millionth. Then say in two sentences, as comments at the end of the cell, what the figure shows.

# %% nbgrader={"grade": true, "grade_id": "two-beginnings", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
import matplotlib.pyplot as plt

### BEGIN SOLUTION
rng = np.random.default_rng(2)
H = 32
inputs, W_in, random = rng.normal(size=(60, 1, 4)), rng.normal(size=(4, H)) / 2, rng.normal(size=(H, H)) / np.sqrt(H)
begins = rng.normal(size=(2, 1, H))

figure, ax = plt.subplots()
for factor in (0.5, 1.0, 3.0):
    one, other = (rnn_forward(inputs, start, W_in, factor * random, np.zeros(H)) for start in begins)
    ax.semilogy(np.linalg.norm(one - other, axis=(1, 2)), label=f"random weights times {factor}")
ax.set(xlabel="step", ylabel="distance of the two states", title="The same inputs, from two beginnings")
ax.legend()
plt.show()
# With small weights the distance falls by about the same factor at every step, a straight line here: what the network was at the beginning is soon of no account.
# With large ones it does not fall at all: the two networks read the same inputs and never agree, so the state holds its beginning, but not in a way of which much could be read.
#
# One point each. The figure: three factors that differ as was asked, a logarithmic axis, and axes that say what they are. The sentences: the steady factor of
# the first kind, and of the last kind that the distance stays, with what that means for a memory. "It is chaotic" alone has half of it.
### END SOLUTION

# %% [markdown]
# ## The state or the answer?
#
# Answer in the cell below, in a formula or two and a few sentences; a person reads it.
#
# 1. Show that from its second step on, Jordan's network is a recurrent network as in function 4. What are its $W_h$ and its bias, and of what rank can this $W_h$ be at most?
# 2. With one output, $O = 1$, the network is to say at each step what came in two steps ago, $y_t = x_{t-2}$. Suppose that it does so exactly. What does it know at step $t$ of what it will have to say at step $t + 1$? Which
#    sum over the past could it keep without trouble?
# 3. In training one may feed it the *right* last output in the place of its own. What does that do to the way back through time, and what may go wrong when the network is used?

# %% [markdown] nbgrader={"grade": true, "grade_id": "the-state-or-the-answer", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# 1. Put $y_{t-1} = h_{t-1} W_y + b_y$ into the sum: $h_t = \tanh(x_t W_x + h_{t-1}\,(W_y W_o) + (b + b_y W_o))$. So $W_h = W_y W_o$ and the bias is $b + b_y W_o$. As a product over $O$ columns and rows, $W_h$ has rank $O$ at most, and not more than $H$.
# 2. All that comes to it from the past is $y_{t-1} = x_{t-3}$, one number, and its input $x_t$. At step $t + 1$ it must say $x_{t-1}$, which is in neither: it knows nothing of it. So no network of this kind can do it exactly, whatever $H$ is. The running sum $y_t = y_{t-1} + x_t$ is what it says anyway, so it needs no other memory (nor does
#    any fading sum, $y_t = z\,y_{t-1} + x_t$).
# 3. The right outputs are data, so nothing goes back through them: each step is a feedforward net of its own, all can be trained at once, and no gradient has to travel through time. But in use the network reads its own outputs, with errors that it never met in training; they may add up.
#
# *One point each. 1: both formulas and the rank. 2: that $x_{t-1}$ has nowhere to be, and one sum that it can keep; an answer that hides it in the digits of $y$ contradicts "exactly" and has half. 3: that the steps come apart, and that its own errors are new to it.*
# ### END SOLUTION

# %% [markdown]
# ## Let it write
#
# All are right? Then this cell trains a network of 64 units with your functions, on the language reference that comes with Python,
# and lets it write now and then. Watch words take shape. The gradients of the weights come from the course's
# `rnn_backward`; you will write that function yourself in the next assignment.
#
# This cell is not graded. Change what you like: the temperature, the size `H`, the number of batches.

# %% tags=["skip-execution"]
from unrolled.reference import rnn_backward
from unrolled.text import ALPHABET, corpus, decode, encode
from unrolled.training import adam, initial_parameters, one_hot, text_windows

rng = np.random.default_rng(0)
V, H, T, N = len(ALPHABET), 64, 32, 32
parameters = initial_parameters(rng, D=V, H=H, O=V)
update = adam(parameters)
h0 = np.zeros((N, H))

for batch, (inputs, targets) in enumerate(text_windows(rng, encode(corpus()), T, N, steps=2000), start=1):
    W_x, W_h, b, W_y, b_y = parameters.values()
    xs = one_hot(inputs, V)
    hs = rnn_forward(xs, h0, W_x, W_h, b)
    loss, dlogits = cross_entropy(readout(hs, W_y, b_y), targets, np.ones((T, N)))
    dhs, dW_y, db_y = readout_backward(dlogits, hs, W_y)
    _, _, dW_x, dW_h, db = rnn_backward(dhs, xs, h0, hs, W_x, W_h)
    update({"W_x": dW_x, "W_h": dW_h, "b": db, "W_y": dW_y, "b_y": db_y}, rate=0.005)
    if batch in (1, 50, 200, 500, 2000):
        tokens = sample_tokens(h0[:1], ALPHABET.index(" "), rng.random(70), **parameters, temperature=0.7)
        print(f"batch {batch:4}, {loss / T / np.log(2):.2f} bits a character: {decode(tokens)}")
