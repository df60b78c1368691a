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
# # Both ways, and upwards
#
# Chapter 7 let a network read from both ends, put layers upon layers, and dropped some of what goes from one to the next. Here you
# build all of it from the plain recurrent network: eight functions, most of them a few lines. At the end your network puts the spaces back into a text
# that has lost them.
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
# not; the card at the end of chapter 7 says how many points that is. `check` draws its inputs in the same way, so a function that passes
# here passes there. A function may call those that you have written above it, and is then right only when they are. The figure and the
# written question at the end are read by a person.
#
# The whole notebook is run, your own cells too: an import, a constant or a helper function counts wherever you put it. What takes long in a
# cell of your own is stopped, and what it shows decides nothing. Grading knows Python's own library, NumPy and Matplotlib, and no other.
#
# ## Letters
#
# Capitals are sizes: `N` sequences in a batch, `T` steps, `D` input features, `H` hidden units of one layer and one direction, `L` layers; and weights.
# A plural is a whole sequence, time first: `xs (T, N, D)`, `hs (T, N, H)`. A `d` in front means a gradient: `dhs` is the loss's gradient with respect to
# `hs`. Layers are counted from 0, the lowest one, which reads the input.
#
# **Padding.** The sequences of a batch need not be equally long. `mask (T, N)` holds, for each sequence, a 1 at every step that counts and then zeros: what `xs` holds
# at those last steps is padding, and must change nothing.

# %%
import numpy as np

from unrolled import check

# %% [markdown]
# Both networks of this notebook are made of the plain one. You have written it and its way back in the assignments of chapters 2 and 3; here they are given, in their fast
# form. They take and return what you know: `rnn_forward` starts at `h0`, and `rnn_backward` takes the gradient `dhs` that arrives at every step.

# %% nbgrader={"grade": false, "grade_id": "given", "locked": true, "schema_version": 3, "solution": false, "task": false}
def rnn_forward(xs, h0, W_x, W_h, b):
    """The inputs wait for no state, so one product serves all steps; the states are made in place."""
    hs = xs @ W_x + b       # the inputs do not wait for the state: one product serves all steps
    h = h0
    for t in range(len(xs)):
        hs[t] += h @ W_h
        h = np.tanh(hs[t], out=hs[t])
    return hs


def rnn_backward(dhs, xs, h0, hs, W_x, W_h):
    """The weights are shared, so their gradients are one product over all steps and rows."""
    T, N, H = hs.shape
    das = 1 - hs**2
    dh = np.zeros_like(h0)
    for t in reversed(range(T)):
        das[t] *= dhs[t] + dh       # from this step's output, and from the step after
        dh = das[t] @ W_h.T
    flat = das.reshape(T * N, H)    # shared weights: their gradient is one sum over all steps, so one product
    h_prevs = np.concatenate([h0[None], hs[:-1]]).reshape(T * N, H)
    return das @ W_x.T, dh, xs.reshape(T * N, -1).T @ flat, h_prevs.T @ flat, flat.sum(axis=0)

# %% [markdown]
# ## 1. Turned round without its padding
#
# A direction that reads from the end has to begin at each sequence's own last step, not in the padding behind it. With $T_n$ the length of sequence $n$:
#
# $$\mathrm{rev}(x)_{tn} = \begin{cases} x_{T_n + 1 - t,\,n} & t \le T_n \\ x_{tn} & t > T_n \end{cases} \qquad t = 1, \dots, T$$
#
# `xs (T, N, D)`, `mask (T, N)` → `ys (T, N, D)`. The padding stays where it is, and as it is.
#
# *Hint: the lengths are the sums of the mask's columns. `xs[::-1]` turns the padding round as well; what has to be turned round is `xs[:length, n]`.*

