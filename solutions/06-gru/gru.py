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
# # A gated recurrent unit, forward and back
#
# Chapter 6 gave a recurrent network two dials: the reset gate $r$, which says how much of the old state may be seen, and the update
# gate $z$, which says how much of it is kept. Here you build that network and its gradients, the variant that PyTorch runs, whose way back no page
# shows, and a unit that has one gate alone: eight functions. Then you draw a figure and answer a question. At the end your GRU learns to add two
# numbers that lie up to 60 steps back.
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
# not; the card at the end of chapter 6 says how many points that is. `check` draws its inputs in the same way, so a function that passes
# here passes there. A function may call those that you have written above it, and is then right only when they are. The figure and the
# written question after the functions are read by a person.
#
# No page prints functions 6 to 8: you derive them. For these `check` has no reference to run. It compares with results that were recorded,
# the same each time; what counts are others.
#
# The whole notebook is run, your own cells too: an import, a constant or a helper function counts wherever you put it. What takes long in a
# cell of your own is stopped, and what it shows decides nothing. Grading knows Python's own library, NumPy and Matplotlib, and no other.
# `sigmoid` is given, in the next cell.
#
# ## Letters
#
# Capitals are sizes: `N` sequences in a batch, `T` steps, `D` input features, `H` hidden units; and weights. Small letters are values:
# `x (N, D)` is the input of one step, `h (N, H)` the state after it, `h_prev (N, H)` the state before it. A plural is a whole sequence, time
# first: `xs (T, N, D)`, `hs (T, N, H)`. `dh` is the gradient of the loss with respect to `h`. Each sequence is a row, so weights are on the
# right: `x @ W_x`.
#
# **Three blocks side by side.** The weights of reset, update and candidate lie in one array, always in the order **r | z | n**: the first
# `H` columns of `W_x (D, 3H)` are $W_{xr}$, the next are $W_{xz}$, the last $W_{xn}$. `W_h (H, 3H)`, `b (3H,)` and `gates (N, 3H)` are
# laid out in the same way. `np.split(W_x, 3, axis=-1)` takes such an array apart, `np.concatenate([r, z, n], axis=-1)` puts one together.

# %%
import numpy as np

from unrolled import check


def sigmoid(a):
    """The logistic function 1 / (1 + exp(-a)), right for a of any size: your work from assignment 5, given here."""
    e = np.exp(-np.abs(a))
    return np.where(a < 0, e, 1) / (1 + e)

# %% [markdown]
# ## 1. One step
#
# Two gates look at the input and at the old state; each is a share between 0 and 1 for every hidden unit:
#
# $$r = \sigma\left( x\,W_{xr} + h_{\text{prev}}\,W_{hr} + b_r \right), \qquad
# z = \sigma\left( x\,W_{xz} + h_{\text{prev}}\,W_{hz} + b_z \right)$$
#
# The **candidate** is what a plain recurrent network would make its new state, except that it sees the old one through the reset gate. The
# new state is a mixture of old and candidate, and the update gate sets the shares:
#
# $$n = \tanh\left( x\,W_{xn} + (r \odot h_{\text{prev}})\,W_{hn} + b_n \right), \qquad
# h = z \odot h_{\text{prev}} + (1 - z) \odot n$$
#
# $\odot$ multiplies entry by entry, `*` in NumPy. Mind the order in the candidate, first the reset, then the matrix product, and the
# direction of $z$: **near 1 it keeps the old state**. Other books and libraries choose otherwise.
#
# `x (N, D)`, `h_prev (N, H)`, `W_x (D, 3H)`, `W_h (H, 3H)`, `b (3H,)` → `h (N, H)` and `gates (N, 3H)`, which holds r, z and n side by side
# as they are after sigmoid and tanh. The backward pass will need them.
#
# *Hint: take `W_x`, `W_h` and `b` apart first; then each formula is one line.*

