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
# # A language model's ends
#
# A language model begins with a table that has a row of numbers for each symbol, and ends with one number that says how much it is in doubt. Here you write both ends,
# and the way back through the table, where a single line is easily wrong in a way that no error message tells.
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
# not; the card at the end of chapter 9 says how many points that is. `check` draws its inputs in the same way, so a function that passes
# here passes there. A function may call those that you have written above it, and is then right only when they are. The network of task 6 is
# scored by what it reaches, and the question after it is read by a person.
#
# The whole notebook is run, your own cells too: an import, a constant or a helper function counts wherever you put it. What takes long in a
# cell of your own is stopped, and what it shows decides nothing. Grading knows Python's own library, NumPy and Matplotlib, and no other.
#
# ## Letters
#
# Capitals are sizes: `N` sequences in a batch, `T` steps, `D` numbers a symbol, `V` symbols in the vocabulary; and weights. `tokens (T, N)` are symbols as integers from 0 to V − 1, time
# first; `E (V, D)` is the table, a row for each symbol; `xs (T, N, D)` are the rows that the network reads. `dE` is the gradient of the loss with respect to `E`.

# %%
import numpy as np

from unrolled import check

# %% [markdown]
# ## 1. A row for each symbol
#
# A one-hot row times a matrix is a row of that matrix. So the product need not be made: look the row up.
#
# $$x_t = E_{v_t}$$
#
# where $v_t$ is the symbol at step $t$, in each sequence of the batch.
#
# Integer `tokens (T, N)`, `E (V, D)` → `xs (T, N, D)`.
#
# *Hint: an array may be indexed by an array of integers, of any shape.*

# %% nbgrader={"grade": false, "grade_id": "embedding_forward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def embedding_forward(tokens, E):
    """The row of E for each token.
    
    integer tokens (T, N), E (V, D)  ->  xs (T, N, D)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "embedding_forward", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check(embedding_forward)

# %% [markdown]
# ## 2. Back into the table
#
# A row of the table was used wherever its symbol stood. The gradient of a number that was used several times is the sum over its uses:
#
# $$dE_v = \sum_{t\,:\,v_t = v} dx_t$$
#
# The sum runs over the steps of all sequences. A symbol that did not come gets zeros.
#
# `dxs (T, N, D)`, integer `tokens (T, N)`, integer `V` → `dE (V, D)`.
#
# *Hint: try `dE = np.zeros(3); dE[[1, 1, 1]] += 1` in a cell of your own, and then `np.add.at`.*

# %% nbgrader={"grade": false, "grade_id": "embedding_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def embedding_backward(dxs, tokens, V):
    """The gradient of the table: each row is the sum over all places where its token stood.
    
    dxs (T, N, D), integer tokens (T, N), integer V  ->  dE (V, D)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "embedding_backward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(embedding_backward)

# %% [markdown]
# ## 3. Among how many?
#
# A mean loss of 1.9 nats says little to most people. Its exponential says more: the model was in doubt as if it had to choose among so many symbols that are equally likely. With $\ell_t$ for
# the loss of one symbol, the mask $m_t$, which is 1 where a step counts and 0 where it is padding, and sums over the steps of all sequences:
#
# $$\text{perplexity} = \exp\left(\frac{\sum_t m_t\,\ell_t}{\sum_t m_t}\right)$$
#
# `losses (T, N)` in nats, `mask (T, N)` → one number.
#
# *Hint: a sequence of two steps must not weigh as much as one of two hundred. The padding may hold any number at all.*

