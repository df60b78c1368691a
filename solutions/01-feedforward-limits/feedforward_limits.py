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
# # The window: how far a feedforward net can see
#
# Chapter 1 lent a feedforward net a memory: a window of the last `k` inputs. Here you build the window and the net that
# reads it. Then you go where no page leads: you work out what a window can see at best, and take gradients back through windows that overlap and into a table that all their places share. You draw a
# figure and answer a question. At the end the net you wrote learns to echo what it read some steps ago, and fails exactly where you predicted.
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
# not; the card at the end of chapter 1 says how many points that is. `check` draws its inputs in the same way, so a function that passes
# here passes there. A function may call those that you have written above it, and is then right only when they are. The figure and the
# written question after the functions are read by a person.
#
# The whole notebook is run, your own cells too: an import, a constant or a helper function counts wherever you put it. What takes long in a
# cell of your own is stopped, and what it shows decides nothing. Grading knows Python's own library, NumPy and Matplotlib, and no other.
#
# ## Letters
#
# Capitals are sizes: `N` sequences in a batch, `T` steps, `D` input features, `H` hidden units, `O` outputs; and weights: `W1`,
# `W2`. Small letters are values: `x (N, D)` is the input of one step. A plural is a whole sequence, time first:
# `xs (T, N, D)`. Each example is a row, so weights are on the right: `x @ W1`.

# %%
import numpy as np

from unrolled import check

# %% [markdown]
# ## 1. Windows
#
# A feedforward net sees one input and forgets it. To let it see $k$ steps at once, lay $k$ successive inputs side by side and
# call that one input, the oldest first:
#
# $$w_t = \left[\, x_t \;\; x_{t+1} \;\; \cdots \;\; x_{t+k-1} \,\right]$$
#
# `xs (T, N, D)`, integer `k` from 1 to T → `windows (T-k+1, N, kD)`. Only whole windows count: nothing is padded.
# For one feature and `k = 2`, the sequence 1, 2, 3 has the two windows [1 2] and [2 3].
#
# *Hint: `np.concatenate` along the last axis lays arrays side by side; which stretch of `xs` holds the oldest input of every window?*

# %% nbgrader={"grade": false, "grade_id": "make_windows-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def make_windows(xs, k):
    """Each stretch of k successive inputs as one long input, oldest first.

    xs (T, N, D), integer k from 1 to T  ->  windows (T-k+1, N, kD)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "make_windows", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(make_windows)

# %% [markdown]
# ## 2. The net, forward
#
# One hidden layer, tanh, and an output layer without a squasher:
#
# $$\text{hidden} = \tanh\left( x\,W_1 + b_1 \right), \qquad y = \text{hidden}\;W_2 + b_2$$
#
# `x (N, D)`, `W1 (D, H)`, `b1 (H,)`, `W2 (H, O)`, `b2 (O,)` → `y (N, O)`, `hidden (N, H)`, the activations after tanh.
# Here `D` is whatever one example holds; for a net that reads windows it is the window's length.
#
# *Hint: `@` multiplies all rows of the batch at once, and NumPy adds a bias to every row by itself.*

# %% nbgrader={"grade": false, "grade_id": "mlp_forward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mlp_forward(x, W1, b1, W2, b2):
    """A net with one hidden layer: hidden = tanh(x W1 + b1), y = hidden W2 + b2.

    x (N, D), W1 (D, H), b1 (H,), W2 (H, O), b2 (O,)  ->  y (N, O), hidden (N, H)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "mlp_forward", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(mlp_forward)

