"""Scaling and encoding of features, part of every network and of the graph."""

import numpy as np
import torch
from torch import Tensor, nn

CLIP = 5.0


class FeatureScaler(nn.Module):
    """[B, D] -> sign(x) ln(1 + |x|), standardised on the training part and clipped to +-5. Columns that did not vary in training give 0."""

    def __init__(self, columns: int):
        super().__init__()
        self.register_buffer("mean", torch.zeros(columns))
        self.register_buffer("factor", torch.zeros(columns))

    def fit(self, features: np.ndarray) -> "FeatureScaler":
        logged = np.sign(features) * np.log1p(np.abs(features.astype(np.float64)))
        deviation = logged.std(axis=0)
        self.mean.copy_(torch.from_numpy(logged.mean(axis=0)))
        self.factor.copy_(torch.from_numpy(np.where(deviation > 1e-6, 1 / np.maximum(deviation, 1e-6), 0)))
        return self

    def forward(self, features: Tensor) -> Tensor:
        logged = torch.sign(features) * torch.log(1 + torch.abs(features))
        return ((logged - self.mean) * self.factor).clamp(-CLIP, CLIP)


class FeatureEncoding(nn.Module):
    """
    [B, D] -> [B, bins * D]: the scaled features, then each as a piecewise linear code between its quantiles (Gorishniy et al. 2022, arXiv 2203.05556). A linear
    map of it is an additive model with one bent line a feature. Bins that a feature does not fill give 0. Features lie side by side within a bin, so that a
    processor computes them in long runs.
    """

    def __init__(self, columns: int, bins: int):
        super().__init__()
        self.scaler = FeatureScaler(columns)
        self.register_buffer("low", torch.zeros(1, bins, columns))
        self.register_buffer("slope", torch.zeros(1, bins, columns))

    @property
    def size(self) -> int:
        return self.low.shape[1] * self.low.shape[2]

    def fit(self, features: np.ndarray) -> "FeatureEncoding":
        self.scaler.fit(features)
        with torch.no_grad():
            scaled = self.scaler(torch.from_numpy(features)).numpy()
        bins = self.low.shape[1]
        for column in range(scaled.shape[1]):
            edges = np.unique(np.quantile(scaled[:, column], np.linspace(0, 1, bins + 1)).astype(np.float64))
            # Quantiles that all but coincide would make a step instead of a line.
            edges = edges[np.concatenate([[True], np.diff(edges) > 1e-3])]
            if len(edges) >= 2:
                self.low[0, :len(edges) - 1, column] = torch.from_numpy(edges[:-1])
                self.slope[0, :len(edges) - 1, column] = torch.from_numpy(1 / np.diff(edges))
        return self

    def forward(self, features: Tensor) -> Tensor:
        return ((self.scaler(features).unsqueeze(1) - self.low) * self.slope).clamp(0, 1).reshape(-1, self.size)
