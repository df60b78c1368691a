"""Is a language model better when its state is carried from one piece of the text to the next?

An LSTM of 64 units (25,949 parameters) learns from the same pieces of T letters in the same order, 32 side by side,
with the state carried on or set to zero before each; a third one gets pieces from anywhere, each from a zero state.
All see about as many letters, whatever T. Each is then read in both ways.
"""

import numpy as np

from unrolled.carried import bits_read, learn_language, pieces_in_order
from unrolled.text import ALPHABET, corpus, encode, split
from unrolled.training import initial_parameters, text_windows

V, H, N, LETTERS = len(ALPHABET), 64, 32, 800 * 32 * 32
CHOSEN_BY = ("validation carried", "validation reset")
SETTINGS = [
    {"state": state, "T": T, "rate": rate, "seed": seed}
    for T in (32, 8) for state in ("carried", "reset", "anywhere") for rate in (0.005, 0.01, 0.02) for seed in range(5)
]


def measure(state, T, rate, seed):
    """Bits a letter: carried and reset, read with the state carried on or set to zero every T letters; the same on
    the validation text."""
    rng = np.random.default_rng(seed)
    parameters = initial_parameters(rng, V, H, V, 4)
    parameters["b"][H : 2 * H] = 1      # chapter 5: a forget gate that begins open
    learn, test = split(encode(corpus()))
    learn, validation = split(learn)
    updates = LETTERS // (T * N)
    if state == "anywhere":
        pieces = ((*piece, True) for piece in text_windows(rng, learn, T, N, updates))
    else:
        pieces = pieces_in_order(learn, T, N, updates)
    learn_language(parameters, pieces, lambda step: rate * (1 - step / updates), carried=state == "carried")
    found = {}
    for name, text in (("validation ", validation), ("", test)):
        carried, reset = bits_read(parameters, text, T)
        found |= {f"{name}carried": round(float(carried.mean()), 4), f"{name}reset": round(float(reset.mean()), 4)}
        if not name and T == 32:
            found |= {"carried by place": carried.round(3).tolist(), "reset by place": reset.round(3).tolist()}
    return found | {"parameters": sum(value.size for value in parameters.values()), "updates": updates}
