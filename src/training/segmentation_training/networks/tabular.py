"""Networks over the feature vector alone."""

from typing import Tuple

from torch import Tensor, nn


class Autoencoder(nn.Module):
    """[B, D] -> code [B, code] and reconstruction [B, D]; trained on the squared error."""

    def __init__(self, columns: int, code: int = 16, hidden: int = 64):
        super().__init__()
        self.down = nn.Sequential(nn.Linear(columns, hidden), nn.ReLU(), nn.Linear(hidden, code))
        self.up = nn.Sequential(nn.ReLU(), nn.Linear(code, hidden), nn.ReLU(), nn.Linear(hidden, columns))

    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        code = self.down(x)
        return code, self.up(code)


class DeepClassifier(nn.Module):
    """[B, D] -> logits [B, classes], through layers of 64 and 128 with dropout."""

    def __init__(self, columns: int, classes: int, dropout: float = 0.3):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(columns, 64), nn.ReLU(), nn.Dropout(dropout), nn.Linear(64, 128), nn.ReLU(), nn.Dropout(dropout), nn.Linear(128, classes))

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)
