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
# thermometer, and the two remedies that need no new cell: clipping, and weights that start at the right scale. At the end
# your functions train a network to add two numbers that stand up to 60 steps back, a task at which it fails without them.
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
# not; the card at the end of chapter 4 says how many points that is. `check` draws its inputs in the same way, so a function that passes
# here passes there. A function may call those that you have written above it, and is then right only when they are.
#
# The whole notebook is run, your own cells too: an import, a constant or a helper function counts wherever you put it. What takes long in a
# cell of your own is stopped, and what it shows decides nothing. Grading knows Python's own library, NumPy and Matplotlib, and no other.
#
# ## Letters
#
# Capitals are sizes: `N` sequences in a batch, `T` steps, `H` hidden units; and weights: `W_h (H, H)`. Small letters are values:
# `h (N, H)` is the state at one step. A plural is a whole sequence, time first: `hs (T, N, H)`. Each state is a row, so weights
# stand on the right: `h @ W_h`. Python counts from 0: `hs[0]` is $h_1$, and `hs[-1]` is $h_T$.

# %%
import numpy as np

from unrolled import check

# %% [markdown]
# ## 1. The rate of growth
#
# Multiply a vector by the same matrix again and again, and in the long run a step stretches it, on average, by one and the same factor,
# the **spectral radius**: the largest absolute value among the matrix's eigenvalues $\lambda_1, \dots, \lambda_H$,
#
# $$\rho(W) = \max_i |\lambda_i|$$
#
# Below 1 everything fades, above 1 something grows. Eigenvalues may be negative or complex; what counts is their distance from 0.
#
# `W (H, H)` → `radius ()`, a number.
#
# *Hint: `np.linalg.eigvals` returns the eigenvalues in no particular order, and `np.abs` of a complex number is its distance from 0.*

# %% nbgrader={"grade": false, "grade_id": "spectral_radius-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def spectral_radius(W):
    """The largest absolute value among the eigenvalues of W.

    W (H, H)  ->  radius ()
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "spectral_radius", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(spectral_radius)

# %% [markdown]
# ## 2. The thermometer
#
# How much of a gradient at the last state, $h_T$, is left when it reaches an earlier state, $h_t$? You know from chapter 3 how one step back
# works: the gradient, a row, is multiplied by the slope of $\tanh$, which is $1 - h^2$, and then by $W_h^\top$. Do that to all the rows of the identity at once,
# and you have the matrix of the whole way:
#
# $$P_T = I, \qquad P_{t-1} = P_t\,\mathrm{diag}\left(1 - h_t^2\right) W_h^\top$$
#
# $P_t$ is the Jacobian $\partial h_T / \partial h_t$: its row $j$, column $m$ says how much unit $j$ of the last state changes with unit $m$ of the state at $t$. The most that a gradient
# can grow on this way is the matrix's **spectral norm**, its largest singular value:
#
# $$\mathrm{norm}_t = \lVert P_t \rVert_2$$
#
# Each sequence of the batch has its own states and so its own matrices.
#
# `hs (T, N, H)`, `W_h (H, H)` → `norms (T, N)`, where `norms[t, n]` belongs to the state `hs[t, n]`. The last row is 1: nothing has
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

# %% nbgrader={"grade": true, "grade_id": "state_gradient_norms", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check(state_gradient_norms)

# %% [markdown]
# ## 3. Clipping by value
#
# The simplest cure for a gradient that explodes: no entry may leave $[-\ell, \ell]$. An entry within the limit stays what it is, one beyond it
# becomes $\ell$ or $-\ell$.
#
# $$g \;\to\; \min\left(\max\left(g, -\ell\right), \ell\right)$$
#
# `grads`, a list of arrays, each in its own shape; `limit` > 0 → `clipped`, a list of arrays in the same shapes. Leave the given list and its arrays as they
# are: return new ones.
#
# *Hint: one NumPy function does this for an array, and a list comprehension does it for a list.*

# %% nbgrader={"grade": false, "grade_id": "clip_by_value-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def clip_by_value(grads, limit):
    """Every entry brought into [-limit, limit].

    grads, a list of arrays; limit > 0  ->  clipped (a list of arrays of the same shapes)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "clip_by_value", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(clip_by_value)