# %% nbgrader={"grade": false, "grade_id": "perplexity-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def perplexity(losses, mask):
    """The exponential of the mean loss: among how many equally likely symbols the model is in doubt.
    
    losses (T, N) in nats, mask (T, N), 1 where a step counts and 0 where it is padding  ->  perplexity ()
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "perplexity", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(perplexity)

# %% [markdown]
# ## 4. One table at both ends
#
# No page of the book prints the next two functions; what it taught is enough. Many language models use their table twice: its rows are read, `xs = E[tokens]`, and the scores of the next
# symbol are products with the same rows, `logits = hs @ E.T`. That spares a matrix, and ties what a symbol means as an input to what it means as an output.
#
# Between the two is a network that you know nothing of here: it was given `xs` and made `hs (T, N, D)`, and its way back has been gone already. So two gradients arrive, `dlogits` at the scores and `dxs` at the rows
# that were read. Give back the gradient of the table and what goes back to the states.
#
# `dlogits (T, N, V)`, `dxs (T, N, D)`, `hs (T, N, D)`, integer `tokens (T, N)`, `E (V, D)` → `dE (V, D)`, `dhs (T, N, D)`.
#
# <details><summary>A hint for <code>tied_embedding_backward</code></summary>
#
# *Hint: the table is used in two places, so its gradient is a sum of two. One of them you have written above.*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "tied_embedding_backward-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tied_embedding_backward(dlogits, dxs, hs, tokens, E):
    """Gradients where one table is used twice: its rows are read, xs = E[tokens], and logits = hs @ E.T are made with it.
    
    dlogits (T, N, V), dxs (T, N, D), hs (T, N, D), integer tokens (T, N), E (V, D)  ->  dE (V, D), dhs (T, N, D)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "tied_embedding_backward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check(tied_embedding_backward)

