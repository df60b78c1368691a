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
# # Back through time: the gradients of a recurrent network
#
# Chapter 3 followed the gradient back through the loop. Here you write that way back: one step, a whole sequence, a
# sequence in chunks. Then you build the instrument that tells a right gradient from a wrong one, and put your own to the test.
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
# not; the card at the end of chapter 3 says how many points that is. `check` draws its inputs in the same way, so a function that passes
# here passes there. A function may call those that you have written above it, and is then right only when they are.
#
# The whole notebook is run, your own cells too: an import, a constant or a helper function counts wherever you put it. What takes long in a
# cell of your own is stopped, and what it shows decides nothing. Grading knows Python's own library, NumPy and Matplotlib, and no other.
#
# ## Letters
#
# Capitals are sizes: `N` sequences in a batch, `T` steps, `D` input features, `H` hidden units; and weights: `W_x`, `W_h`.
# Small letters are values: `x (N, D)` is the input of one step, `h (N, H)` the state after it, `h_prev` the state before it. A plural is a
# whole sequence, time first: `xs (T, N, D)`, `hs (T, N, H)`. A `d` in front means a gradient: `dh` is the loss's gradient with respect to `h`, in
# the shape of `h`. Python counts from 0: `hs[0]` is the state after the first input, and the state before it is `h0`.

# %%
import numpy as np

from unrolled import check

# %% [markdown]
# ## 1. Back through one step
#
# Forward, a step computes $a = x\,W_x + h_{\text{prev}}\,W_h + b$ and $h = \tanh(a)$. Now `dh` is known: how much the loss
# changes with each entry of $h$. First back through $\tanh$, whose slope is $1 - \tanh^2$, and then through the sum:
#
# $$da = dh \odot \left(1 - h^2\right)$$
#
# $$dx = da\,W_x^\top, \qquad dh_{\text{prev}} = da\,W_h^\top, \qquad
# dW_x = x^\top da, \qquad dW_h = h_{\text{prev}}^\top\,da, \qquad db = \sum_{n=1}^{N} da_n$$
#
# `dh (N, H)`, `x (N, D)`, `h_prev (N, H)`, `h (N, H)`, `W_x (D, H)`, `W_h (H, H)` →
# `dx (N, D)`, `dh_prev (N, H)`, `dW_x (D, H)`, `dW_h (H, H)`, `db (H,)`, in this order.
#
# *Hint: a gradient has the shape of what it belongs to. For `dW_h` and `dh_prev` the shapes cannot tell you whether a transpose is missing,
# since `W_h` is square: for those two, go by the formula.*

# %% nbgrader={"grade": false, "grade_id": "rnn_step_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rnn_step_backward(dh, x, h_prev, h, W_x, W_h):
    """Gradients through one step: da = dh * (1 - h^2), and from da all the others.

    dh (N, H), x (N, D), h_prev (N, H), h (N, H), W_x (D, H), W_h (H, H)
    ->  dx (N, D), dh_prev (N, H), dW_x (D, H), dW_h (H, H), db (H,)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "rnn_step_backward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(rnn_step_backward)

# %% [markdown]
# ## 2. Back through time
#
# The state $h_t$ is heard twice: by its own output, from where the gradient `dhs[t]` arrives, and by the step after it, which hands back what
# the formula above calls $dh_{\text{prev}}$. Both count, so they are added. After the last step there is nothing:
#
# $$dh_t = dhs_t + da_{t+1}\,W_h^\top, \qquad da_t = dh_t \odot \left(1 - h_t^2\right), \qquad t = T, \dots, 1$$
#
# All steps use the same weights. Each has its say in how they should change, and the gradient is the sum:
#
# $$dW_x = \sum_{t=1}^{T} x_t^\top da_t, \qquad dW_h = \sum_{t=1}^{T} h_{t-1}^\top\,da_t, \qquad db = \sum_{t=1}^{T} \sum_{n=1}^{N} da_{tn}$$
#
# `dhs (T, N, H)`, `xs (T, N, D)`, `h0 (N, H)`, `hs (T, N, H)`, `W_x (D, H)`, `W_h (H, H)` →
# `dxs (T, N, D)`, `dh0 (N, H)`, `dW_x (D, H)`, `dW_h (H, H)`, `db (H,)`. What the first step hands back is `dh0`.
#
# *Hint: in a loop over `reversed(range(T))`, let one variable `dh` hold what comes from the step after; it starts as zeros. Mind `hs[t - 1]` at
# `t = 0`: Python reads `hs[-1]` as the last state.*

# %% nbgrader={"grade": false, "grade_id": "rnn_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rnn_backward(dhs, xs, h0, hs, W_x, W_h):
    """Back-propagation through time: from the last step to the first, each adding what comes from the step after.

    dhs (T, N, H) arrives at every step's output; xs (T, N, D), h0 (N, H), hs (T, N, H), W_x (D, H), W_h (H, H)
    ->  dxs (T, N, D), dh0 (N, H), dW_x (D, H), dW_h (H, H), db (H,)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "rnn_backward", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check(rnn_backward)