# %% [markdown]
# ## 4. Clipping by the global norm
#
# Clipping by value bends a gradient: large entries shrink, small ones do not, and the step goes in another direction. The usual cure measures
# all arrays together, as if they were one long vector, and multiplies all of them by one factor:
#
# $$\lVert g \rVert = \sqrt{\sum_{k} \sum_{i} g_{k,i}^2}\,, \qquad g_k \;\to\; \frac{m}{\max\left(\lVert g \rVert,\, m\right)}\; g_k$$
#
# Here $k$ runs over the arrays, $i$ over the entries of one array, and $m$ is `max_norm`. When the norm is at most $m$ the factor is 1 and nothing
# changes. The gradients may be all zero.
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

# %% nbgrader={"grade": true, "grade_id": "clip_by_global_norm", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(clip_by_global_norm)

# %% [markdown]
# ## 5. Weights that keep lengths
#
# An orthogonal matrix turns a vector and never changes its length, so a gradient can pass through it any number of times. Here is a recipe that makes one
# of random numbers, with exactly one right answer:
#
# 1. Take the QR factors of the Gaussian matrix $A$: $A = QR$, where the columns of $Q$ are orthonormal and $R$ is upper triangular.
# 2. Multiply each column of $Q$ by the sign of the number in the same column on the diagonal of $R$.
# 3. Transpose the result if the weights have fewer rows than columns.
# 4. Multiply by the gain.
#
# $$W = \mathrm{gain} \cdot Q\,\mathrm{diag}\left(\mathrm{sign}(R_{11}), \dots, \mathrm{sign}(R_{nn})\right) \quad \text{or its transpose}$$
#
# `shape`, the two numbers (rows, columns) that the weights shall have; `gain` > 0; `A (m, n)` with m = max(shape) and n = min(shape), so that A is never
# wide → `W (rows, columns)`.
#
# *Hint: `Q, R = np.linalg.qr(A)`; a row of signs times a matrix multiplies its columns.*

# %% nbgrader={"grade": false, "grade_id": "orthogonal_init-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def orthogonal_init(shape, gain, A):
    """gain times Q of the QR factors of A, its columns times the signs of R's diagonal; transposed for a wide shape.

    shape, two numbers (rows, columns); gain > 0; A (m, n) standard normal, m = max(shape), n = min(shape)
    ->  W (rows, columns)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "orthogonal_init", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check(orthogonal_init)

# %% [markdown]
# ## 6. Weights that keep everything
#
# The plainest orthogonal matrix is the identity: each unit hands its own value on, and whatever else the network does it has to learn. Times a gain,
#
# $$W_h = \mathrm{gain} \cdot I$$
#
# `H`, a number; `gain` > 0 → `W_h (H, H)`.
#
# *Hint: `np.eye`.*

# %% nbgrader={"grade": false, "grade_id": "identity_init-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def identity_init(H, gain):
    """gain times the identity matrix.

    H, a number; gain > 0  ->  W_h (H, H)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "identity_init", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(identity_init)

# %% [markdown]
# ## See it work
#
# All six are right? Then put them to use. First the thermometer: three ways to draw the recurrent weights, and what is left of a gradient
# after 60 steps of a network that reads noise.
#
# Then the adding problem. A network reads 60 random numbers, two of them marked, and shall answer with the sum of those two. A network that has
# learned nothing but to say "1" every time has an error of 1/6, about 0.167. The two networks that are trained here have the same size and see
# the same numbers; they differ in how `W_h` starts, and in what each unit does with its sum.
#
# This cell is not graded. Change what you like: the gains, `T`, the noise.

# %% tags=["skip-execution"]
from unrolled.cells import last_state_loss, relu_cell, tanh_cell
from unrolled.reference import rnn_forward
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


def train_to_add(cell, W_h, steps=500):
    rng = np.random.default_rng(1)
    parameters = initial_parameters(rng, D=2, H=H, O=1)
    parameters["W_h"] = W_h.astype(np.float32)
    parameters["W_x"] *= 0.1

    def clipped_loss(parameters, xs, targets):
        loss, gradients = last_state_loss(cell)(parameters, xs, targets)
        return loss, dict(zip(gradients, clip_by_global_norm(list(gradients.values()), 1.0), strict=True))

    losses = train(parameters, clipped_loss, draws(adding_problem, rng, steps, T, 32), 0.002)
    return np.mean(losses[-50:])


print(f"tanh, small Gaussian weights: error {train_to_add(tanh_cell, small):.4f}")
print(f"ReLU, identity weights:       error {train_to_add(relu_cell, identity_init(H, 1.0)):.4f}")
