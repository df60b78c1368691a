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
# shown. Here you build that network and its gradients, and then two relatives of it that no page shows: nine functions, each a few lines of NumPy.
# Then you draw a figure and answer a question. At the end four units of yours learn to remember a number and to say it when they are asked, and
# you can read off what their gates do.
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
# not; the card at the end of chapter 5 says how many points that is. `check` draws its inputs in the same way, so a function that passes
# here passes there. A function may call those that you have written above it, and is then right only when they are. The figure and the
# written question after the functions are read by a person.
#
# No page prints functions 7 to 9: you derive them. For these `check` has no reference to run. It compares with results that were recorded,
# the same each time; what counts are others.
#
# The whole notebook is run, your own cells too: an import, a constant or a helper function counts wherever you put it. What takes long in a
# cell of your own is stopped, and what it shows decides nothing. Grading knows Python's own library, NumPy and Matplotlib, and no other.
#
# ## Letters
#
# Capitals are sizes: `N` sequences in a batch, `T` steps, `D` input features, `H` hidden units; and weights. Small letters are values:
# `x (N, D)` is the input of one step, `h (N, H)` the hidden state after it, `c (N, H)` the cell state after it; `h_prev` and `c_prev` are those
# before it. A plural is a whole sequence, time first: `xs (T, N, D)`, `hs`, `cs (T, N, H)`. `dh` is the gradient of the loss with respect to `h`.
# Each sequence is a row, so weights are on the right: `x @ W_x`.
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

# %% nbgrader={"grade": true, "grade_id": "sigmoid", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
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

# %% nbgrader={"grade": true, "grade_id": "lstm_step_forward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
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

# %% nbgrader={"grade": true, "grade_id": "lstm_forward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(lstm_forward)

# %% [markdown]
# ## 4. One step back
#
# Two gradients arrive: $dh$, from everything that uses the hidden state, and $dc$, from the next step's cell. Go through
# the step's formulas from the last to the first. The cell was used twice, by the next step and by $h = o \odot \tanh(c)$, so two parts add up:
#
# $$dc \leftarrow dc + dh \odot o \odot (1 - \tanh^2 c)$$
#
# This whole $dc$ goes to everything that $c = f \odot c_{\text{prev}} + i \odot g$ was made of; only the output gate gets a gradient from $dh$ directly.
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

# %% nbgrader={"grade": true, "grade_id": "lstm_step_backward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(lstm_step_backward)

# %% [markdown]
# ## 5. Back through time
#
# Now the whole way, from the last step to the first. At step $t$ two gradients meet in the hidden state: `dhs[t]`, because it was used at
# that step, and what comes back from step $t + 1$. A third comes back along the cell. After the last step nothing comes back:
#
# $$dh_t = \mathit{dhs}_t + da_{t+1}\,W_h^\top, \qquad dc_t = dc_{t+1} \odot f_{t+1} + dh_t \odot o_t \odot (1 - \tanh^2 c_t), \qquad t = T, \dots, 1$$
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

# %% nbgrader={"grade": true, "grade_id": "lstm_backward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
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
# *Hint: in `b` the order of the blocks is i | f | g | o too.*

# %% nbgrader={"grade": false, "grade_id": "init_lstm-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def init_lstm(D, H, A, forget_bias):
    """Initial weights: A / sqrt(D + H), its first D rows for W_x; the block f of b is forget_bias, the others 0.

    A (D + H, 4H)  ->  W_x (D, 4H), W_h (H, 4H), b (4H,)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "init_lstm", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(init_lstm)

# %% [markdown]
# ## 7. Gates that see the cell
#
# While an output gate is shut, $h$ is 0, and no gate knows what its own cell holds. A **peephole** shows it: each gate's sum takes one more term, a weight
# for its unit times the cell, before the sigmoid. The candidate has none. The input gate and the forget gate decide what becomes of the old cell, and see that one; the output
# gate decides what is shown of the new cell, and sees the new one. All else is as in function 2.
#
# Each unit sees its own cell alone, so a gate's weights are a vector, and the three lie side by side in `p (3H,)`, in the order **i | f | o**.
# Write the step as formulas first: you will go back through them.
#
# `x (N, D)`, `h_prev (N, H)`, `c_prev (N, H)`, `W_x (D, 4H)`, `W_h (H, 4H)`, `b (4H,)`, `p (3H,)` → `h (N, H)`, `c (N, H)` and `gates (N, 4H)`, the blocks
# i | f | g | o after sigmoid and tanh.
#
# <details><summary>A hint for <code>peephole_lstm_step_forward</code></summary>
#
# *Hint: in your `lstm_step_forward` the four blocks may be squashed in any order. Here one of them has to wait for something.*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "peephole_lstm_step_forward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def peephole_lstm_step_forward(x, h_prev, c_prev, W_x, W_h, b, p):
    """One step of an LSTM whose gates see the cell: i and f the old one, o the new one.

    x (N, D), h_prev (N, H), c_prev (N, H), W_x (D, 4H), W_h (H, 4H), b (4H,), p (3H,)  ->  h (N, H), c (N, H), gates (N, 4H)
    p holds the peephole weights in the order i|f|o, gates the activated blocks i|f|g|o.
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "peephole_lstm_step_forward", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(peephole_lstm_step_forward)