# %% [markdown]
# ## 5. Two models, one bet
#
# A network and a table of counts often fail in different places, so their guesses are mixed. For every symbol the mixture gives the probability
#
# $$\text{share} \cdot \text{first} + (1 - \text{share}) \cdot \text{second}$$
#
# What you are given are the **logarithms** of these two probabilities, for the symbols that came; and they may be as low as −10,000, where the probability itself is 0 in a computer. The result is the mean number of bits a symbol, over the steps that count.
#
# `log_p (T, N)` of the first and `log_q (T, N)` of the second, natural logarithms; a number `share` between 0 and 1; `mask (T, N)` → one number, in bits.
#
# <details><summary>A hint for <code>mixed_bits</code></summary>
#
# *Hint: a product is a sum of logarithms, $\ln(\text{share} \cdot \text{first}) = \ln \text{share} + \ln \text{first}$, and `np.logaddexp` makes $\ln(\text{first} + \text{second})$ of their logarithms, however small both are.*
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "mixed_bits-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mixed_bits(log_p, log_q, share, mask):
    """Mean bits a symbol of two models that are mixed: the share of the first one's probability and the rest of the second one's.
    
    log_p (T, N), log_q (T, N): natural logarithms of what each model gave to the symbol that came, as low as -10000;
    number share between 0 and 1, mask (T, N)  ->  bits ()
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "mixed_bits", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check(mixed_bits)

# %% [markdown]
# ## 6. A network of your own
#
# Now train one. Your function gets a text as integer `tokens (T,)`, the size `V` of its vocabulary, and a `seed` for whatever you draw at random. It has **ten seconds**, and returns the weights of a recurrent network that predicts each next token, in a dict:
#
# | name | shape | what it is |
# |---|---|---|
# | `W_x` | (V, kH) | the row of the token that is read |
# | `W_h` | (H, kH) | from a state to the next |
# | `b` | (kH,) | added at every step |
# | `W_y`, `b_y` | (H, V), (V,) | from the state to the scores of the next token |
#
# With $k = 1$ it is the plain network of chapter 2, with $k = 3$ a GRU, with $k = 4$ an LSTM, in the course's order of blocks. `H` is at most 256.
#
# What counts is what it reaches. It reads pieces of a text that you were not given, each from a zero state, and is scored in bits a character. There are four marks, each worth a quarter of the points.
# Counting sets them, for each text anew: what a table of letter pairs reaches, half of the way from there to a table of triples, triples, and a quarter of that way more. For `check` and the book's text they
# are about **3.4**, **3.0**, **2.6** and **2.4**. Where answers are graded, the text and its marks are others. Which number stands for which letter is drawn anew each time, so weights from elsewhere are worth nothing.
#
# The plain network is given below, in its fast form, with its way back: the work of your assignments 2 and 3. Everything else is yours: how the weights start, the pieces that you train on, their length, the loss and its gradient at the scores, Adam or something simpler, and when to stop. Time it as you go: a slower computer than yours may train
# for you, so leave a margin.
#
# <details><summary>A hint for <code>train_language_model</code></summary>
#
# *Hint: cut the tokens into pieces of about fifty and read thirty or more of them at once; Adam with a rate near .005 that falls towards the end, gradients clipped to norm 1. `time.perf_counter()` says when to stop.*
#
# </details>

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

# %% nbgrader={"grade": false, "grade_id": "train_language_model-code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_language_model(tokens, V, seed):
    """Train a recurrent network to predict each next token of a text, within ten seconds.
    
    integer tokens (T,), integers V and seed
    ->  a dict of W_x (V, kH), W_h (H, kH), b (kH,), W_y (H, V), b_y (V,);
    H up to 256, k = 1 (tanh), 3 (GRU) or 4 (LSTM)
    """
    ### BEGIN SOLUTION
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "train_language_model", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check(train_language_model)

# %% [markdown]
# ## 7. Is it better than the simple thing?
#
# Answer in the cell below, in two or three sentences each; a person reads it.
#
# 1. The simple thing for a text is a table of counts. What did your network reach, and what does the best table of counts reach that you can make from the same tokens? Say how many tokens before the next one it looks at.
# 2. Your network reaches fewer bits on the tokens that it was trained on than on others. What does that difference tell you, and what would you change if it were large?
# 3. Somebody reports 1.9 bits for a network of the same size. Name two things that you would ask before you believe that it is better than yours.

# %% [markdown] nbgrader={"grade": true, "grade_id": "better-than-the-simple-thing", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# 1. For example: the network reached 2.2 bits; a table that looks at the two tokens before reached 2.7, one that looks at three reached 2.4 where it falls back on shorter ones for what it has seldom
#    seen. The numbers come from tokens that were held out for both.
# 2. It has learned some pieces by heart that do not come again. If the difference is large: fewer units, an earlier stop, dropout between state and readout, or more text.
# 3. Was it measured on held-out text, and on the same one? Does it read each piece from a zero state, or with its state carried on? How long did it train, from how many starts was the best chosen, and by what? Is the alphabet the same?
#
# *One point each. 1: a number of one's own for both, on the same held-out tokens, and the length of the context. 2: overfitting, by name or described, and a remedy that fits. 3: two questions that could each explain the difference.*
# ### END SOLUTION

# %% [markdown]
# ## What the table has learned
#
# All are right? Then train a table. The smallest model that has one reads a single letter and guesses the next: a row of `E`, times weights. With two numbers a letter the table can be drawn. Letters
# that are followed by the same letters come to lie together, although nobody has told the model what a vowel is.
#
# This cell is not graded. It takes less than half a minute.

# %% tags=["skip-execution"]
import matplotlib.pyplot as plt

from unrolled.text import ALPHABET, corpus, encode
from unrolled.training import adam

rng = np.random.default_rng(0)
text = encode(corpus()[:100_000])
V, D, N = len(ALPHABET), 2, 4096
weights = {"E": 0.1 * rng.normal(size=(V, D)), "W_y": 0.1 * rng.normal(size=(D, V)), "b_y": np.zeros(V)}
update = adam(weights)

for batch in range(1, 1001):
    places = rng.integers(len(text) - 1, size=N)
    tokens, targets = text[None, places], text[None, places + 1]
    xs = embedding_forward(tokens, weights["E"])
    logits = xs @ weights["W_y"] + weights["b_y"]
    log_p = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
    dlogits = (np.exp(log_p) - np.eye(V)[targets]) / N
    dE = embedding_backward(dlogits @ weights["W_y"].T, tokens, V)
    update({"E": dE, "W_y": xs[0].T @ dlogits[0], "b_y": dlogits[0].sum(axis=0)}, rate=0.02)
    if batch % 250 == 0:
        losses = -np.take_along_axis(log_p, targets[..., None], axis=-1)[..., 0]
        print(f"batch {batch}: perplexity {perplexity(losses, np.ones((1, N))):.2f} of {V}")

fig, ax = plt.subplots(figsize=(6, 6))
for letter, (x, y) in zip(ALPHABET, weights["E"], strict=True):
    ax.text(x, y, letter if letter != " " else "space", color="C3" if letter in "aeiou" else "black", ha="center", fontsize=14)
ax.set(xlim=(weights["E"][:, 0].min() - 0.5, weights["E"][:, 0].max() + 0.5), ylim=(weights["E"][:, 1].min() - 0.5, weights["E"][:, 1].max() + 0.5))
ax.set_title("The rows of the table; the vowels are red")
plt.show()
