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
# sequence in chunks. You build the instrument that tells a right gradient from a wrong one. Then you go where no page leads: windows that overlap, and a
# gradient taken apart by distance; and you draw a figure, answer a question, and put your gradients to the test.
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
# not; the card at the end of chapter 3 says how many points that is. `check` draws its inputs in the same way, so a function that passes
# here passes there. A function may call those that you have written above it, and is then right only when they are. The figure and the
# written question after the functions are read by a person.
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

# %% nbgrader={"grade": true, "grade_id": "rnn_step_backward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(rnn_step_backward)

# %% [markdown]
# ## 2. Back through time
#
# The state $h_t$ is used twice: by its own output, from where the gradient `dhs[t]` arrives, and by the step after it, which hands back what
# the formula above calls $dh_{\text{prev}}$. Both count, so they are added. After the last step there is nothing:
#
# $$dh_t = \mathit{dhs}_t + da_{t+1}\,W_h^\top, \qquad da_t = dh_t \odot \left(1 - h_t^2\right), \qquad t = T, \dots, 1$$
#
# All steps use the same weights. Each contributes to their gradient, which is the sum:
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

# %% nbgrader={"grade": true, "grade_id": "rnn_backward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(rnn_backward)

# %% [markdown]
# ## 3. Back through time, in chunks
#
# On a long sequence, the way back can be cut. Steps 1 to $k$ make the first chunk, steps $k + 1$ to $2k$ the second, and so on; the last
# chunk is shorter when $k$ does not divide $T$. The forward pass has carried the state across the cuts, so `hs` is what it was
# before. But no gradient crosses a cut:
#
# $$dh_t = \mathit{dhs}_t + \begin{cases} 0 & \text{if } k \text{ divides } t \\ da_{t+1}\,W_h^\top & \text{otherwise} \end{cases}$$
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

# %% nbgrader={"grade": true, "grade_id": "truncated_rnn_backward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(truncated_rnn_backward)

# %% [markdown]
# ## 4. The gradient by trying it out
#
# How do you know that a gradient is right? Move one entry of an array $\theta$, such as a weight of $W_h$, a little up, then a little down, and see how the function changes. With
# $e_i$ an array of zeros with a single 1, at place $i$:
#
# $$\frac{\partial f}{\partial \theta_i} \approx \frac{f(\theta + \varepsilon\,e_i) - f(\theta - \varepsilon\,e_i)}{2\,\varepsilon}$$
#
# `f` takes an array like `theta` and returns a number; `theta (...)` is an array of floats with any number of axes; `eps` is $\varepsilon$ → `gradient (...)`,
# an array in the shape of `theta`.
#
# *Hint: `for place in np.ndindex(theta.shape)` visits every entry of an array, whatever its shape; `theta[place]` is the entry. Leave `theta` as you found it.*

# %% nbgrader={"grade": false, "grade_id": "numerical_gradient-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def numerical_gradient(f, theta, eps):
    """The gradient of a function by central differences: two calls of f for each entry of theta.

    f takes an array of floats like theta and returns a number; theta (...), eps > 0  ->  gradient (...)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "numerical_gradient", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(numerical_gradient)

# %% [markdown]
# ## 5. How far apart?
#
# Two gradients are never equal to the last digit. Whether a difference of 0.001 is much depends on how large the gradients are, so divide
# by their size:
#
# $$\text{error} = \frac{\lVert \text{first} - \text{second} \rVert}{\lVert \text{first} \rVert + \lVert \text{second} \rVert}, \qquad \lVert \text{first} \rVert = \sqrt{\textstyle\sum_i \text{first}_i^2}$$
#
# The sums run over all entries, whatever the shape. The error is 0 for equal arrays and 1 where the second is minus the first, however small they are: gradients that
# have vanished are compared like others. Two arrays of zeros are equal: their error is 0.
#
# `first (...)`, `second (...)` → `error ()`, a number.
#
# *Hint: `np.linalg.norm(first)` is the Euclidean norm over all entries, for any number of axes; treat 0 / 0 before you divide.*

# %% nbgrader={"grade": false, "grade_id": "relative_error-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relative_error(first, second):
    """How far two arrays are apart: |first - second| / (|first| + |second|), with Euclidean norms over all entries.

    first (...), second (...)  ->  error ()
    It is 0 for equal arrays, two arrays of zeros included.
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "relative_error", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(relative_error)