# %% nbgrader={"grade": false, "grade_id": "gru_step_forward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gru_step_forward(x, h_prev, W_x, W_h, b):
    """One GRU step: h = z * h_prev + (1 - z) * n, with the reset before the matrix product in n.

    x (N, D), h_prev (N, H), W_x (D, 3H), W_h (H, 3H), b (3H,)  ->  h (N, H), gates (N, 3H)
    The blocks of W_x, W_h, b and gates are r|z|n; gates holds them after sigmoid and tanh.
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "gru_step_forward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(gru_step_forward)

# %% [markdown]
# ## 2. The whole sequence
#
# The same step, with the same weights, once for every input. The state that one step leaves is where the next one starts, and the first
# starts at `h0`.
#
# $$h_t,\, (r_t \mid z_t \mid n_t) = \mathrm{step}(x_t,\, h_{t-1}), \qquad t = 1, \dots, T$$
#
# `xs (T, N, D)`, `h0 (N, H)`, `W_x (D, 3H)`, `W_h (H, 3H)`, `b (3H,)` → `hs (T, N, H)`, the states *after* each of the T inputs, and
# `gates (T, N, 3H)`, the gates of each step.
#
# *Hint: you may call your `gru_step_forward`; two lists and `np.stack` hold the results. Once it is right, think about speed: `xs @ W_x + b` needs
# no state, so one product serves all steps.*

# %% nbgrader={"grade": false, "grade_id": "gru_forward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gru_forward(xs, h0, W_x, W_h, b):
    """The step applied to a whole sequence: the same W_x, W_h, b at every step.

    xs (T, N, D), h0 (N, H), W_x (D, 3H), W_h (H, 3H), b (3H,)  ->  hs (T, N, H), gates (T, N, 3H)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "gru_forward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(gru_forward)

# %% [markdown]
# ## 3. One step back
#
# The gradient $dh$ arrives, and is handed on to everything that $h$ was made of. Go through the step's formulas from the last to the
# first. Write $a_r$, $a_z$, $a_n$ for the sums inside sigmoid and tanh. The mixture hands $dh \odot (1 - z)$ to the candidate and
# $dh \odot (h_{\text{prev}} - n)$ to the update gate, and the squashing functions multiply by their slopes:
#
# $$da_n = dh \odot (1 - z) \odot (1 - n^2), \qquad
# da_z = dh \odot (h_{\text{prev}} - n) \odot z \odot (1 - z)$$
#
# The candidate saw the product $r \odot h_{\text{prev}}$, whose gradient is $da_n\,W_{hn}^\top$. It belongs to both of its factors:
#
# $$da_r = \left( da_n\,W_{hn}^\top \right) \odot h_{\text{prev}} \odot r \odot (1 - r)$$
#
# The old state was used in four places, so four gradients come back to it:
#
# $$dh_{\text{prev}} = dh \odot z + \left( da_n\,W_{hn}^\top \right) \odot r
# + da_r\,W_{hr}^\top + da_z\,W_{hz}^\top$$
#
# For `dx`, `dW_x` and `db` the three blocks $da = (da_r \mid da_z \mid da_n)$ go the way that you know from the plain network. Only
# in `dW_h` one block is special: $W_{hn}$ was multiplied by $r \odot h_{\text{prev}}$, not by $h_{\text{prev}}$.
#
# `dh (N, H)`, `x (N, D)`, `h_prev (N, H)`, `gates (N, 3H)`, `W_x (D, 3H)`, `W_h (H, 3H)` → `dx (N, D)`, `dh_prev (N, H)`, `dW_x (D, 3H)`, `dW_h (H, 3H)`,
# `db (3H,)`. `gates` is what `gru_step_forward` returned, so nothing has to be computed again.
#
# *Hint: write the shape under each product; a gradient has the shape of what it belongs to, and that decides which factor is transposed.*

# %% nbgrader={"grade": false, "grade_id": "gru_step_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gru_step_backward(dh, x, h_prev, gates, W_x, W_h):
    """Gradients through one step; gates holds r|z|n after sigmoid and tanh, as gru_step_forward returned them.

    dh (N, H), x (N, D), h_prev (N, H), gates (N, 3H), W_x (D, 3H), W_h (H, 3H)
    ->  dx (N, D), dh_prev (N, H), dW_x (D, 3H), dW_h (H, 3H), db (3H,)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "gru_step_backward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(gru_step_backward)

# %% [markdown]
# ## 4. Back through time
#
# Now the whole way, from the last step to the first. At step $t$ two gradients meet: `dhs[t]`, because the state was used at that step, and
# what step $t + 1$ hands back, here $dh_t^{\,\text{next}}$, because the state was handed on. After the last step nothing comes back:
#
# $$dh_t = \mathit{dhs}_t + dh_t^{\,\text{next}}, \qquad t = T, \dots, 1$$
#
# This sum goes through the step. The weights are shared, so their gradients are sums over all steps. What the first step hands back is `dh0`.
#
# `dhs (T, N, H)`, `xs (T, N, D)`, `h0 (N, H)`, `hs (T, N, H)`, `gates (T, N, 3H)`, `W_x (D, 3H)`, `W_h (H, 3H)` → `dxs (T, N, D)`, `dh0 (N, H)`,
# `dW_x (D, 3H)`, `dW_h (H, 3H)`, `db (3H,)`. `hs` and `gates` are what `gru_forward` returned.
#
# *Hint: the state before step t is `hs[t - 1]`, and `h0` before the first; in Python `hs[-1]` is not an error, it is the last state.*

# %% nbgrader={"grade": false, "grade_id": "gru_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gru_backward(dhs, xs, h0, hs, gates, W_x, W_h):
    """Back-propagation through time: from the last step to the first, gradients of the weights summed over all steps.

    dhs (T, N, H) arrives at every step's output; xs (T, N, D), h0 (N, H), hs (T, N, H), gates (T, N, 3H),
    W_x (D, 3H), W_h (H, 3H)  ->  dxs (T, N, D), dh0 (N, H), dW_x (D, 3H), dW_h (H, 3H), db (3H,)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "gru_backward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(gru_backward)

