"""The same LSTM language model in PyTorch: weights transposed, a second bias."""

import torch

from unrolled.pytorch import to_pytorch


class LanguageModel(torch.nn.Module):
    """Scores of every next token: tokens (T, N) in, (T, N, V) out."""

    def __init__(self, V, D, H):
        super().__init__()
        self.embedding = torch.nn.Embedding(V, D)
        self.lstm = torch.nn.LSTM(D, H)
        self.readout = torch.nn.Linear(H, V)

    def forward(self, tokens):
        xs = self.embedding(tokens)
        hs, _ = self.lstm(xs)
        return self.readout(hs)


def with_weights(parameters):
    (V, D), H = parameters["E"].shape, len(parameters["W_h"])
    model = LanguageModel(V, D, H).double()
    weights = {
        "embedding.weight": parameters["E"],
        "readout.weight": parameters["W_y"].T,
        "readout.bias": parameters["b_y"],
    }
    for name, weight in to_pytorch("lstm", parameters).items():
        weights[f"lstm.{name}"] = weight
    model.load_state_dict({name: torch.tensor(w) for name, w in weights.items()})
    return lambda tokens: model(torch.tensor(tokens)).detach().numpy()