# %% nbgrader={"grade": false, "grade_id": "reverse_padded-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def reverse_padded(xs, mask):
    """Every sequence of a batch turned round by itself; its padding stays where it is, at the end.

    xs (T, N, D), mask (T, N), for each sequence ones and then zeros  ->  ys (T, N, D)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "reverse_padded", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(reverse_padded)

# %% [markdown]
# ## 2. Both directions
#
# Two networks with weights of their own read the same sequence, one from the left and one from the right:
#
# $$\overrightarrow{h}_t = \tanh\left(x_t \overrightarrow{W}_x + \overrightarrow{h}_{t-1} \overrightarrow{W}_h + \overrightarrow{b}\right), \qquad
# \overleftarrow{h}_t = \tanh\left(x_t \overleftarrow{W}_x + \overleftarrow{h}_{t+1} \overleftarrow{W}_h + \overleftarrow{b}\right)$$
#
# Both start from zeros, the second one at each sequence's last step. The state of a step is the two **side by side**, and zeros where there is padding:
#
# $$h_t = m_t \odot \left(\overrightarrow{h}_t \mid \overleftarrow{h}_t\right)$$
#
# `xs (T, N, D)`, `mask (T, N)`, `W_x (2, D, H)`, `W_h (2, H, H)`, `b (2, H)` → `hs (T, N, 2H)`. `W_x[0]`, `W_h[0]` and `b[0]` belong to the direction that reads forward.
#
# *Hint: to read from the right is to read what `reverse_padded` returns. The states then come in the order in which they were made: where does the first of them belong?*

# %% nbgrader={"grade": false, "grade_id": "bidirectional_forward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bidirectional_forward(xs, mask, W_x, W_h, b):
    """Two networks side by side: one reads from the left, one from the right; both start from zeros.

    xs (T, N, D), mask (T, N), W_x (2, D, H), W_h (2, H, H), b (2, H)  ->  hs (T, N, 2H)
    Place 0 of the weights is the direction that reads forward, place 1 the reverse one. Padded steps hold zeros.
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "bidirectional_forward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(bidirectional_forward)

# %% [markdown]
# ## 3. Both ways back
#
# Each half of `dhs` goes to the direction that made this half of `hs`, and back through it by the way that you know: for the forward direction from the last step
# to the first, for the reverse one in the order opposite to that in which *it* read. At padding `hs` is 0 whatever the weights are, so what arrives there counts for nothing. An
# input was read twice, so two gradients meet in it:
#
# $$dx_t = \overrightarrow{da}_t\,\overrightarrow{W}_x^\top + \overleftarrow{da}_t\,\overleftarrow{W}_x^\top$$
#
# `dhs (T, N, 2H)`, `xs (T, N, D)`, `mask (T, N)`, `hs (T, N, 2H)`, `W_x (2, D, H)`, `W_h (2, H, H)` →
# `dxs (T, N, D)`, `dW_x (2, D, H)`, `dW_h (2, H, H)`, `db (2, H)`. `hs` is what `bidirectional_forward` returned.
#
# *Hint: `rnn_backward` does the work, once for each direction. For the reverse one everything goes in, and comes out, in the order in which it read.*

# %% nbgrader={"grade": false, "grade_id": "bidirectional_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bidirectional_backward(dhs, xs, mask, hs, W_x, W_h):
    """Gradients of both directions: each by its own way back, and the inputs get the sum.

    dhs (T, N, 2H) arrives at every step's output; xs (T, N, D), mask (T, N), hs (T, N, 2H), W_x (2, D, H), W_h (2, H, H)
    ->  dxs (T, N, D), dW_x (2, D, H), dW_h (2, H, H), db (2, H)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "bidirectional_backward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(bidirectional_backward)

# %% [markdown]
# ## 4. Layers on layers
#
# The states of one layer are a sequence like any other, so a second layer can read them, and a third one the second's:
#
# $$h^{l}_t = \tanh\left(x^{l}_t\,W^{l}_x + h^{l}_{t-1}\,W^{l}_h + b^{l}\right), \qquad x^{0}_t = x_t, \qquad x^{l}_t = h^{l-1}_t$$
#
# $W^{0}_x$ is `W_in (D, H)`; what leads from layer $l - 1$ into layer $l$ is `W_up[l - 1]`. Every layer starts in a state of its own, `h0s[l]`.
#
# `xs (T, N, D)`, `h0s (L, N, H)`, `W_in (D, H)`, `W_up (L-1, H, H)`, `W_h (L, H, H)`, `b (L, H)` → `hs (L, T, N, H)`, the states of all layers, the lowest first.
#
# *Hint: `rnn_forward` does not ask where its inputs come from. A stack may have a single layer; then `W_up` has nothing in it.*

# %% nbgrader={"grade": false, "grade_id": "stacked_forward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def stacked_forward(xs, h0s, W_in, W_up, W_h, b):
    """Layer upon layer: each reads the states of the one below it; the lowest reads xs.

    xs (T, N, D), h0s (L, N, H), W_in (D, H), W_up (L-1, H, H), W_h (L, H, H), b (L, H)  ->  hs (L, T, N, H)
    W_in leads from the input into layer 0, W_up[l - 1] from layer l - 1 into layer l.
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "stacked_forward", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(stacked_forward)

