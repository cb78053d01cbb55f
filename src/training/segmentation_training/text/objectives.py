"""What the text encoder is trained for: the labels' heads, and without labels, that two parts of one text are found to belong together."""

from typing import List, Optional, Sequence, Tuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ..learning.losses import class_weights
from .settings import ORDERED, TextHead


def balances(labels: np.ndarray, heads: Sequence[TextHead]) -> List[Tensor]:
    """Weights of each head's classes: rare ones count as much as frequent ones."""
    return [torch.from_numpy(class_weights(labels[:, i], len(head.classes))) for i, head in enumerate(heads)]


def label_loss(answers: List[Tensor], labels: Tensor, heads: Sequence[TextHead], balance: Optional[List[Tensor]] = None) -> Tensor:
    """
    Mean over the heads that the batch has labels for: cross-entropy, and for ordered classes the binary cross-entropy of "above class k" for every k.
    answers: logits [B, outputs] each; labels [B, heads], -1 unknown; balance: weights of the classes.
    """
    losses = []
    for i, head in enumerate(heads):
        known = labels[:, i] >= 0
        if not known.any():
            continue
        logits, truth = answers[i][known], labels[known, i]
        weight = balance[i].to(logits.device)[truth] if balance else torch.ones(len(truth), device=logits.device)
        if head.kind == ORDERED:
            above = (truth.unsqueeze(1) > torch.arange(head.outputs, device=logits.device)).to(logits.dtype)
            each = functional.binary_cross_entropy_with_logits(logits, above, reduction="none").mean(1)
        else:
            each = functional.cross_entropy(logits, truth, reduction="none")
        losses.append((each * weight).sum() / weight.sum())
    return torch.stack(losses).mean() if losses else sum(a.sum() for a in answers) * 0


def two_parts(tokens: Sequence[int], random: np.random.Generator) -> Tuple[Sequence[int], Sequence[int]]:
    """A text's pieces cut in two at a random place of its middle half, each part between the start and the end piece."""
    body = tokens[1:-1]
    cut = int(random.integers(max(1, len(body) // 4), max(2, 1 + 3 * len(body) // 4)))
    return [tokens[0], *body[:cut], tokens[-1]], [tokens[0], *body[cut:], tokens[-1]]


def contrastive_loss(first: Tensor, second: Tensor, temperature: float) -> Tensor:
    """
    Cross-entropy of finding each row's other part among all (InfoNCE: van den Oord, Li, Vinyals 2018, arXiv 1807.03748), both ways. first, second [B, E].
    """
    scores = functional.normalize(first, dim=1) @ functional.normalize(second, dim=1).T / temperature
    places = torch.arange(len(scores), device=scores.device)
    return (functional.cross_entropy(scores, places) + functional.cross_entropy(scores.T, places)) / 2
