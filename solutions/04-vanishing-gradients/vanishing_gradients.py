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
# # Gradients that vanish, gradients that explode
#
# Chapter 4 put a thermometer into a recurrent network and found gradients that froze and gradients that boiled. Here you build that
# thermometer, the two remedies that need no new cell, clipping and weights that start at the right scale, and what no page shows, units that keep a share and a penalty: six functions. Then
# you draw a figure and answer a question. At the end your functions train a network to add two numbers that lie up to 60 steps back, a task at which
# it fails without them.
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
# not; the card at the end of chapter 4 says how many points that is. `check` draws its inputs in the same way, so a function that passes
# here passes there. A function may call those that you have written above it, and is then right only when they are. The figure and the
# written question after the functions are read by a person.
#
# No page prints functions 4 to 6: you derive them. For these `check` has no reference to run. It compares with results that were recorded,
# the same each time; what counts are others.
#
# The whole notebook is run, your own cells too: an import, a constant or a helper function counts wherever you put it. What takes long in a
# cell of your own is stopped, and what it shows decides nothing. Grading knows Python's own library, NumPy and Matplotlib, and no other.
#
# ## Letters
#
# Capitals are sizes: `N` sequences in a batch, `T` steps, `D` input features, `H` hidden units; and weights: `W_h (H, H)`. Small letters are values:
# `h (N, H)` is the state at one step. A plural is a whole sequence, time first: `hs (T, N, H)`. Each state is a row, so weights
# are on the right: `h @ W_h`. Python counts from 0: `hs[0]` is $h_1$, and `hs[-1]` is $h_T$.

# %%
import numpy as np

from unrolled import check

# %% [markdown]
# ## 1. The thermometer
#
# How much of a gradient at the last state, $h_T$, is left when it reaches an earlier state, $h_t$? You know from chapter 3 how one step back
# works: the gradient, a row, is multiplied by the slope of $\tanh$, which is $1 - h^2$, and then by $W_h^\top$. Do that to all the rows of the identity at once,
# and you have the matrix of the whole way:
#
# $$P_T = I, \qquad P_{t-1} = P_t\,\mathrm{diag}\left(1 - h_t^2\right) W_h^\top$$
#
# $P_t$ is the Jacobian $\partial h_T / \partial h_t$: its row $j$, column $i$ says how much unit $j$ of the last state changes with unit $i$ of the state at $t$. The most that a gradient
# can grow on this way is the matrix's **spectral norm**, its largest singular value:
#
# $$\mathrm{norm}_t = \lVert P_t \rVert_2$$
#
# Each sequence of the batch has its own states and so its own matrices.
#
# `hs (T, N, H)`, `W_h (H, H)` → `norms (T, N)`, where `norms[t]` belongs to the states `hs[t]`. The last row is 1: nothing has
# happened to the gradient there.
#
# *Hint: go backwards through time and keep one product, a matrix for each sequence. `np.linalg.norm(P, ord=2)` is the spectral norm of one
# matrix; with `axis=(1, 2)`, of a stack of them.*

# %% nbgrader={"grade": false, "grade_id": "state_gradient_norms-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def state_gradient_norms(hs, W_h):
    """Spectral norm of dh_T/dh_t for every t, for a tanh network: P_T = I, then P_{t-1} = P_t diag(1 - h_t^2) W_h^T.

    hs (T, N, H) as rnn_forward returned it, W_h (H, H)  ->  norms (T, N)
    The last row is 1, the norm of the identity.
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "state_gradient_norms", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(state_gradient_norms)

# %% [markdown]
# ## 2. Clipping by the global norm
#
# To clip each entry by itself would bend a gradient: large entries shrink, small ones do not, and the step goes in another direction. The usual cure measures
# all arrays together, as if they were one long vector, and multiplies all of them by one factor:
#
# $$\lVert g \rVert = \sqrt{\sum_{p} \sum_{i} g_{p,i}^2}\,, \qquad g_p \;\to\; \frac{m}{\max\left(\lVert g \rVert,\, m\right)}\; g_p$$
#
# Here $p$ runs over the arrays, $i$ over the entries of one array, and $m$ is `max_norm`. When the norm is at most $m$ the factor is 1 and nothing
# changes. The gradients may be all zero. You may add 1e-6 to the norm, as PyTorch does.
#
# `grads`, a list of arrays, each in its own shape; `max_norm` > 0 → `clipped`, a list of arrays in the same shapes. Leave the given list and its arrays as they
# are; where nothing is clipped, you may return them.
#
# *Hint: the arrays have different shapes, but `np.sum(g**2)` is a number for each of them.*

# %% nbgrader={"grade": false, "grade_id": "clip_by_global_norm-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def clip_by_global_norm(grads, max_norm):
    """All arrays times one factor, max_norm / max(norm, max_norm), with the norm of all their entries together.

    grads, a list of arrays; max_norm > 0  ->  clipped (a list of arrays of the same shapes)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "clip_by_global_norm", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(clip_by_global_norm)

