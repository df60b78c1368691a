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
# # An LSTM, forward and back
#
# Chapter 5 gave a recurrent network a second state, the cell, and three gates that decide what is written to it, what is kept, and what is
# shown. Here you build that network and its gradients: six functions, each a few lines of NumPy. At the end four units of yours learn to
# remember a number and to say it when they are asked, and you can read off what their gates do.
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
# not; the card at the end of chapter 5 says how many points that is. `check` draws its inputs in the same way, so a function that passes
# here passes there. A function may call those that you have written above it, and is then right only when they are.
#
# The whole notebook is run, your own cells too: an import, a constant or a helper function counts wherever you put it. What takes long in a
# cell of your own is stopped, and what it shows decides nothing. Grading knows Python's own library, NumPy and Matplotlib, and no other.
#
# ## Letters
#
# Capitals are sizes: `N` sequences in a batch, `T` steps, `D` input features, `H` hidden units; and weights. Small letters are values:
# `x (N, D)` is the input of one step, `h (N, H)` the hidden state after it, `c (N, H)` the cell state after it; `h_prev` and `c_prev` are those
# before it. A plural is a whole sequence, time first: `xs (T, N, D)`, `hs`, `cs (T, N, H)`. `dh` is the gradient of the loss with respect to `h`.
# Each sequence is a row, so weights stand on the right: `x @ W_x`.
#
# **Four blocks side by side.** The weights of the input gate, the forget gate, the candidate and the output gate lie in one array, always in the
# order **i | f | g | o**: the first `H` columns of `W_x (D, 4H)` belong to i, the next `H` to f, then g, then o. `W_h (H, 4H)`, `b (4H,)` and
# `gates (N, 4H)` are laid out in the same way. `np.split(a, 4, axis=-1)` takes such an array apart, `np.concatenate([i, f, g, o], axis=-1)` puts one
# together.

# %%
import numpy as np

from unrolled import check

# %% [markdown]
# ## 1. Sigmoid
#
# A gate is a share between 0, shut, and 1, open. The logistic function makes such a share of any number:
#
# $$\sigma(a) = \frac{1}{1 + e^{-a}} = \frac{e^{a}}{e^{a} + 1}$$
#
# `a (...)` → `s (...)`, for arrays of any shape. The numbers in `a` may be as large as 10,000 and as small as −10,000.
#
# *Hint: both forms are the same number, but `np.exp(10_000)` is infinite, and infinity divided by infinity is nothing that you can use. Which form
# takes `exp` only of what is negative?*

# %% nbgrader={"grade": false, "grade_id": "sigmoid-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sigmoid(a):
    """The logistic function 1 / (1 + exp(-a)), right for a of any size.

    a (...)  ->  s (...)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "sigmoid", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(sigmoid)

# %% [markdown]
# ## 2. One step
#
# All four blocks look at the same two things, the input and the hidden state before:
#
# $$(a_i \mid a_f \mid a_g \mid a_o) = x\,W_x + h_{\text{prev}}\,W_h + b$$
#
# Three of them become gates, one becomes the **candidate**, what could be written:
#
# $$i = \sigma(a_i), \qquad f = \sigma(a_f), \qquad g = \tanh(a_g), \qquad o = \sigma(a_o)$$
#
# Then the cell keeps a share of what it holds and takes in a share of the candidate, and the output gate decides how much of it is shown:
#
# $$c = f \odot c_{\text{prev}} + i \odot g, \qquad h = o \odot \tanh(c)$$
#
# $\odot$ multiplies entry by entry, `*` in NumPy.
#
# `x (N, D)`, `h_prev (N, H)`, `c_prev (N, H)`, `W_x (D, 4H)`, `W_h (H, 4H)`, `b (4H,)` → `h (N, H)`, `c (N, H)` and `gates (N, 4H)`, which holds i, f, g and o
# side by side as they are after sigmoid and tanh. The backward pass will need them.
#
# *Hint: one sum of two products gives all four blocks at once; split it, squash each block in its own way, and the rest are the two formulas.*

# %% nbgrader={"grade": false, "grade_id": "lstm_step_forward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lstm_step_forward(x, h_prev, c_prev, W_x, W_h, b):
    """One LSTM step: c = f * c_prev + i * g, h = o * tanh(c), with the gates' blocks in the order i|f|g|o.

    x (N, D), h_prev (N, H), c_prev (N, H), W_x (D, 4H), W_h (H, 4H), b (4H,)  ->  h (N, H), c (N, H), gates (N, 4H)
    gates holds the blocks after sigmoid and tanh.
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "lstm_step_forward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(lstm_step_forward)