# %% [markdown]
# ## 8. Back through the peepholes
#
# Derive this one: `dh` and `dc` arrive as in function 4, and go to everything that the step was made of. The rules
# are the ones that you know. Go through the formulas from the last to the first; what was used several times gets
# the sum of the gradients of its uses; $\sigma' = s\,(1 - s)$.
#
# `dh (N, H)`, `dc (N, H)`, `x (N, D)`, `h_prev (N, H)`, `c_prev (N, H)`, `c (N, H)`, `gates (N, 4H)`, `W_x (D, 4H)`,
# `W_h (H, 4H)`, `p (3H,)` → `dx (N, D)`, `dh_prev (N, H)`, `dc_prev (N, H)`, `dW_x (D, 4H)`, `dW_h (H, 4H)`,
# `db (4H,)`, `dp (3H,)`. `c` and `gates` are what `peephole_lstm_step_forward` returned.
#
# <details><summary>A hint for <code>peephole_lstm_step_backward</code></summary>
#
# *Hint: count how often `c` is used in your formulas, and how often `c_prev`. Which gate's gradient must be
# known before that of `c` is complete?*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "peephole_lstm_step_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def peephole_lstm_step_backward(dh, dc, x, h_prev, c_prev, c, gates, W_x, W_h, p):
    """Gradients through one step of an LSTM whose gates see the cell; c and gates are what the step returned.

    dh (N, H), dc (N, H), x (N, D), h_prev (N, H), c_prev (N, H), c (N, H), gates (N, 4H), W_x (D, 4H), W_h (H, 4H), p (3H,)
    ->  dx (N, D), dh_prev (N, H), dc_prev (N, H), dW_x (D, 4H), dW_h (H, 4H), db (4H,), dp (3H,)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "peephole_lstm_step_backward", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check(peephole_lstm_step_backward)

# %% [markdown]
# ## 9. One gate for two jobs
#
# The chapter ends with the question whether one gate could do the work of two: write just where something is
# forgotten. That is the **coupled** gate, $1 - f$ in the place of $i$, with three blocks in the order **f | g | o**:
#
# $$(a_f \mid a_g \mid a_o) = x\,W_x + h_{\text{prev}}\,W_h + b, \qquad f = \sigma(a_f), \qquad g = \tanh(a_g), \qquad o = \sigma(a_o)$$
#
# $$c = f \odot c_{\text{prev}} + (1 - f) \odot g, \qquad h = o \odot \tanh(c)$$
#
# There are no peepholes here. Derive the way back.
#
# `dh (N, H)`, `dc (N, H)`, `x (N, D)`, `h_prev (N, H)`, `c_prev (N, H)`, `c (N, H)`, `gates (N, 3H)`, `W_x (D, 3H)`,
# `W_h (H, 3H)` → `dx (N, D)`, `dh_prev (N, H)`, `dc_prev (N, H)`, `dW_x (D, 3H)`, `dW_h (H, 3H)`, `db (3H,)`. `c` and
# `gates`, f | g | o after sigmoid and tanh, are what the step made.
#
# <details><summary>A hint for <code>coupled_lstm_step_backward</code></summary>
#
# *Hint: by how much does c grow when f grows a little, and all else stays?*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "coupled_lstm_step_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def coupled_lstm_step_backward(dh, dc, x, h_prev, c_prev, c, gates, W_x, W_h):
    """Gradients through one step of an LSTM that writes where it forgets; gates holds the activated blocks f|g|o.

    dh (N, H), dc (N, H), x (N, D), h_prev (N, H), c_prev (N, H), c (N, H), gates (N, 3H), W_x (D, 3H), W_h (H, 3H)
    ->  dx (N, D), dh_prev (N, H), dc_prev (N, H), dW_x (D, 3H), dW_h (H, 3H), db (3H,)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "coupled_lstm_step_backward", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check(coupled_lstm_step_backward)