# %% [markdown]
# ## 3. Weights that keep lengths
#
# An orthogonal matrix turns a vector and never changes its length, so a gradient can pass through it any number of times. Here is a recipe that makes one
# of random numbers, with exactly one right answer:
#
# 1. Take the QR factors of the Gaussian matrix $A$: $A = QR$, where the columns of $Q$ are orthonormal and $R$ is upper triangular.
# 2. Multiply each column of $Q$ by the sign of the number in the same column on the diagonal of $R$.
# 3. Transpose the result if the weights have fewer rows than columns.
# 4. Multiply by the gain.
#
# $$W = \mathrm{gain} \cdot Q\,\mathrm{diag}\left(\mathrm{sign}(R_{11}), \mathrm{sign}(R_{22}), \dots\right) \quad \text{or its transpose}$$
#
# `shape`, the two numbers (rows, columns) that the weights shall have; `gain` > 0; `A (more, fewer)`, the larger of the two first, so that A is never
# wide → `W (rows, columns)`.
#
# *Hint: `Q, R = np.linalg.qr(A)`; a row of signs times a matrix multiplies its columns.*

# %% nbgrader={"grade": false, "grade_id": "orthogonal_init-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def orthogonal_init(shape, gain, A):
    """gain times Q of the QR factors of A, its columns times the signs of R's diagonal; transposed for a wide shape.

    shape, two numbers (rows, columns); gain > 0; A (more, fewer) standard normal, the larger of the two first
    ->  W (rows, columns)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "orthogonal_init", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(orthogonal_init)

# %% [markdown]
# ## 4. Units that keep a share
#
# A **leaky** unit does not make its state anew at each step. It keeps a fixed share $z$ of the old one, and takes the rest, $1 - z$, from what a plain network would make
# of the same input and the same old state. Each unit has a share of its own, the same at all steps. A share near 1 makes a slow unit. Write that as a formula first: you will go back through it.
#
# `xs (T, N, D)`, `h0 (N, H)`, `W_x (D, H)`, `W_h (H, H)`, `b (H,)`, `z (H,)` between 0 and 1 → `hs (T, N, H)`, the states after each of the T inputs.
#
# <details><summary>A hint for <code>leaky_rnn_forward</code></summary>
#
# *Hint: it is chapter 2's loop with one line more. NumPy applies z to every row by itself.*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "leaky_rnn_forward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def leaky_rnn_forward(xs, h0, W_x, W_h, b, z):
    """A network of leaky units: each keeps the share z of its state and takes the rest from what a plain network would make.

    xs (T, N, D), h0 (N, H), W_x (D, H), W_h (H, H), b (H,), z (H,) between 0 and 1  ->  hs (T, N, H)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "leaky_rnn_forward", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(leaky_rnn_forward)