# %% [markdown]
# ## 3. The whole sequence
#
# The same step, with the same weights, once for every input. **Two** states go from each step to the next, h and c; the first step starts at
# `h0` and `c0`, which need not be zero.
#
# $$(h_t,\, c_t,\, \mathrm{gates}_t) = \mathrm{step}(x_t,\, h_{t-1},\, c_{t-1}), \qquad t = 1, \dots, T$$
#
# `xs (T, N, D)`, `h0 (N, H)`, `c0 (N, H)`, `W_x (D, 4H)`, `W_h (H, 4H)`, `b (4H,)` → `hs (T, N, H)`, `cs (T, N, H)` and `gates (T, N, 4H)`, what each
# of the T steps made.
#
# *Hint: you may call your `lstm_step_forward`; three lists and `np.stack` hold the results. Once it is right, think about speed: `xs @ W_x + b` needs
# no state, so one product serves all steps.*

# %% nbgrader={"grade": false, "grade_id": "lstm_forward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lstm_forward(xs, h0, c0, W_x, W_h, b):
    """The step applied to a whole sequence: the same W_x, W_h, b at every step.

    xs (T, N, D), h0 (N, H), c0 (N, H), W_x (D, 4H), W_h (H, 4H), b (4H,)
    ->  hs (T, N, H), cs (T, N, H), gates (T, N, 4H)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "lstm_forward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(lstm_forward)

# %% [markdown]
# ## 4. One step back
#
# Two gradients arrive: $dh$, from everything that uses the hidden state, and $dc$, from the next step's cell. Go through
# the step's formulas from the last to the first. The cell was used twice, by the next step and by $h = o \odot \tanh(c)$, so two parts add up:
#
# $$dc \leftarrow dc + dh \odot o \odot (1 - \tanh^2 c)$$
#
# This whole $dc$ goes to everything that $c = f \odot c_{\text{prev}} + i \odot g$ was made of; only the output gate hears of $dh$ directly.
# Each then goes through its squashing function, whose slope is $s\,(1 - s)$ for a sigmoid with the value $s$ and $1 - g^2$ for tanh:
#
# $$\begin{aligned}
# da_i &= dc \odot g \odot i \odot (1 - i), & da_f &= dc \odot c_{\text{prev}} \odot f \odot (1 - f), \\
# da_g &= dc \odot i \odot (1 - g^2), & da_o &= dh \odot \tanh(c) \odot o \odot (1 - o)
# \end{aligned}$$
#
# The old cell state was multiplied by the forget gate: $dc_{\text{prev}} = dc \odot f$. And with the four blocks side by side,
# $da = (da_i \mid da_f \mid da_g \mid da_o)$, everything else goes the way that you know from the plain network.
#
# `dh (N, H)`, `dc (N, H)`, `x (N, D)`, `h_prev (N, H)`, `c_prev (N, H)`, `c (N, H)`, `gates (N, 4H)`, `W_x (D, 4H)`, `W_h (H, 4H)` →
# `dx (N, D)`, `dh_prev (N, H)`, `dc_prev (N, H)`, `dW_x (D, 4H)`, `dW_h (H, 4H)`, `db (4H,)`. `c` and `gates` are what `lstm_step_forward` returned.
#
# *Hint: write the shape under each product; a gradient has the shape of what it belongs to, and that decides which factor is transposed.*

# %% nbgrader={"grade": false, "grade_id": "lstm_step_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lstm_step_backward(dh, dc, x, h_prev, c_prev, c, gates, W_x, W_h):
    """Gradients through one step; c and gates are what lstm_step_forward returned, the gates in the order i|f|g|o.

    dh (N, H), dc (N, H), x (N, D), h_prev (N, H), c_prev (N, H), c (N, H), gates (N, 4H), W_x (D, 4H), W_h (H, 4H)
    ->  dx (N, D), dh_prev (N, H), dc_prev (N, H), dW_x (D, 4H), dW_h (H, 4H), db (4H,)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "lstm_step_backward", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check(lstm_step_backward)

# %% [markdown]
# ## 5. Back through time
#
# Now the whole way, from the last step to the first. At step $t$ two gradients meet in the hidden state: `dhs[t]`, because it was used at
# that step, and what comes back from step $t + 1$. A third comes back along the cell. After the last step nothing comes back:
#
# $$dh_t = dhs_t + da_{t+1}\,W_h^\top, \qquad dc_t = dc_{t+1} \odot f_{t+1} + dh_t \odot o_t \odot (1 - \tanh^2 c_t), \qquad t = T, \dots, 1$$
#
# The weights are shared, so their gradients are sums over all steps. What the first step hands back are `dh0` and `dc0`.
#
# `dhs (T, N, H)`, `xs (T, N, D)`, `h0 (N, H)`, `c0 (N, H)`, `hs (T, N, H)`, `cs (T, N, H)`, `gates (T, N, 4H)`, `W_x (D, 4H)`, `W_h (H, 4H)` →
# `dxs (T, N, D)`, `dh0 (N, H)`, `dc0 (N, H)`, `dW_x (D, 4H)`, `dW_h (H, 4H)`, `db (4H,)`. `hs`, `cs` and `gates` are what `lstm_forward` returned.
#
# *Hint: the states before step t are `hs[t - 1]` and `cs[t - 1]`, and `h0` and `c0` before the first; in Python `hs[-1]` is not an error, it is the
# last state.*