# %% [markdown]
# ## 6. Windows that overlap
#
# In a chunk of $k$ steps the last loss goes back through $k$ of them, the first through a single one. Windows that overlap are fairer: after every $k_1$ steps, the losses of these $k_1$ steps go back, together, through the
# last $k_2 \ge k_1$ steps. Each loss goes back once; a step may lie in several windows. With $T = 8$, $k_1 = 3$ and $k_2 = 5$ there are three:
#
# | window | takes the losses of steps | goes back through steps |
# |---|---|---|
# | 1 | 1 to 3 | 3 to 1 |
# | 2 | 4 to 6 | 6 to 2 |
# | 3 | 7 and 8 | 8 to 4 |
#
# The last one takes fewer losses, since no more are left, and goes back through $k_2$ steps all the same. The states are those of one forward pass. The gradients of all windows add up, for the weights and for each input; `dh0` is what the windows that reach back to
# step 1 hand on from there. No page prints this one.
#
# `dhs (T, N, H)`, `xs (T, N, D)`, `h0 (N, H)`, `hs (T, N, H)`, `W_x (D, H)`, `W_h (H, H)`, integers `k1` ≥ 1, `k2` ≥ `k1` →
# `dxs (T, N, D)`, `dh0 (N, H)`, `dW_x (D, H)`, `dW_h (H, H)`, `db (H,)`.
#
# For a function that nobody has printed, `check` has no reference to run. It compares with results that were recorded, the same each time; what counts are others.
#
# <details><summary>A hint for <code>overlapping_rnn_backward</code></summary>
#
# *Hint: to your `rnn_backward`, a window is a sequence. From which state did it start, and what must arrive at those of its steps whose losses it does not take?*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "overlapping_rnn_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def overlapping_rnn_backward(dhs, xs, h0, hs, W_x, W_h, k1, k2):
    """Truncated back-propagation whose windows overlap: the losses of each k1 steps go back through k2 steps together.

    dhs (T, N, H), xs (T, N, D), h0 (N, H), hs (T, N, H), W_x (D, H), W_h (H, H), integers k1 >= 1 and k2 >= k1
    ->  dxs (T, N, D), dh0 (N, H), dW_x (D, H), dW_h (H, H), db (H,)
    Windows end after each k1 steps, and the last one at the last step.
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "overlapping_rnn_backward", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check(overlapping_rnn_backward)

# %% [markdown]
# ## 7. From how far away?
#
# The gradient of $W_h$ is a sum over steps, and each of its terms is a sum over losses. Sort them: for each distance $d = 0, \dots, T - 1$, add up the gradients of all losses by the use of $W_h$ that lies $d$ steps before each. All
# places together are the $dW_h$ of `rnn_backward`. Write the loss of step $s$ for itself, $L_s$, whose gradient at $h_s$ is $dhs_s$, and $a_t$ for what goes into the $\tanh$ of step $t$. Then place $d$ is
#
# $$\sum_{s = d + 1}^{T} h_{s-d-1}^\top\; \frac{\partial L_s}{\partial a_{s-d}}$$
#
# The rest is yours: how the gradients of one distance follow from those of the distance before it.
#
# `dhs (T, N, H)`, `h0 (N, H)`, `hs (T, N, H)`, `W_h (H, H)` → `dW_hs (T, H, H)`, place $d$ for distance $d$.
#
# <details><summary>A hint for <code>recurrent_gradient_by_distance</code></summary>
#
# *Hint: keep the gradients of all losses at one distance in one array, and move all of it back by one step at a time. Which of them fall off the beginning?*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "recurrent_gradient_by_distance-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def recurrent_gradient_by_distance(dhs, h0, hs, W_h):
    """The gradient of W_h taken apart: place d has the losses' gradients by the uses of W_h that lie d steps before them.

    dhs (T, N, H), h0 (N, H), hs (T, N, H), W_h (H, H)  ->  dW_hs (T, H, H)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "recurrent_gradient_by_distance", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(recurrent_gradient_by_distance)