# %% [markdown]
# ## 3. The net, backward
#
# The loss hands you its gradient with respect to the output, $dy$. The chain rule carries it back through the output
# layer, through tanh (whose slope is $1 - \tanh^2$, that is $1 - \text{hidden}^2$), and through the hidden layer:
#
# $$da = \left( dy\,W_2^\top \right) \odot \left( 1 - \text{hidden}^2 \right)$$
#
# $$dx = da\,W_1^\top, \quad dW_1 = x^\top da, \quad db_1 = \sum_n da_n, \quad dW_2 = \text{hidden}^\top dy, \quad db_2 = \sum_n dy_n$$
#
# `dy (N, O)`, `x (N, D)`, `hidden (N, H)`, `W1 (D, H)`, `W2 (H, O)` → `dx (N, D)`, `dW1 (D, H)`, `db1 (H,)`, `dW2 (H, O)`, `db2 (O,)`.
# Sums over the batch stay sums: if the loss is a mean, its $1/N$ is in `dy` already.
#
# *Hint: a gradient has the shape of the thing it belongs to; shapes alone tell you nearly everything here.*

# %% nbgrader={"grade": false, "grade_id": "mlp_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mlp_backward(dy, x, hidden, W1, W2):
    """Gradients of all that went in; the slope of tanh is 1 - hidden^2.

    dy (N, O), x (N, D), hidden (N, H), W1 (D, H), W2 (H, O)
    ->  dx (N, D), dW1 (D, H), db1 (H,), dW2 (H, O), db2 (O,)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "mlp_backward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(mlp_backward)

# %% [markdown]
# ## 4. What a window can see
#
# The chapter's echo falls off a cliff because its inputs are independent of each other. In a real series they are not, and what is in the window tells something about what is not.
# Let a series have mean 0, and let $\gamma_j$ be the mean of $x_t\,x_{t-j}$, the same at every step. At step $t$ the input of `delay` steps ago is guessed by a weighted sum
# of the last `k` inputs:
#
# $$x_{t-\text{delay}} \;\approx\; \sum_{i=0}^{k-1} c_i\,x_{t-i}$$
#
# With the best weights $c_i$, what is the mean squared error? No page prints this one.
#
# `covariances (T,)`, with $\gamma_j$ at place $j$ and more places than you need; integers `k` ≥ 1 and `delay` ≥ 0 → `floor ()`, a number.
#
# For a function that nobody has printed, `check` has no reference to run. It compares with results that were recorded, the same each
# time; what counts are others.
#
# <details><summary>A hint for <code>linear_echo_floor</code></summary>
#
# *Hint: multiply out the square and take the mean of each term, as the chapter does. At the best weights the derivative with respect to each of them is 0, which makes `k` equations; `np.linalg.solve` solves them.*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "linear_echo_floor-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def linear_echo_floor(covariances, k, delay):
    """The least mean squared error of a guess at the input of delay steps ago: a weighted sum of the last k inputs.

    covariances (T,), at place j the mean of x_t x_{t-j}, of a series with mean 0; integers k >= 1, delay >= 0  ->  floor ()
    This step's input is among the k.
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "linear_echo_floor", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(linear_echo_floor)

