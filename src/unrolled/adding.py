"""The adding problem as chapters 4 to 6 set it: which networks, how they start, and what "learned" means.

Every network has about 4,500 parameters before its readout, so that the plain kinds have more units
than the gated ones.
"""

import numpy as np

from unrolled.cells import gru_cell, last_state_loss, lstm_cell, relu_cell, tanh_cell
from unrolled.reference import identity_init, orthogonal_init, readout
from unrolled.tasks import adding_problem, draws
from unrolled.training import adam, initial_parameters

N, HELD_OUT, LIMIT = 64, 256, 1500  # sequences a batch, sequences kept apart, batches at most
EVERY, LEARNED = 25, 0.01  # how often, in batches, it is asked whether the squared error is below this
NETWORKS = {  # the cell, its blocks, its units
    "tanh, default": (tanh_cell, 1, 65),
    "tanh, orthogonal": (tanh_cell, 1, 65),
    "ReLU, identity": (relu_cell, 1, 65),
    "LSTM": (lstm_cell, 4, 32),
    "GRU": (gru_cell, 3, 37),
}


def initial_network(network, rng):
    """The parameters of an untrained network, by its name in NETWORKS."""
    _, blocks, H = NETWORKS[network]
    parameters = initial_parameters(rng, D=2, H=H, O=1, k=blocks)
    if network == "tanh, default":
        parameters["W_h"] = (rng.uniform(-1, 1, size=(H, H)) / np.sqrt(H)).astype(np.float32)
    if network == "tanh, orthogonal":
        parameters["W_h"] = orthogonal_init((H, H), 1.0, rng.normal(size=(H, H))).astype(np.float32)
    if network == "ReLU, identity":
        parameters["W_h"] = identity_init(H, 1.0).astype(np.float32)
        parameters["W_x"] *= 0.1
    if network == "LSTM":
        parameters["b"][H : 2 * H] = 1
    return parameters


def held_out(seed, T, part):
    """HELD_OUT sequences of a part that no batch has: xs (T, N, 2), targets (N, 1).  part  "validation" or "test" """
    return adding_problem(np.random.default_rng([seed, T, ("validation", "test").index(part)]), T, HELD_OUT)


def squared_error(network, parameters, xs, targets):
    """The mean squared error of the last state's readout."""
    hs, _ = NETWORKS[network][0](parameters, xs)
    return float(np.mean((readout(hs[-1:], parameters["W_y"], parameters["b_y"])[0] - targets) ** 2))


def learn_to_add(network, T, rate, seed, limit=LIMIT, parts=("validation", "test"), max_norm=1.0):
    """Train with Adam until the error on every part was below LEARNED, or for `limit` batches.

    max_norm  the global norm to which gradients are clipped, None for as they are
    ->  parameters, losses (one a batch), and a dict from part to the batches it took,
    `limit` where it was never learned
    """
    parameters = initial_network(network, np.random.default_rng(seed))
    loss_and_gradients, update = last_state_loss(NETWORKS[network][0], max_norm), adam(parameters)
    sequences = {part: held_out(seed, T, part) for part in parts}
    losses, needed = [], {}
    with np.errstate(all="ignore"):  # too high a rate may overflow; its error is then not below LEARNED
        for batch in draws(adding_problem, np.random.default_rng([seed, T]), limit, T, N):
            loss, gradients = loss_and_gradients(parameters, *batch)
            update(gradients, rate)
            losses.append(float(loss))
            if len(losses) % EVERY == 0:
                new = (
                    part
                    for part in parts
                    if part not in needed and squared_error(network, parameters, *sequences[part]) < LEARNED
                )
                needed |= dict.fromkeys(new, len(losses))
                if len(needed) == len(parts):
                    break
    return parameters, losses, {part: needed.get(part, limit) for part in parts}
