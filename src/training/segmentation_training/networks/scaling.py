"""Scaling of features, part of every network and of the graph."""

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
