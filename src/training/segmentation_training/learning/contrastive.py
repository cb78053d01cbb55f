"""
Contrastive learning on event sequences (CoLES: Babaev et al., SIGMOD 2022, arXiv 2002.08232): slices of one customer's history shall lie near each other,
slices of different customers apart. No labels are needed.
"""

from typing import Callable, List

import numpy as np
import torch
from torch import Tensor

from ..networks.sequence_model import SequenceModel
from .batches import opened, pad
from .repeatable import warm_up_then_cosine
from .settings import TrainingSettings


def random_slices(tokens: np.ndarray, count: int, most: int, random: np.random.Generator) -> List[np.ndarray]:
    """So many contiguous pieces, each of a third of the history to all of it, at most `most` rows."""
    n = len(tokens)
    pieces = []
    for _ in range(count):
        length = min(most, int(random.integers(max(1, n // 3), n + 1)))
        start = int(random.integers(0, n - length + 1))
        pieces.append(opened(tokens[start:start + length]))
    return pieces


def contrastive_loss(embedding: Tensor, customers: Tensor, margin: float, hardest: int = 5) -> Tensor:
    """
    Mean of d^2 over pairs of one customer, and of max(0, margin - d)^2 over each row's nearest rows of other customers (hard negatives).
    embedding [N, E] of length 1; customers [N] numbers.
    """
    # The diagonal is moved away from 0, where a square root has no gradient.
    squared = (2 - 2 * embedding @ embedding.T).clamp(min=1e-8)
    same = customers.unsqueeze(0) == customers.unsqueeze(1)
    self_pairs = torch.eye(len(customers), dtype=torch.bool, device=embedding.device)
    pulled = squared[same & ~self_pairs]
    apart = squared.masked_fill(same, 4.0).sqrt()
    nearest = apart.topk(min(hardest, apart.shape[1]), dim=1, largest=False).values
    pushed = (margin - nearest).clamp(min=0).pow(2)
    return pulled.mean() + pushed[pushed > 0].mean() if (pushed > 0).any() else pulled.mean()


def pretrain(model: SequenceModel, histories: List[np.ndarray], settings: TrainingSettings, device: torch.device, say: Callable[[str], None]) -> None:
    """Trains encoder and embedding on token arrays [N, 11]; those with fewer than two events have no pair to learn from."""
    usable = [h for h in histories if len(h) >= 2]
    if settings.pretrain_epochs == 0 or len(usable) < 2:
        return
    random = np.random.default_rng(settings.seed)
    parameters = [*model.encoder.parameters(), *model.to_embedding.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=settings.pretrain_rate, weight_decay=1e-4)
    batches = -(-len(usable) // settings.pretrain_batch)
    steps = batches * settings.pretrain_epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: warm_up_then_cosine(step, steps))
    model.train()
    for epoch in range(settings.pretrain_epochs):
        total = 0.0
        for chosen in np.array_split(random.permutation(len(usable)), batches):
            slices, owners = [], []
            for i in chosen:
                slices += random_slices(usable[i], settings.slices, settings.max_tokens, random)
                owners += [i] * settings.slices
            events, lengths = pad(slices, device)
            state = model.encoder(events, lengths, torch.zeros(len(slices), model.state_size, device=device))
            loss = contrastive_loss(model.embed(state), torch.tensor(owners, device=device), settings.margin)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
        say(f"contrastive epoch {epoch + 1} of {settings.pretrain_epochs}: loss {total / batches:.4f}")
