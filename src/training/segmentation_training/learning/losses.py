"""The loss of the heads."""

from typing import List, Optional

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional


def class_weights(labels: np.ndarray, classes: int) -> np.ndarray:
    """N / (classes * count) a class, as scikit-learn's "balanced"; 1 for a class without examples."""
    counts = np.bincount(labels[labels >= 0], minlength=classes)
    return np.where(counts > 0, counts.sum() / (classes * np.maximum(counts, 1)), 1.0).astype(np.float32)


def head_loss(logits: Tensor, labels: Tensor, weights: Tensor, sizes: List[int], balance: Optional[List[Tensor]] = None) -> Tensor:
    """
    Cross-entropy of each member, the mean over heads. logits [K, B, C]; labels [B, heads], -1 unknown; weights [K, B], 0 for rows that a member must not
    see; sizes: classes of each head; balance: weights of the classes. Returns [K].
    """
    members, losses = logits.shape[0], []
    for i, part in enumerate(logits.split(sizes, dim=2)):
        known = (labels[:, i] >= 0).to(weights.dtype)
        truth = labels[:, i].clamp(min=0).repeat(members)
        each = functional.cross_entropy(part.reshape(-1, sizes[i]), truth, weight=balance[i] if balance else None, reduction="none")
        counted = weights * known
        losses.append((each.reshape(members, -1) * counted).sum(1) / counted.sum(1).clamp(min=1e-9))
    return torch.stack(losses).mean(0)
