"""What the text encoder is trained for: the labels' heads, and without labels, that two parts of one text are found to belong together."""

from typing import List, NamedTuple, Optional, Sequence, Tuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ..learning.losses import class_weights
from .settings import ORDERED, TextHead


class Lesson(NamedTuple):
    """
    What is to be learnt. sequences: texts by their pieces; targets [texts, outputs of all heads], float32: probabilities of the classes, or of being above each
    step of ordered ones; known [texts, heads]: whether there is a target; folds [texts].
    """

    sequences: List[Sequence[int]]
    targets: np.ndarray
    known: np.ndarray
    folds: np.ndarray


def label_targets(labels: np.ndarray, heads: Sequence[TextHead]) -> np.ndarray:
    """The targets of labels [texts, heads]: 1 and 0; an unknown label, -1, has zeros."""
    parts = [labels[:, i:i + 1] > np.arange(h.outputs) if h.kind == ORDERED else labels[:, i:i + 1] == np.arange(h.outputs) for i, h in enumerate(heads)]
    return np.hstack([np.zeros((len(labels), 0)), *parts]).astype(np.float32)


def answer_targets(logits: np.ndarray, heads: Sequence[TextHead]) -> np.ndarray:
    """The targets that a teacher's logits [texts, outputs of all heads] mean."""
    parts = torch.from_numpy(logits.astype(np.float32)).split([h.outputs for h in heads], dim=1)
    return torch.cat([torch.sigmoid(p) if h.kind == ORDERED else torch.softmax(p, dim=1) for p, h in zip(parts, heads)], dim=1).numpy()


def balances(labels: np.ndarray, heads: Sequence[TextHead]) -> List[Tensor]:
    """Weights of each head's classes: rare ones count as much as frequent ones."""
    return [torch.from_numpy(class_weights(labels[:, i], len(head.classes))) for i, head in enumerate(heads)]


def lesson_loss(answers: List[Tensor], targets: Tensor, known: Tensor, heads: Sequence[TextHead], balance: Optional[List[Tensor]] = None) -> Tensor:
    """
    Mean by the heads' weights over those that have targets: cross-entropy, and for ordered classes the mean of the binary cross-entropies of their steps.
    answers: logits [B, outputs] each; targets [B, outputs of all]; known [B, heads]; balance: weights of the classes.
    """
    total, weight = sum(a.sum() for a in answers) * 0, 0.0
    for i, (head, truth) in enumerate(zip(heads, targets.split([h.outputs for h in heads], dim=1))):
        rows = known[:, i]
        if not rows.any():
            continue
        logits, truth = answers[i][rows], truth[rows]
        if head.kind == ORDERED:
            each = functional.binary_cross_entropy_with_logits(logits, truth, reduction="none").mean(1)
        else:
            each = -(truth * torch.log_softmax(logits, dim=1)).sum(1)
        counted = _class_shares(truth, head) @ balance[i].to(truth.device) if balance else torch.ones_like(each)
        total = total + head.weight * (each * counted).sum() / counted.sum()
        weight += head.weight
    return total / max(weight, 1e-9)


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


def _class_shares(truth: Tensor, head: TextHead) -> Tensor:
    """[B, classes]: of ordered classes the difference between neighbouring steps."""
    if head.kind != ORDERED:
        return truth
    ends = torch.ones_like(truth[:, :1])
    return (torch.cat([ends, truth], dim=1) - torch.cat([truth, ends * 0], dim=1)).clamp(min=0)