# %% [markdown]
# ## 5. From the top down
#
# Only the top layer is read out, so only there does a gradient arrive. What a layer hands down as the gradient of its inputs is what arrives at the layer below it:
#
# $$dhs^{L-1} = dhs, \qquad dhs^{l-1} = dxs^{l}, \qquad l = L - 1, \dots, 1$$
#
# `dhs (T, N, H)`, `xs (T, N, D)`, `h0s (L, N, H)`, `hs (L, T, N, H)`, `W_in (D, H)`, `W_up (L-1, H, H)`, `W_h (L, H, H)` →
# `dxs (T, N, D)`, `dh0s (L, N, H)`, `dW_in (D, H)`, `dW_up (L-1, H, H)`, `dW_h (L, H, H)`, `db (L, H)`. `hs` is what `stacked_forward` returned.
#
# *Hint: begin at the top. Layer l read `hs[l - 1]`, made `hs[l]`, and started in `h0s[l]`; with `np.zeros_like` for every result, each layer fills its own place.*

# %% nbgrader={"grade": false, "grade_id": "stacked_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def stacked_backward(dhs, xs, h0s, hs, W_in, W_up, W_h):
    """From the top layer down: a layer's dxs are the dhs of the layer below it.

    dhs (T, N, H) arrives at the top layer; xs (T, N, D), h0s (L, N, H), hs (L, T, N, H), W_in (D, H), W_up (L-1, H, H),
    W_h (L, H, H)
    ->  dxs (T, N, D), dh0s (L, N, H), dW_in (D, H), dW_up (L-1, H, H), dW_h (L, H, H), db (L, H)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "stacked_backward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(stacked_backward)

# %% [markdown]
# ## 6. What is dropped
#
# With $q$ for `keep`, dropout sets each entry of an array to 0 with the probability $1 - q$, anew for every batch. What is kept is divided by $q$, so that the mean stays what it was, and
# after training nothing has to be changed:
#
# $$\kappa = \begin{cases} 1 / q & u < q \\ 0 & \text{otherwise} \end{cases}$$
#
# `u (...)` holds numbers drawn evenly between 0 and 1, given so that your function can be checked; a number `keep` above 0, at most 1 → `mask (...)` in the shape of `u`.
#
# *Hint: `u < keep` is an array of truth values, and such an array can be divided.*

# %% nbgrader={"grade": false, "grade_id": "dropout_mask-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dropout_mask(u, keep):
    """Inverted dropout: an entry is kept where u < keep, and then divided by keep.

    u (...) uniform draws in [0, 1), 0 < keep <= 1  ->  mask (...)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "dropout_mask", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(dropout_mask)