# %% [markdown]
# ## Two roads back
#
# A figure, which a person reads. Along the cell's own line a gradient is multiplied by forget gates alone; a second
# road leads from cell to cell through the hidden state. Which of them is the wider one? Let an untrained LSTM of 32
# units read 60 steps of random inputs, put a random gradient of size 1 on each sequence's last cell state, and
# nothing on its hidden state. Bring it back step by step with your `lstm_step_backward`, and draw how large it is at
# each cell state on the way. Beside it draw what the first road alone brings: the same gradient times the forget
# gates. Do both for forget biases of 0, 2 and 4, on a logarithmic axis. Then say in two sentences, as comments at the
# end of the cell, what the figure shows.

# %% nbgrader={"grade": true, "grade_id": "two-roads-back", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
import matplotlib.pyplot as plt

### BEGIN SOLUTION
rng = np.random.default_rng(4)
T, N, D, H = 60, 16, 8, 32
noise, zeros, drawn = rng.normal(size=(T, N, D)), np.zeros((N, H)), rng.normal(size=(D + H, 4 * H))
last = rng.normal(size=(N, H))
last = last / np.linalg.norm(last, axis=1, keepdims=True)

figure, ax = plt.subplots()
for bias, colour in zip((0.0, 2.0, 4.0), ("C0", "C1", "C2"), strict=True):
    W_x, W_h, b = init_lstm(D, H, drawn, bias)
    hs, cs, gates = lstm_forward(noise, zeros, zeros, W_x, W_h, b)
    dh, dc, road = zeros, last, last
    whole, alone = [1.0], [1.0]
    for t in reversed(range(1, T)):
        _, dh, dc, *_ = lstm_step_backward(dh, dc, noise[t], hs[t - 1], cs[t - 1], cs[t], gates[t], W_x, W_h)
        road = road * gates[t][:, H : 2 * H]
        whole.append(np.median(np.linalg.norm(dc, axis=1)))
        alone.append(np.median(np.linalg.norm(road, axis=1)))
    ax.semilogy(whole, colour, label=f"both roads, forget bias {bias:g}")
    ax.semilogy(alone, colour, linestyle="--", label=f"the cell's line alone, {bias:g}")
ax.set(xlabel="steps back", ylabel="gradient at the cell, median of 16 sequences", title="Two roads back from the last cell")
ax.legend()
plt.show()
# For the first few steps the two are one line, for nearly everything comes along the cell; each line alone falls by
# the mean forget gate, so a larger bias makes it flatter.
# Further back the road through the hidden state brings more than the cell's line, with a bias of 0 by many orders of
# magnitude and still almost nothing, and with a bias of 4 so much that the whole gradient grows: an open forget gate
# does not keep it from exploding.
#
# One point each. The figure: both quantities for three biases, a logarithmic axis, axes that say what they are, and
# curves in which dh is handed back too. The sentences: that the two agree at first and part later, and one of
# the consequences (the cell's line is a lower bound in practice and no upper one; what grows there is W_h's doing).
# "A larger bias keeps more" alone has half a point.
### END SOLUTION

# %% [markdown]
# ## One gate less, one look more
#
# Answer in the cell below, in a formula or two and a few sentences each; a person reads it.
#
# 1. Whatever a coupled LSTM computes, an LSTM of function 2 can compute too: with which weights and biases? Say what
#    $dW_f$ of the one, the gradient of the columns of $W_x$ that belong to $f$, is in terms of the other's gradients.
# 2. Take the hidden state before a step as given. What is $\partial c_t / \partial c_{t-1}$ for one unit of the LSTM
#    with peepholes? With $c_{t-1} = 3$, $g = 1$, $i = f = \frac12$ and $p_f = p_i = 1$: what number is it, and what
#    does the carousel lose by that?
# 3. A unit with peepholes shall be silent, and then speak for the first time at the 20th step, whatever comes in and
#    whatever $h$ is: $W_x = W_h = 0$. Give numbers for $b$ and $p$, with which $h$ is below 0.01 until step 19 and
#    above 0.9 from step 20 on, starting from $c_0 = 0$. Why can no unit of the same kind without peepholes do that?