# %% [markdown]
# ## 5. PyTorch's variant
#
# `torch.nn.GRU` applies the reset **after** the matrix product, and its candidate has a second bias, inside the reset. The gates are as
# before; the candidate is
#
# $$n = \tanh\left( x\,W_{xn} + b_n + r \odot \left( h_{\text{prev}}\,W_{hn} + b_{hn} \right) \right), \qquad
# h = z \odot h_{\text{prev}} + (1 - z) \odot n$$
#
# `x (N, D)`, `h_prev (N, H)`, `W_x (D, 3H)`, `W_h (H, 3H)`, `b (3H,)`, `b_hn (H,)` → `h (N, H)`, `gates (N, 3H)`.
#
# *Hint: `h_prev @ W_h` is now one product for all three blocks, and that is why libraries like this variant.*

# %% nbgrader={"grade": false, "grade_id": "gru_reset_after_step_forward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gru_reset_after_step_forward(x, h_prev, W_x, W_h, b, b_hn):
    """One step of PyTorch's GRU: the reset comes after the matrix product, and b_hn is a second bias for n, inside it.

    x (N, D), h_prev (N, H), W_x (D, 3H), W_h (H, 3H), b (3H,), b_hn (H,)  ->  h (N, H), gates (N, 3H)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "gru_reset_after_step_forward", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(gru_reset_after_step_forward)

# %% [markdown]
# ## 6. Back through PyTorch's variant
#
# Derive the way back through function 5. `dh` arrives at the new state and goes to everything that the step was made of, to both biases of the candidate, too:
#
# $$n = \tanh\left( x\,W_{xn} + b_n + r \odot \left( h_{\text{prev}}\,W_{hn} + b_{hn} \right) \right), \qquad
# h = z \odot h_{\text{prev}} + (1 - z) \odot n$$
#
# `dh (N, H)`, `x (N, D)`, `h_prev (N, H)`, `gates (N, 3H)`, `W_x (D, 3H)`, `W_h (H, 3H)`, `b_hn (H,)` → `dx (N, D)`, `dh_prev (N, H)`, `dW_x (D, 3H)`, `dW_h (H, 3H)`,
# `db (3H,)`, `db_hn (H,)`. `gates` is what `gru_reset_after_step_forward` returned. What r was multiplied by was not kept: compute it again.
#
# <details><summary>A hint for <code>gru_reset_after_step_backward</code></summary>
#
# *Hint: in function 3 the sums of a gate or candidate had one gradient, for all that was added up in them. Is it so in each of the three sums here?*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "gru_reset_after_step_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gru_reset_after_step_backward(dh, x, h_prev, gates, W_x, W_h, b_hn):
    """Gradients through one step of PyTorch's GRU; gates holds r|z|n as gru_reset_after_step_forward returned them.

    dh (N, H), x (N, D), h_prev (N, H), gates (N, 3H), W_x (D, 3H), W_h (H, 3H), b_hn (H,)
    ->  dx (N, D), dh_prev (N, H), dW_x (D, 3H), dW_h (H, 3H), db (3H,), db_hn (H,)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "gru_reset_after_step_backward", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check(gru_reset_after_step_backward)