# %% [markdown]
# ## 7. Both at once
#
# Speech recognisers of the 2010s did both: bidirectional layers on each other. Each reads, in both of its directions, all that the layer below says of a step: **both halves** of its state. The chapter
# does not print this one.
#
# `W_in (2, D, H)` leads from the input into the two directions of layer 0, `W_up[l - 1]`, of shape `(2, 2H, H)`, from layer $l - 1$ into those of layer $l$.
#
# `xs (T, N, D)`, `mask (T, N)`, `W_in (2, D, H)`, `W_up (L-1, 2, 2H, H)`, `W_h (L, 2, H, H)`, `b (L, 2, H)` → `hs (L, T, N, 2H)`, the states of all layers, the lowest first, zeros where there is padding.
#
# <details><summary>A hint for <code>deep_bidirectional_forward</code></summary>
#
# *Hint: what does a bidirectional layer ask of its input, and what does a stack do with a layer?*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "deep_bidirectional_forward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def deep_bidirectional_forward(xs, mask, W_in, W_up, W_h, b):
    """Bidirectional layers on each other: each reads, in both directions, both halves of the states of the one below it.

    xs (T, N, D), mask (T, N), W_in (2, D, H), W_up (L-1, 2, 2H, H), W_h (L, 2, H, H), b (L, 2, H)  ->  hs (L, T, N, 2H)
    Place 0 of each pair of weights is the direction that reads forward. Padded steps hold zeros.
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "deep_bidirectional_forward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(deep_bidirectional_forward)

# %% [markdown]
# ## 8. Dropout on the way back
#
# Now drop something between the layers. With a mask for each gap, $\kappa^{l-1}$ between layers $l - 1$ and $l$, layer $l$ reads
#
# $$x^{l}_t = \kappa^{l-1}_t \odot h^{l-1}_t, \qquad l = 1, \dots, L - 1$$
#
# and everything else is as in the stack above: the inputs are not masked, nor is what a layer hands on from step to step, nor the top layer's states, at which `dhs` arrives. `hs` holds the states **as the
# layers made them**, before their masks. Derive the way back. No page prints it.
#
# `dhs (T, N, H)`, `xs (T, N, D)`, `h0s (L, N, H)`, `hs (L, T, N, H)`, `masks (L-1, T, N, H)`, `W_in (D, H)`, `W_up (L-1, H, H)`, `W_h (L, H, H)` →
# `dxs (T, N, D)`, `dh0s (L, N, H)`, `dW_in (D, H)`, `dW_up (L-1, H, H)`, `dW_h (L, H, H)`, `db (L, H)`.
#
# <details><summary>A hint for <code>stacked_dropout_backward</code></summary>
#
# *Hint: the mask is met twice. What did layer l read, when its weights' gradient is made? And what is the derivative of $\kappa \odot h$ with respect to $h$?*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "stacked_dropout_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def stacked_dropout_backward(dhs, xs, h0s, hs, masks, W_in, W_up, W_h):
    """From the top layer down where layer l read masks[l - 1] * hs[l - 1].

    dhs (T, N, H) arrives at the top layer; xs (T, N, D), h0s (L, N, H), hs (L, T, N, H), masks (L-1, T, N, H), W_in (D, H),
    W_up (L-1, H, H), W_h (L, H, H)
    ->  dxs (T, N, D), dh0s (L, N, H), dW_in (D, H), dW_up (L-1, H, H), dW_h (L, H, H), db (L, H)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "stacked_dropout_backward", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
check(stacked_dropout_backward)

# %% [markdown]
# ## What the middle depends on
#
# A figure, which a person reads. It holds chapter 4's thermometer to both of your networks. Let a bidirectional network with 32 units each way read 41 random inputs, and let a gradient arrive at its middle step alone:
# `dhs` is random there and 0 at every other step. Measure the size of `dxs` at each of the 41 steps, as a share of that at the middle. Do it for `W_h` multiplied by 0.5, by 1 and by 1.5 (at 1 its entries are normal with variance 1/32), and
# for eight draws of the weights. In a second panel do the same for a stack of three layers of 32 units, where the gradient arrives at the top. Draw every draw, not a mean alone, on a logarithmic axis. Then say in two sentences, as
# comments at the end of the cell, what the figure shows.

# %% nbgrader={"grade": true, "grade_id": "what-the-middle-depends-on", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
import matplotlib.pyplot as plt

### BEGIN SOLUTION
rng = np.random.default_rng(7)
T, N, D, H, L = 41, 4, 8, 32, 3
middle, mask = T // 2, np.ones((T, N))