# %% [markdown] nbgrader={"grade": true, "grade_id": "one-gate-less", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# 1. Since $1 - \sigma(a) = \sigma(-a)$, the input gate's weights and biases are those of the forget gate with the
#    other sign, $W_i = -W_f$ and $b_i = -b_f$, for $W_x$ and $W_h$ alike; f, g and o keep theirs. The coupled $W_f$
#    is in both blocks, once with a minus, so its gradient is $dW_f - dW_i$ of the LSTM's.
# 2. $f + c_{t-1} f (1 - f)\,p_f + g\,i\,(1 - i)\,p_i$. Here $\frac12 + \frac34 + \frac14 = \frac32$. Without
#    peepholes the factor was $f$, a share between 0 and 1; now it can be above 1, or negative, so the gradient can
#    explode along the cell's own line, too.
# 3. For example $b = (50, 50, 50, -195)$ for i, f, g, o and $p = (0, 0, 10)$: then $i = f = g = 1$, the cell counts
#    the steps, $c_t = t$, and $o_t = \sigma(10\,t - 195)$, which is $\sigma(-5) \approx 0.007$ at step 19 and
#    $\sigma(5) \approx 0.993$ at step 20, with $\tanh(c)$ almost 1. Without peepholes, and with weights of 0, the
#    output gate is the same number at every step, $o = \sigma(b_o)$. It would have to be at least 0.9 for step 20 and
#    then $|\tanh(c_{19})|$ would have to be below 0.012, while $\tanh(c_{20})$ is above 0.9. That is a leap of more
#    than 1 of the cell, which changes by $i\,g$, less than 1, and by the forgetting, which only takes away.
#
# *One point each. 1: the weights with their sign, and the difference. 2: the formula with its three terms, the
# number, and that it may exceed 1. 3: numbers that do it (any steep $p_o$ and a threshold between 19 and 20), and
# that without a peephole $o$ is constant here; the second half of the argument may be short.*
# ### END SOLUTION

# %% [markdown]
# ## Let it remember
#
# All are right? Then train four units with them. At each step comes a number; now and then it is marked "store", and later "recall" asks for
# the number stored last. In between the network should say nothing. At the end, see what your gates have learned: the table gives
# their mean at the steps of each kind.
#
# This cell is not graded. It takes less than a minute. Change what you like: the number of units, the forget bias, the length `T`.

# %% tags=["skip-execution"]
from unrolled.reference import readout_backward
from unrolled.tasks import remember_and_recall
from unrolled.training import adam

rng = np.random.default_rng(0)
T, N, D, H = 20, 64, 3, 4
W_x, W_h, b = init_lstm(D, H, rng.normal(size=(D + H, 4 * H)), 2.0)
weights = {"W_x": W_x, "W_h": W_h, "b": b, "W_y": rng.normal(size=(H, 1)) / np.sqrt(H), "b_y": np.zeros(1)}
update = adam(weights)

for batch in range(1, 1501):
    xs, targets = remember_and_recall(rng, T, N, dtype=float)
    W_x, W_h, b, W_y, b_y = weights.values()
    zero = np.zeros((N, H))
    hs, cs, gates = lstm_forward(xs, zero, zero, W_x, W_h, b)
    gap = hs @ W_y + b_y - targets
    dys = 2 * gap / gap.size
    dhs, dW_y, db_y = readout_backward(dys, hs, W_y)
    _, _, _, dW_x, dW_h, db = lstm_backward(dhs, xs, zero, zero, hs, cs, gates, W_x, W_h)
    update(dict(zip(weights, [dW_x, dW_h, db, dW_y, db_y], strict=True)), rate=0.02)
    if batch % 250 == 0:
        print(f"batch {batch:4}: mean squared error {np.mean(gap**2):.4f}, against {np.mean(targets**2):.4f} for saying nothing")

store, recall = xs[..., 1] == 1, xs[..., 2] == 1
print("\nmean over the steps  input gate     forget gate    output gate    (a number a unit)")
for name, steps in {"store": store, "recall": recall, "neither": ~store & ~recall}.items():
    i, f, _, o = np.split(gates[steps].mean(axis=0), 4)
    print(f"{name:20}", *(" ".join(f"{value:.1f}" for value in gate) for gate in (i, f, o)), sep="  ")