# %% [markdown]
# ## 5. Back through the windows
#
# Windows overlap, so a step lies in several of them: with $k = 3$, the third input of a long sequence is the newest of one window, the middle of the next, and the oldest of the one after that. Each window sends a gradient back to
# all of its places. Which gradients reach an input? No page prints this one.
#
# `dwindows (T-k+1, N, kD)`, the gradient of what `make_windows` returned, integer `k` from 1 to T → `dxs (T, N, D)`.
#
# <details><summary>A hint for <code>windows_backward</code></summary>
#
# *Hint: take one place of the windows at a time, as when you made them. To which stretch of `dxs` does place `i` of all windows belong?*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "windows_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def windows_backward(dwindows, k):
    """Back through make_windows: an input lies in several windows, and the gradients of all of them add up.

    dwindows (T-k+1, N, kD), integer k from 1 to T  ->  dxs (T, N, D)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "windows_backward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(windows_backward)

# %% [markdown]
# ## 6. One table for all places
#
# Each place of a window has weights of its own, so each learns anew what a word is. In 2003, Bengio and others put a table in front, the same for all places: each input of `V` numbers is turned into `D` by it, and windows of these
# are what the net reads:
#
# $$e_t = x_t\,E, \qquad w_t = \left[\, e_t \;\; \cdots \;\; e_{t+k-1} \,\right]$$
#
# $$\text{hidden}_t = \tanh\left( w_t\,W_1 + b_1 \right), \qquad y_t = \text{hidden}_t\,W_2 + b_2, \qquad t = 1, \dots, T - k + 1$$
#
# Derive the way back, from what arrives at every window's output to all that went in. `hiddens` are given, as `mlp_forward` would return them; windows are not.
#
# `dys (T-k+1, N, O)`, `xs (T, N, V)`, `hiddens (T-k+1, N, H)`, `E (V, D)`, `W1 (kD, H)`, `W2 (H, O)` →
# `dxs (T, N, V)`, `dE (V, D)`, `dW1 (kD, H)`, `db1 (H,)`, `dW2 (H, O)`, `db2 (O,)`. How many places a window has, the shapes say.
#
# <details><summary>A hint for <code>embedded_window_backward</code></summary>
#
# *Hint: you have written every part of it. The weights served every window of every sequence, the table every step: their gradients add up.*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "embedded_window_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def embedded_window_backward(dys, xs, hiddens, E, W1, W2):
    """Gradients of a net that reads windows of xs E, one table for all places: hidden = tanh(w W1 + b1), y = hidden W2 + b2.

    dys (T-k+1, N, O), xs (T, N, V), hiddens (T-k+1, N, H), E (V, D), W1 (kD, H), W2 (H, O)
    ->  dxs (T, N, V), dE (V, D), dW1 (kD, H), db1 (H,), dW2 (H, O), db2 (O,)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "embedded_window_backward", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check(embedded_window_backward)

# %% [markdown]
# ## A memory that fades
#
# A figure, which a person reads. In the echo everything hangs on one input. Now let the target be a sum over the whole past that fades, $\sum_{j \ge 0} 0.7^j x_{t-j}$, with independent inputs of variance 1. Work out the least mean squared error that a window of the
# last $k$ inputs can reach. Then measure it: for $k = 1, \dots, 12$, make the windows with your `make_windows`, fit the best linear function of them with `np.linalg.lstsq` on one half of a long sequence, and take its error on the other half. Draw both,
# what you worked out and what you measured, on an axis on which you can tell a hundredth from a thousandth. Then say in two sentences, as comments at the end of the cell, how this differs from the echo, and how long a window is long enough.

# %% nbgrader={"grade": true, "grade_id": "a-memory-that-fades", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
import matplotlib.pyplot as plt

### BEGIN SOLUTION
T, ks = 4000, np.arange(1, 13)
inputs = np.random.default_rng(1).normal(size=T)
fading, total = np.zeros(T), 0.0
for t in range(T):
    total = 0.7 * total + inputs[t]
    fading[t] = total

measured = []
for k in ks:
    rows, wanted = make_windows(inputs[:, None, None], k)[:, 0], fading[k - 1 :]
    half = len(rows) // 2
    fitted = np.linalg.lstsq(rows[:half], wanted[:half])[0]
    measured.append(np.mean((rows[half:] @ fitted - wanted[half:]) ** 2))

figure, ax = plt.subplots()
ax.semilogy(ks, 0.49**ks / (1 - 0.49), "--", label="worked out: the sum of 0.49^j from j = k on")
ax.semilogy(ks, measured, "o", label="measured on the second half")
ax.set(xlabel="window k (inputs)", ylabel="mean squared error")
ax.legend()
plt.show()
# The echo falls off a cliff; here there is none: each further input makes the error smaller by the same factor, 0.49, and no window brings it to 0.
# So a window is long enough by what error one can bear, not by where the cause lies: eight inputs leave less than a hundredth.
#
# One point each. The figure: the floor 0.49^k / 0.51 and the measured errors near it, on a logarithmic axis, with axes that say what they are. The sentences: a slope, by a factor that stays, in the
# place of a cliff, and a length that depends on the error that is allowed, with a number.
### END SOLUTION