def both_ways(xs, factor):
    """dxs (T, N, D) of a gradient that arrives at the middle of a bidirectional network with random weights."""
    W_x, W_h = rng.normal(size=(2, D, H)) / np.sqrt(D), factor * rng.normal(size=(2, H, H)) / np.sqrt(H)
    hs = bidirectional_forward(xs, mask, W_x, W_h, np.zeros((2, H)))
    dhs = np.zeros_like(hs)
    dhs[middle] = rng.normal(size=(N, 2 * H))
    return bidirectional_backward(dhs, xs, mask, hs, W_x, W_h)[0]


def stack(xs, factor):
    """The same of a stack, where the gradient arrives at the top layer."""
    W_in, W_up, W_h = (rng.normal(size=shape) / np.sqrt(shape[-2]) for shape in [(D, H), (L - 1, H, H), (L, H, H)])
    h0s, W_h = np.zeros((L, N, H)), factor * W_h
    hs = stacked_forward(xs, h0s, W_in, W_up, W_h, np.zeros((L, H)))
    dhs = np.zeros_like(hs[-1])
    dhs[middle] = rng.normal(size=(N, H))
    return stacked_backward(dhs, xs, h0s, hs, W_in, W_up, W_h)[0]


figure, axes = plt.subplots(1, 2, figsize=(9, 4), sharey=True)
for ax, network, title in zip(axes, (both_ways, stack), ("both ways", "a stack of three"), strict=True):
    for factor, colour in ((0.5, "C0"), (1, "C1"), (1.5, "C2")):
        for draw in range(8):
            sizes = np.linalg.norm(network(rng.normal(size=(T, N, D)), factor), axis=(1, 2))
            shares = np.where(sizes > 0, sizes / sizes[middle], np.nan)
            ax.semilogy(np.arange(T) - middle, shares, color=colour, alpha=0.5, label=None if draw else f"W_h times {factor}")
    ax.set(xlabel="step, counted from the middle", title=title)
axes[0].set_ylabel("size of dxs, share of that at the middle")
axes[0].legend()
plt.show()
# The way back through a bidirectional network fades by about the same factor a step on both sides, down to less than
# a thousandth after twenty steps at the usual scale: a second direction reaches what comes later, and no further than the first one does.
# In the stack nothing comes from the right of the middle, and to the left the gradient fades later, for there are many
# ways through three layers; at 1.5 it even grows at first.
#
# One point each. The figure: both networks, all draws, a logarithmic axis, the share of the middle, axes that say what they are. The sentences: alike on both sides and fading,
# and nothing to the right of the middle in the stack; why the stack fades later is not asked.
### END SOLUTION

# %% [markdown]
# ## Side by side, or added?
#
# Some networks add their two directions, $h_t = \overrightarrow{h}_t + \overleftarrow{h}_t$, in the place of putting them side by side, and read them out with a `W_y` of half the height. Answer in the cell below, in a formula or two and a few sentences; a
# person reads it.
#
# 1. Write the readout of the side-by-side network, $\left(\overrightarrow{h}_t \mid \overleftarrow{h}_t\right) W_y$, as a sum of two products, and say for which `W_y` it is the readout of the network that adds.
# 2. What arrives at each direction on the way back, when a gradient $dh_t$ arrives at the sum?
# 3. So whatever the network that adds can say, the other one can say too. With the same number of parameters, is adding always the worse choice? Give one reason for each side.

# %% [markdown] nbgrader={"grade": true, "grade_id": "side-by-side-or-added", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# 1. With the upper half $A$ and the lower half $B$ of $W_y$, the product of blocks is $\overrightarrow{h}_t A + \overleftarrow{h}_t B$. For $A = B$ it is $(\overrightarrow{h}_t + \overleftarrow{h}_t)\,A$, the readout of the sum.
# 2. The sum hands its gradient on unchanged, so each direction is given the whole $dh_t$, the same for both. Side by side, each is given its own half: what arrives at the output, times $A^\top$ and times $B^\top$.
# 3. For side by side: each direction has a readout of its own, so a unit may mean different things to the left and to the right of a step. For adding: what is saved above, in `W_y` or in the `W_x` of the next layer, which has only $H$ inputs, can be spent on more units.
#
# *One point each. 1: the two products, and that the halves are equal, or the same as blocks of a matrix, $[A; A]$. 2: both get the whole gradient; that it is halved, or that each gets a half of its entries, has no point. 3: one sound reason for each side, of which one
# names parameters; what was measured on the page counts as a reason if its sizes are named.*
# ### END SOLUTION