# %% nbgrader={"grade": false, "grade_id": "lstm_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lstm_backward(dhs, xs, h0, c0, hs, cs, gates, W_x, W_h):
    """Back-propagation through time: from the last step to the first, gradients of the weights summed over all steps.

    dhs (T, N, H) arrives at every step's output; xs (T, N, D), h0 (N, H), c0 (N, H), hs (T, N, H), cs (T, N, H),
    gates (T, N, 4H), W_x (D, 4H), W_h (H, 4H)
    ->  dxs (T, N, D), dh0 (N, H), dc0 (N, H), dW_x (D, 4H), dW_h (H, 4H), db (4H,)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "lstm_backward", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check(lstm_backward)

# %% [markdown]
# ## 6. Where to start
#
# Training begins from random weights. Each gate adds up $D + H$ products; for the sum to keep the scale of what goes in, every weight is a standard
# normal number divided by the square root of that count, the **fan-in**:
#
# $$\begin{pmatrix} W_x \\ W_h \end{pmatrix} = \frac{A}{\sqrt{D + H}}$$
#
# All biases are 0, except those of the forget gate: they are `forget_bias`, usually 1 or more, so that the gate is open and the cell keeps what it holds
# before it has learned when to forget.
#
# Integers `D`, `H`; `A (D + H, 4H)` of standard normal numbers, given so that your function can be checked; a number `forget_bias` → `W_x (D, 4H)` from the first D
# rows of A, `W_h (H, 4H)` from the others, `b (4H,)`.
#
# *Hint: in `b` the blocks stand in the order i | f | g | o too.*

# %% nbgrader={"grade": false, "grade_id": "init_lstm-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def init_lstm(D, H, A, forget_bias):
    """Initial weights: A / sqrt(D + H), its first D rows for W_x; the block f of b is forget_bias, the others 0.

    A (D + H, 4H)  ->  W_x (D, 4H), W_h (H, 4H), b (4H,)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "init_lstm", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(init_lstm)

# %% [markdown]
# ## Let it remember
#
# All six are right? Then train four units with them. At each step comes a number; now and then it is marked "store", and later "recall" asks for
# the number stored last. In between the network should say nothing. At the end, see what your gates have learned: the table gives
# their mean at the steps of each kind.
#
# This cell is not graded. It takes less than a minute. Change what you like: the number of units, the forget bias, the length `T`.

# %% tags=["skip-execution"]
from unrolled.tasks import remember_and_recall
from unrolled.training import adam

rng = np.random.default_rng(0)
T, N, D, H = 20, 64, 3, 4
W_x, W_h, b = init_lstm(D, H, rng.normal(size=(D + H, 4 * H)), 2.0)
weights = {"W_x": W_x, "W_h": W_h, "b": b, "W_y": rng.normal(size=(H, 1)) / np.sqrt(H), "b_y": np.zeros(1)}
update = adam(weights)

for step in range(1, 1501):
    xs, targets = remember_and_recall(rng, T, N, dtype=float)
    W_x, W_h, b, W_y, b_y = weights.values()
    zero = np.zeros((N, H))
    hs, cs, gates = lstm_forward(xs, zero, zero, W_x, W_h, b)
    gap = hs @ W_y + b_y - targets
    dys = 2 * gap / gap.size
    _, _, _, dW_x, dW_h, db = lstm_backward(dys @ W_y.T, xs, zero, zero, hs, cs, gates, W_x, W_h)
    dW_y, db_y = np.tensordot(hs, dys, axes=([0, 1], [0, 1])), dys.sum(axis=(0, 1))
    update(dict(zip(weights, [dW_x, dW_h, db, dW_y, db_y], strict=True)), rate=0.02)
    if step % 250 == 0:
        print(f"step {step:4}: mean squared error {np.mean(gap**2):.4f}, against {np.mean(targets**2):.4f} for saying nothing")

store, recall = xs[..., 1] == 1, xs[..., 2] == 1
print("\nmean over the steps  input gate     forget gate    output gate    (a number a unit)")
for name, steps in {"store": store, "recall": recall, "neither": ~store & ~recall}.items():
    i, f, _, o = np.split(gates[steps].mean(axis=0), 4)
    print(f"{name:20}", *(" ".join(f"{value:.1f}" for value in gate) for gate in (i, f, o)), sep="  ")