# %% [markdown]
# ## 5. Back through leaky units
#
# Derive the way back through time. A gradient `dhs[t]` arrives at every state, as in chapter 3. The shares can be
# learned like weights, so `dz` is wanted too.
#
# `dhs (T, N, H)`, `xs (T, N, D)`, `h0 (N, H)`, `hs (T, N, H)`, `W_x (D, H)`, `W_h (H, H)`, `b (H,)`, `z (H,)` →
# `dxs (T, N, D)`, `dh0 (N, H)`, `dW_x (D, H)`, `dW_h (H, H)`, `db (H,)`, `dz (H,)`. `hs` is what `leaky_rnn_forward`
# returned.
#
# <details><summary>A hint for <code>leaky_rnn_backward</code></summary>
#
# *Hint: in how many ways does a state get into the next one? And of which number is the slope of tanh made, now that
# a state is not tanh's value?*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "leaky_rnn_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def leaky_rnn_backward(dhs, xs, h0, hs, W_x, W_h, b, z):
    """Back-propagation through time for a network of leaky units; hs is what leaky_rnn_forward returned.

    dhs (T, N, H) arrives at every step's output; xs (T, N, D), h0 (N, H), hs (T, N, H), W_x (D, H), W_h (H, H), b (H,), z (H,)
    ->  dxs (T, N, D), dh0 (N, H), dW_x (D, H), dW_h (H, H), db (H,), dz (H,)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "leaky_rnn_backward", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check(leaky_rnn_backward)

# %% [markdown]
# ## 6. A penalty
#
# Weights that start orthogonal do not stay so. One can ask training to hold them near: add to the loss what is
# missing,
#
# $$\mathrm{penalty}(W) = \left\lVert W^\top W - I \right\rVert^2 = \sum_{j,k} \left( W^\top W - I \right)_{jk}^2$$
#
# It is 0 where the columns of $W$ have length 1 and are at right angles, and for its gradient you have to find out
# how it changes with each entry of $W$.
#
# `W (rows, columns)` → `penalty ()`, a number, and `dW (rows, columns)`, its gradient.
#
# <details><summary>A hint for <code>orthogonality_penalty</code></summary>
#
# *Hint: write E for the difference, a symmetric matrix. First the derivative of the penalty by an entry of E; then:
# which entries of E change with one entry of W, and by how much?*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "orthogonality_penalty-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def orthogonality_penalty(W):
    """The squares of the entries of W^T W - I added up, and the gradient of that sum.

    W (rows, columns)  ->  penalty (), dW (rows, columns)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "orthogonality_penalty", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(orthogonality_penalty)

# %% [markdown]
# ## On their way to 1
#
# A figure, which a person reads. Draw a 20×20 matrix of standard normal numbers over $\sqrt{20}$, and follow the
# gradient of your penalty downhill: 150 updates $W \leftarrow W - 0.02\,dW$. Draw all 20 singular values of $W$ after
# each update, on an axis on which you can tell 0.01 from 0.02. Then think what becomes of a singular value that is
# much smaller than 1, and draw your prediction for the smallest one as a dashed line. Say in two sentences, as
# comments at the end of the cell, what the figure shows, and what it means for training.

# %% nbgrader={"grade": true, "grade_id": "on-their-way-to-1", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
import matplotlib.pyplot as plt

### BEGIN SOLUTION
W = np.random.default_rng(5).normal(size=(20, 20)) / np.sqrt(20)
values = [np.linalg.svd(W, compute_uv=False)]
for _ in range(150):
    W = W - 0.02 * orthogonality_penalty(W)[1]
    values.append(np.linalg.svd(W, compute_uv=False))

figure, ax = plt.subplots()
ax.semilogy(values, color="C0", linewidth=1)
updates = np.arange(60)
ax.semilogy(updates, values[0][-1] * 1.08**updates, "k--", label="the smallest one times 1.08 an update")
ax.set(xlabel="update", ylabel="singular values of W", title="A random matrix on its way to an orthogonal one")
ax.legend()
plt.show()
# Whatever is above 1 comes down within some ten updates, but what is small comes up at a steady rate: dW has the same
# singular vectors as W, with 4 sigma (sigma^2 - 1) in the place of sigma, about -4 sigma, so a small value grows by 8 percent an
# update.
# A direction that has been lost is found again only slowly, the more slowly the more it was lost, so the penalty can
# hold a good start better than it can mend a bad one.
#
# One point each. The figure: all values on a logarithmic axis, axes that say what they are, and a dashed line of values
# times (1 + 4 * 0.02) an update (a line that was fitted by eye has half). The sentences: that large values fall quickly
# and small ones rise exponentially, and one consequence for training.
### END SOLUTION

# %% [markdown]
# ## Keep or write
#
# Answer in the cell below, in a formula or two and a few sentences each; a person reads it.
#
# 1. All units of a leaky network keep the same share $z$, and $W_h$ is orthogonal. Write down the matrix by which a
#    row of gradients is multiplied on its way from $h_t$ to $h_{t-1}$. At most how much can it stretch a row, and,
#    where $z > \frac12$, at least how much is left? From which $z$ on is a half of every gradient sure to be left
#    after ten steps?
# 2. One unit with $W_h = 0$ and $z = 0.95$ starts at 0. At one step it sees something for which tanh is as good as 1,
#    then 13 steps for which it is 0. How large is the state at the end, and what would it be with $z = 0.5$? For how
#    many steps on end must each of the two see that something until its state is above 0.9? What does a long memory
#    of this kind cost?
# 3. In training with the loss $L + \mu \cdot \mathrm{penalty}$, the loss pulls at one singular value of $W_h$, which
#    is near 1, with a constant force: $\partial L / \partial \sigma = -0.24$, with $\sigma$ for that value. Where does it come to rest with $\mu = 1$?
#    By how much can a gradient then grow in this direction over 100 steps, when tanh takes nothing away?