# %% [markdown]
# ## Put the spaces back
#
# All right? Then train what you have built. The text of Python's own manual has lost its spaces, and at each letter a network says whether a word ends there. One network reads
# forward only; the other reads in both directions, with about as many parameters. `F1` counts both faults, ends that are missed and ends that are made up; 1 is best.
#
# This cell is not graded. It takes about half a minute. Change what you like: `H`, the length of a piece, or put a second layer on top.

# %% tags=["skip-execution"]
from unrolled.text import clean, corpus, decode, encode
from unrolled.training import adam


def without_spaces(text):
    """The letters (T,) of a text as numbers, and where a word ends (T,)."""
    tokens = encode(text)
    letters = tokens != 0
    return tokens[letters], np.append(tokens[1:] == 0, True)[letters]


def draw_batch(rng, tokens, ends, N=32, T=40):
    """Pieces of 10 to T letters, one-hot, with their mask and where words end in them."""
    places = rng.integers(len(tokens) - T, size=N) + np.arange(T)[:, None]
    mask = (np.arange(T)[:, None] < rng.integers(10, T + 1, size=N)).astype(float)
    return np.eye(29)[tokens[places]] * mask[..., None], mask, ends[places]


def score(weights, xs, mask):
    """Above 0 where the network thinks that a word ends, and the states."""
    hs = bidirectional_forward(xs, mask, weights["W_x"], weights["W_h"], weights["b"])
    return hs, (hs @ weights["W_y"] + weights["b_y"])[..., 0]


def train(H, used, tokens, ends, updates=1000):
    """A bidirectional network of which the readout uses the units where `used` is 1."""
    rng = np.random.default_rng(0)
    weights = {
        "W_x": rng.normal(size=(2, 29, H)) / 4, "W_h": rng.normal(size=(2, H, H)) / np.sqrt(H), "b": np.zeros((2, H)),
        "W_y": used * rng.normal(size=(2 * H, 1)) / np.sqrt(H), "b_y": np.zeros(1),
    }
    update = adam(weights)
    for _ in range(updates):
        xs, mask, targets = draw_batch(rng, tokens, ends)
        hs, scores = score(weights, xs, mask)
        dscores = ((mask * (1 / (1 + np.exp(-scores)) - targets)) / mask.sum())[..., None]
        _, dW_x, dW_h, db = bidirectional_backward(dscores @ weights["W_y"].T, xs, mask, hs, weights["W_x"], weights["W_h"])
        dW_y = used * np.tensordot(hs, dscores, axes=([0, 1], [0, 1]))
        update({"W_x": dW_x, "W_h": dW_h, "b": db, "W_y": dW_y, "b_y": dscores.sum(axis=(0, 1))}, rate=0.01)
    return weights


tokens, ends = without_spaces(corpus())
end = len(tokens) * 9 // 10
tests = draw_batch(np.random.default_rng(1), tokens[end:], ends[end:], N=300)
sentence = without_spaces(clean("a network that hears the future puts the spaces back into this sentence"))

for name, H, used in [("forward only", 60, [1] * 60 + [0] * 60), ("both directions", 40, [1] * 80)]:
    weights = train(H, np.array(used)[:, None], tokens[:end], ends[:end])
    xs, mask, targets = tests
    said = (score(weights, xs, mask)[1] > 0) & (mask == 1)
    right = (said & targets).sum()
    F1 = 2 * right / (said.sum() + (targets & (mask == 1)).sum())
    xs = np.eye(29)[sentence[0]][:, None]
    spaced = score(weights, xs, np.ones(xs.shape[:2]))[1][:, 0] > 0
    text = "".join(letter + " " * int(end_here) for letter, end_here in zip(decode(sentence[0]), spaced, strict=True))
    print(f"{name:16} F1 {F1:.2f}   {text}")