# %% [markdown]
# ## 3. Back through time, in chunks
#
# On a long sequence, the way back can be cut. Steps 1 to $k$ make the first chunk, steps $k + 1$ to $2k$ the second, and so on; the last
# chunk is shorter when $k$ does not divide $T$. The forward pass has carried the state across the cuts, so `hs` is what it was
# before. But no gradient crosses a cut:
#
# $$dh_t = dhs_t + \begin{cases} 0 & \text{if } k \text{ divides } t \\ da_{t+1}\,W_h^\top & \text{otherwise} \end{cases}$$
#
# Everything else stays: the weights' gradients are sums over all steps of all chunks, and `dh0` is what the first step hands back.
#
# `dhs (T, N, H)`, `xs (T, N, D)`, `h0 (N, H)`, `hs (T, N, H)`, `W_x (D, H)`, `W_h (H, H)`, integer `k` ≥ 1 →
# `dxs (T, N, D)`, `dh0 (N, H)`, `dW_x (D, H)`, `dW_h (H, H)`, `db (H,)`, as before.
#
# *Hint: the $t$ of the formula counts from 1; in Python the last step of a chunk is the `t` where `(t + 1) % k == 0`.*

# %% nbgrader={"grade": false, "grade_id": "truncated_rnn_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def truncated_rnn_backward(dhs, xs, h0, hs, W_x, W_h, k):
    """Back-propagation through time in chunks of k steps: no gradient goes back from one chunk into the one before.

    dhs (T, N, H), xs (T, N, D), h0 (N, H), hs (T, N, H), W_x (D, H), W_h (H, H), integer k >= 1
    ->  dxs (T, N, D), dh0 (N, H), dW_x (D, H), dW_h (H, H), db (H,)
    Chunks are counted from the first step; the last one is shorter where k does not divide T. dh0 is the first chunk's.
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "truncated_rnn_backward", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check(truncated_rnn_backward)

# %% [markdown]
# ## 4. The gradient by trying it out
#
# How do you know that a gradient is right? Move one entry of $x$ a little up, then a little down, and look how the function changes. With
# $e_i$ an array of zeros with a single 1, at place $i$:
#
# $$\frac{\partial f}{\partial x_i} \approx \frac{f(x + \varepsilon\,e_i) - f(x - \varepsilon\,e_i)}{2\,\varepsilon}$$
#
# `f` takes an array like `x` and returns a number; `x (...)` is an array with any number of axes; `eps` is $\varepsilon$ → `gradient (...)`,
# an array in the shape of `x`.
#
# *Hint: `for place in np.ndindex(x.shape)` visits every entry of an array, whatever its shape; `x[place]` is the entry. Leave `x` as you found it.*

# %% nbgrader={"grade": false, "grade_id": "numerical_gradient-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def numerical_gradient(f, x, eps):
    """The gradient of a function by central differences: two calls of f for each entry of x.

    f takes an array of floats like x and returns a number; x (...), eps > 0  ->  gradient (...)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "numerical_gradient", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(numerical_gradient)

# %% [markdown]
# ## 5. How far apart?
#
# Two gradients are never equal to the last digit. Whether a difference of 0.001 is much depends on how large the gradients are, so divide
# by their size:
#
# $$\text{error} = \frac{\lVert a - b \rVert}{\lVert a \rVert + \lVert b \rVert}, \qquad \lVert a \rVert = \sqrt{\textstyle\sum_i a_i^2}$$
#
# The sums run over all entries, whatever the shape. The error is 0 for equal arrays and 1 for $b = -a$. Two arrays of zeros are equal: their
# error is 0.
#
# `a (...)`, `b (...)` → `error ()`, a number.
#
# *Hint: `np.linalg.norm(a)` is the Euclidean norm over all entries, for any number of axes; treat 0 / 0 before you divide.*

# %% nbgrader={"grade": false, "grade_id": "relative_error-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relative_error(a, b):
    """How far two arrays are apart: |a - b| / (|a| + |b|), with Euclidean norms over all entries.

    a (...), b (...)  ->  error ()
    It is 0 for equal arrays, two arrays of zeros included.
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "relative_error", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(relative_error)

# %% [markdown]
# ## Put your gradients to the test
#
# All five are right? Then let them judge each other. This cell makes a small network and takes the gradient of its loss in two ways: with your
# `rnn_backward`, and by trying it out. Below 1e-7 a gradient is right; a forgotten transpose stands out by far. Then it cuts the way
# back into chunks: how much of the gradient is lost?
#
# This cell is not graded. Put a mistake into your `rnn_backward` and see whether it is caught.

# %% tags=["skip-execution"]
from unrolled.reference import rnn_forward

rng = np.random.default_rng(0)
T, N, D, H = 24, 3, 4, 8
net = {
    "xs": rng.normal(size=(T, N, D)),
    "h0": np.zeros((N, H)),
    "W_x": rng.normal(size=(D, H)) / np.sqrt(D),
    "W_h": rng.normal(size=(H, H)) / np.sqrt(H),
    "b": np.zeros(H),
}
hs = rnn_forward(**net)
dhs = 2 * hs / hs.size      # the gradient of the loss np.mean(hs**2)
inputs = dhs, net["xs"], net["h0"], hs, net["W_x"], net["W_h"]

for name, gradient in zip(["xs", "h0", "W_x", "W_h", "b"], rnn_backward(*inputs), strict=True):

    def loss(value, name=name):
        return np.mean(rnn_forward(**(net | {name: value})) ** 2)

    error = relative_error(gradient, numerical_gradient(loss, net[name], 1e-5))
    print(f"gradient of {name:3}: relative error {error:.0e}")

full = rnn_backward(*inputs)[3]
for k in (1, 2, 4, 8, 16, T):
    cut = truncated_rnn_backward(*inputs, k)[3]
    print(f"chunks of {k:2} steps: dW_h is off by {relative_error(cut, full):.0%}")