# %% [markdown]
# ## What does overlap buy?
#
# A figure, which a person reads. Make a random network of 24 units, let it read 60 random inputs, and let `dhs` be the states themselves, as for the loss $\tfrac12 \sum h^2$. How far is the $dW_h$ of your
# `overlapping_rnn_backward` from the whole one? Draw the relative error for $k_1 = 1, 4, 12$ and several $k_2$ each, against what it costs: the steps that are gone back through for each step of the sequence, about $k_2 / k_1$. Choose an axis on which a hundredth
# and a millionth can be told apart. Then say in two sentences, as comments at the end of the cell, what you would choose if you may go back through two steps for each step, and what that choice costs instead.

# %% nbgrader={"grade": true, "grade_id": "what-overlap-buys", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
import matplotlib.pyplot as plt

### BEGIN SOLUTION
rng = np.random.default_rng(3)
T, N, D, H = 60, 8, 4, 24
xs, h0 = rng.normal(size=(T, N, D)), np.zeros((N, H))
W_x, W_h = rng.normal(size=(D, H)) / 2, rng.normal(size=(H, H)) / np.sqrt(H)
hs, h = [], h0
for x in xs:
    h = np.tanh(x @ W_x + h @ W_h)
    hs.append(h)
given = np.array(hs), xs, h0, np.array(hs), W_x, W_h
whole = rnn_backward(*given)[3]

figure, ax = plt.subplots()
for k1, k2s in {1: range(1, 10), 4: range(4, 32, 4), 12: range(12, 48, 6)}.items():
    errors = [relative_error(overlapping_rnn_backward(*given, k1, k2)[3], whole) for k2 in k2s]
    ax.semilogy([k2 / k1 for k2 in k2s], errors, "o-", label=f"k1 = {k1}")
ax.set(xlabel="steps gone back for each step, k2 / k1", ylabel="relative error of dW_h")
ax.legend()
plt.show()
# At two steps back for each step the error is the smaller, the larger k1 is: with k1 = 12 and k2 = 24 every loss goes back through 13 steps at least, with k1 = 1 and k2 = 2 through two.
# So I would take few, long windows; what they cost is memory, since k2 steps have to be kept, and updates, since the weights wait 12 steps for the next one.
#
# One point each. The figure: three curves against k2 / k1, on a logarithmic axis, with axes that say what they are. The sentences: the longer windows, and what they cost: memory, or fewer updates.
### END SOLUTION

# %% [markdown]
# ## When the check fails
#
# Somebody has written `truncated_rnn_backward`, and it is right. With `numerical_gradient` and the loss of the whole sequence, as a function of $W_h$, the relative error of its $dW_h$ is 0.1. Answer in the cell below, in a few sentences each; a person reads it.
#
# 1. Why must the two differ? Say what the numerical gradient lets happen at a cut, and the other one does not.
# 2. Change the function that is handed to `numerical_gradient`, so that the check passes and would find a mistake in `truncated_rnn_backward`. What is computed beforehand, and held fixed?
# 3. Training with truncated gradients comes to rest: they are 0, on average over the data. Is the loss then at a minimum? Which function of yours would tell, and what does training on more data change?

# %% [markdown] nbgrader={"grade": true, "grade_id": "when-the-check-fails", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# 1. The numerical gradient runs the whole forward pass with the changed $W_h$. So the state that crosses a cut changes too, and with it all losses behind the cut; the truncated gradient treats that state as a constant.
# 2. Run the forward pass once with the given weights, and keep the state before each chunk. The function then takes a $W_h$, lets each chunk start from its kept state, and adds up the chunks' losses. Its derivative at the given $W_h$ is the truncated gradient exactly, whatever `k` is.
# 3. Not in general: what rests is the part of the gradient that was kept. `rnn_backward` at that point gives all of it; if it is not 0, a step against it makes the loss smaller still. The part that is cut off is no noise, so more data do not make it 0; longer chunks do.
#
# *One point each. 1: the state at the cut changes with $W_h$ in the one and is constant in the other. 2: the states before the chunks are computed once and held fixed; "one chunk at a time", each from zeros, has half. 3: no, with `rnn_backward` as the test, and that more data leave the bias.*
# ### END SOLUTION

# %% [markdown]
# ## Put your gradients to the test
#
# All are right? Then let them judge each other. This cell makes a small network and takes the gradient of its loss in two ways: with your
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