# %% [markdown]
# ## What a table shares
#
# Compare the net of function 6 with a plain window net, which reads windows of the inputs themselves, so that its first matrix is $(kV, H)$. The inputs are one-hot rows of $V$ words. Answer in the cell below, in a formula or two and a few sentences; a person reads it.
#
# 1. Write $R_i$ for the rows of $W_1$ that meet place $i$. Which plain window net computes the same as the net with the table? Name one that no table with $D < V$ can imitate, if also $D < H$.
# 2. With $V = 10{,}000$ words, $D = 32$ and $H = 64$: what does one more place cost, with the table and without? How many places must a window have before the table pays?
# 3. A word stood in training often at place 1 and never at place 3. What does each of the two nets know of it when it comes at place 3, and from where?

# %% [markdown] nbgrader={"grade": true, "grade_id": "what-a-table-shares", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# 1. The one whose block of rows for place $i$ is $E R_i$, with the same $b_1$, $W_2$ and $b_2$. Each such block has rank $D$ at most, and all have their columns in the $D$ dimensions that the columns of $E$ span. So a net with a block of rank $\min(V, H) > D$ cannot be had, such as one whose first $H$ words each drive a hidden unit of their own.
# 2. With the table $DH = 2048$ numbers, without $VH = 640{,}000$. The table itself costs $VD = 320{,}000$, half of one place: it pays from the first place on.
# 3. The plain net's rows for this word at place 3 have never had a gradient: they are what they were at the start, and so it answers as chance has set them. The table's row has been learned at place 1, and $R_3$ from other words at place 3; together they say something of this word that nobody has shown at this place. (Whether it is right depends on whether the word means there what it means elsewhere.)
#
# *One point each. 1: the blocks $E R_i$, and one net of a higher rank, or a reason by rank. 2: both prices, and that the table pays at once. 3: random rows in the one, the row of the table with $R_3$ in the other.*
# ### END SOLUTION

# %% [markdown]
# ## See it fail where you said
#
# All are right? Then this cell trains your net on the echo task with a delay of 4, once for each window length, by plain
# gradient descent, and prints the error it ends at beside your floor, which for independent inputs no other function gets below either. Watch where it drops.
#
# This cell is not graded. Change what you like: the delay, `H`, the number of updates.

# %% tags=["skip-execution"]
rng = np.random.default_rng(0)
delay, H, rate = 4, 16, 0.1
xs = rng.normal(size=(400, 8, 1))
covariances = np.eye(1, 20)[0]      # of independent inputs with variance 1

for k in range(1, 8):
    windows = make_windows(xs, k)
    ends = np.arange(k - 1, len(xs))                      # the step at which each window ends
    windows, targets = windows[ends >= delay], xs[ends[ends >= delay] - delay]
    x, target = windows.reshape(-1, k), targets.reshape(-1, 1)
    W1, b1 = rng.normal(size=(k, H)) / np.sqrt(k), np.zeros(H)
    W2, b2 = rng.normal(size=(H, 1)) / np.sqrt(H), np.zeros(1)
    for _ in range(1500):
        y, hidden = mlp_forward(x, W1, b1, W2, b2)
        gradients = mlp_backward(2 * (y - target) / len(x), x, hidden, W1, W2)[1:]
        for weight, gradient in zip([W1, b1, W2, b2], gradients):
            weight -= rate * gradient
    error = np.mean((mlp_forward(x, W1, b1, W2, b2)[0] - target) ** 2)
    count = W1.size + b1.size + W2.size + b2.size
    print(f"k = {k}: error {error:.3f}, floor {linear_echo_floor(covariances, k, delay):.1f}, {count} parameters")
