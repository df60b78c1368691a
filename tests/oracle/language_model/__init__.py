"""One small language model, three times: with the course's functions, in PyTorch and in Keras.

Each module holds the network as one would write it there, and `with_weights`, which gives it the same weights.
`make oracle` holds their outputs to each other.
"""