# %% [markdown]
# ## 7. One gate
#
# How few gates will do? The **minimal gated unit** has one, $f$, made like the two of function 1, and it does the work of both: as their reset gate it says how much of the
# old state the candidate $n$ sees, and as their update gate how much of the candidate is taken.
#
# Mind the direction: it is that of its authors, in which an f near **0** keeps the old state. The order of the blocks is **f | n**. Write the step as formulas first: you will go
# back through them.
#
# `x (N, D)`, `h_prev (N, H)`, `W_x (D, 2H)`, `W_h (H, 2H)`, `b (2H,)` → `h (N, H)`, `gates (N, 2H)`, which holds f
# and n side by side after sigmoid and tanh.
#
# <details><summary>A hint for <code>mgu_step_forward</code></summary>
#
# *Hint: which lines of your `gru_step_forward` can stay?*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "mgu_step_forward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mgu_step_forward(x, h_prev, W_x, W_h, b):
    """One step of a minimal gated unit, whose one gate f both resets and updates; an f near 0 keeps the old state.

    x (N, D), h_prev (N, H), W_x (D, 2H), W_h (H, 2H), b (2H,)  ->  h (N, H), gates (N, 2H)
    The blocks of W_x, W_h, b and gates are f|n; gates holds them after sigmoid and tanh.
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "mgu_step_forward", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(mgu_step_forward)

# %% [markdown]
# ## 8. And back
#
# The gate has two jobs, so its gradient has two parts. Derive the rest.
#
# `dh (N, H)`, `x (N, D)`, `h_prev (N, H)`, `gates (N, 2H)`, `W_x (D, 2H)`, `W_h (H, 2H)` → `dx (N, D)`,
# `dh_prev (N, H)`, `dW_x (D, 2H)`, `dW_h (H, 2H)`, `db (2H,)`.
#
# <details><summary>A hint for <code>mgu_step_backward</code></summary>
#
# *Hint: find every place in your formulas where f is used, and every place where the old state is used.
# Each is a term.*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "mgu_step_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mgu_step_backward(dh, x, h_prev, gates, W_x, W_h):
    """Gradients through one step of a minimal gated unit; gates holds f|n as mgu_step_forward returned them.

    dh (N, H), x (N, D), h_prev (N, H), gates (N, 2H), W_x (D, 2H), W_h (H, 2H)
    ->  dx (N, D), dh_prev (N, H), dW_x (D, 2H), dW_h (H, 2H), db (2H,)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "mgu_step_backward", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check(mgu_step_backward)

# %% [markdown]
# ## The wrong library
#
# A figure, which a person reads. Somebody loads weights into a GRU of the other kind: they were made for a reset
# before the product, and are run with a reset after it. How wrong does it go? Let both of your steps, functions 1 and
# 5 with `b_hn` zero, read the same 30 random inputs with the same random weights of 32 units, and measure how far
# their last states are apart, as a share of the last state's size. Do it for `W_h` multiplied by factors from 0.03 to
# 30, with eight draws of the weights, and draw every draw, not a mean alone, on axes on which small and large factors
# have the same room. Then say in two sentences, as comments at the end of the cell, what the figure shows.

# %% nbgrader={"grade": true, "grade_id": "the-wrong-library", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
import matplotlib.pyplot as plt

### BEGIN SOLUTION
rng = np.random.default_rng(3)
T, N, D, H = 30, 8, 4, 32
factors = np.geomspace(0.03, 30, 13)

figure, ax = plt.subplots()
for _ in range(8):
    noise, W_in, W_rec = rng.normal(size=(T, N, D)), rng.normal(size=(D, 3 * H)) / 2, rng.normal(size=(H, 3 * H)) / np.sqrt(H)
    shares = []
    for factor in factors:
        before = after = np.zeros((N, H))
        for x in noise:
            before, _ = gru_step_forward(x, before, W_in, factor * W_rec, np.zeros(3 * H))
            after, _ = gru_reset_after_step_forward(x, after, W_in, factor * W_rec, np.zeros(3 * H), np.zeros(H))
        shares.append(np.linalg.norm(before - after) / np.linalg.norm(before))
    ax.loglog(factors, shares, "o-", color="C0", alpha=0.5)
ax.set(xlabel="factor of W_h", ylabel="distance of the last states, over their size", title="The same weights, reset before and after")
plt.show()
# As long as the weights are small the two differ in proportion to them, by a few percent, since all that the order
# changes is a small term inside tanh; at the usual scale, a factor of 1, it is about an eighth, enough to be noticed
# and too little to look broken.
# From a factor of about 5 on the distance is that of two states which have nothing to do with each other, in every
# draw: larger weights than at the start, such as training may make, cannot be carried over.
#
# One point each. The figure: all draws, both axes logarithmic (or the reason why not), axes that say what they are,
# and a distance that is compared with the state's size. The sentences: the proportion at small factors or its reason,
# and that at large ones
# nothing is left in common; "they differ" alone has half a point.
### END SOLUTION