# %% [markdown] nbgrader={"grade": true, "grade_id": "keep-or-write", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# 1. $z\,I + (1 - z)\,\mathrm{diag}(1 - n_t^2)\,W_h^\top$. The second part stretches a row by at most $1 - z$, since
#    the slopes are at most 1 and $W_h^\top$ keeps lengths. So a row is stretched by at most $z + (1 - z) = 1$, and at
#    least $z - (1 - z) = 2z - 1$ of it is left. $(2z - 1)^{10} \ge \frac12$ needs $2z - 1 \ge 0.933$, so
#    $z \ge 0.967$.
# 2. After the one step the state is 0.05, and after 13 more $0.05 \cdot 0.95^{13} \approx 0.026$; with 0.5 it is
#    $0.5 \cdot 0.5^{13} \approx 0.00006$. After $s$ steps of seeing it the state is $1 - z^s$: above 0.9 from the 45th
#    step on, and with 0.5 from the 4th. One number decides about keeping and about writing, so what is kept for long
#    is written faintly or slowly, and what comes once is hardly there at all.
# 3. The penalty's part is $4 \sigma (\sigma^2 - 1) = 0.24$; with $\sigma = 1 + \varepsilon$ this is about
#    $8 \varepsilon = 0.24$, so $\sigma \approx 1.03$. Over 100 steps that is $1.03^{100} \approx 19$: a penalty bends, and
#    over long ways a little is much.
#
# *One point each. 1: the matrix, both bounds, and a number between 0.96 and 0.97. 2: the states, the steps, and that
# keeping and writing are tied; half for numbers alone. 3: the balance of the two, and a growth between 15 and 20
# (1.029 gives 17).*
# ### END SOLUTION

# %% [markdown]
# ## See it work
#
# All are right? Then put them to use. First the thermometer: three ways to draw the recurrent weights, and what is left of a gradient
# after 60 steps of a network that reads noise.
#
# Then the adding problem. A network reads 60 random numbers, two of them marked, and shall answer with the sum of those two. A network that has
# learned nothing but to say "1" every time has an error of 1/6, about 0.167. The two networks that are trained here have the same size and see
# the same numbers; they differ in how `W_h` starts, and in what each unit does with its sum.
#
# This cell is not graded. Change what you like: the gains, `T`, the noise.

# %% tags=["skip-execution"]
from unrolled.cells import last_state_loss, relu_cell, tanh_cell
from unrolled.reference import identity_init, rnn_forward, spectral_radius
from unrolled.tasks import adding_problem, draws
from unrolled.training import initial_parameters, train

rng = np.random.default_rng(0)
T, H = 60, 32
A = rng.normal(size=(H, H))
small, large = 0.6 * A / spectral_radius(A), 1.6 * A / spectral_radius(A)
starts = {"Gaussian, scaled down": small, "orthogonal": orthogonal_init((H, H), 1.0, A), "Gaussian, scaled up": large}
xs, h0 = 0.1 * rng.normal(size=(T, 1, H)), np.zeros((1, H))
for name, W_h in starts.items():
    norms = state_gradient_norms(rnn_forward(xs, h0, np.eye(H), W_h, np.zeros(H)), W_h)
    print(f"{name:21}: radius {spectral_radius(W_h):.2f}, gradient norm after {T - 1} steps {norms[0, 0]:.1e}")


def train_to_add(cell, W_h, batches=500):
    rng = np.random.default_rng(1)
    parameters = initial_parameters(rng, D=2, H=H, O=1)
    parameters["W_h"] = W_h.astype(np.float32)
    parameters["W_x"] *= 0.1

    def clipped_loss(parameters, xs, targets):
        loss, gradients = last_state_loss(cell)(parameters, xs, targets)
        return loss, dict(zip(gradients, clip_by_global_norm(list(gradients.values()), 1.0), strict=True))

    losses = train(parameters, clipped_loss, draws(adding_problem, rng, batches, T, 32), 0.002)
    return np.mean(losses[-50:])


print(f"tanh, small Gaussian weights: error {train_to_add(tanh_cell, small):.4f}")
print(f"ReLU, identity weights:       error {train_to_add(relu_cell, identity_init(H, 1.0)):.4f}")