# %% [markdown]
# ## What one gate cannot do
#
# Answer in the cell below, in a formula or two and a few sentences each; a person reads it.
#
# 1. Whatever a minimal gated unit computes, a GRU of function 1 can compute too: with which weights and biases?
# 2. The chapter names three things that a GRU becomes when its gates are constant: a plain network, a feedforward
#    net, a copy. Which of them can a minimal gated unit become by its gate? Take one unit with $W_{hn} = 1$, no
#    input, $b_n = 0$, and a state so small that tanh makes no difference: what is left of the state after one step,
#    for a given f, and what is the least that can be left?
# 3. With $D = 40$ a GRU has 64 units. How many may a minimal gated unit have that costs no more parameters? When the
#    two are then compared, what is still not equal between them? Name one thing that could favour each of them.

# %% [markdown] nbgrader={"grade": true, "grade_id": "what-one-gate-cannot-do", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# 1. The reset gate is f, so its blocks are those of f. The update gate is $z = 1 - f = \sigma(-a_f)$, so its blocks
#    of `W_x`, `W_h` and `b` are those of f with the other sign. The candidate keeps its own.
# 2. With $f = 1$ it is a plain network, with $f = 0$ a copy. A feedforward net would need a candidate that sees
#    nothing of the old state, $f = 0$, and is taken whole, $f = 1$. For the one unit
#    $h = (1 - f)\,h_{\text{prev}} + f \cdot f\,h_{\text{prev}} = (1 - f + f^2)\,h_{\text{prev}}$, least at
#    $f = \frac12$, where three quarters are left: this gate cannot make it forget in one step.
# 3. The GRU has $3 \cdot 64 \cdot (40 + 64 + 1) = 20{,}160$. $2H(H + 41) \le 20{,}160$ holds up to $H = 81$, with
#    19,764. The minimal unit has then the larger state, 81 numbers against 64, which favours it where much must be
#    remembered; the GRU can keep and look away independently, which favours it where old content must be dropped at
#    once. The time for a step and the best learning rate may differ as well.
#
# *One point each. 1: all three blocks, with the sign. 2: which two, and 3/4 with its f; where $W_{hn}$ is changed,
# the question is missed. 3: 81, and one reason for each side.*
# ### END SOLUTION

# %% [markdown]
# ## Let it learn to remember
#
# All are right? Then give your GRU a task that is nothing but memory. It reads 60 random numbers, two of which carry a mark, and must
# say their sum at the end. A network that remembers nothing can only say 1, the mean, and is then wrong by 1/6 in the mean square. Watch where
# the error leaves that floor.
#
# This cell is not graded. It takes less than a minute. Change what you like: `T`, `H`, the rate.

# %% tags=["skip-execution"]
from unrolled.reference import parameter_count
from unrolled.tasks import adding_problem
from unrolled.training import adam, initial_parameters

rng = np.random.default_rng(0)
T, N, H = 60, 64, 32
weights = initial_parameters(rng, D=2, H=H, O=1, k=3)
update = adam(weights)
errors = []

for batch in range(1, 401):
    xs, targets = adding_problem(rng, T, N)
    W_x, W_h, b, W_y, b_y = weights.values()
    h0 = np.zeros((N, H), np.float32)
    hs, gates = gru_forward(xs, h0, W_x, W_h, b)
    gap = hs[-1] @ W_y + b_y - targets
    dhs = np.zeros_like(hs)
    dhs[-1] = 2 * gap / N @ W_y.T       # the loss looks at the last state alone
    _, _, dW_x, dW_h, db = gru_backward(dhs, xs, h0, hs, gates, W_x, W_h)
    gradients = dict(zip(weights, [dW_x, dW_h, db, 2 * hs[-1].T @ gap / N, 2 * gap.sum(axis=0) / N], strict=True))
    update(gradients, rate=0.01)
    errors.append(np.mean(gap**2))
    if batch % 40 == 0:
        print(f"batch {batch:3}: mean squared error {np.mean(errors[-40:]):.4f}, against {1 / 6:.4f} without memory")

print(f"a GRU with {parameter_count('gru', 2, H):,} parameters; an LSTM of {H} units would have {parameter_count('lstm', 2, H):,}")
