"""Sequences of different lengths as one tensor."""

from typing import List, Tuple

import numpy as np
import torch
from torch import Tensor, nn

from ..dataset.tokens import COLUMNS, GAP


def latest(tokens: np.ndarray, count: int, most: int) -> np.ndarray:
    """The last `most` of the first `count` rows; the first row's gap is 0 as in serving, where nothing lies before it."""
    return opened(tokens[max(0, count - most):count])


def opened(rows: np.ndarray) -> np.ndarray:
    """A copy that begins a sequence."""
    rows = rows.copy()
    rows[:1, GAP] = 0
    return rows


def pad(sequences: List[np.ndarray], device: torch.device) -> Tuple[Tensor, Tensor]:
    """[B, T, 11] and lengths [B]; T is the longest, at least 1."""
    lengths = np.array([len(s) for s in sequences], np.int64)
    events = np.zeros((len(sequences), max(1, lengths.max(initial=0)), len(COLUMNS)), np.float32)
    for i, s in enumerate(sequences):
        events[i, :len(s)] = s
    return torch.from_numpy(events).to(device), torch.from_numpy(lengths).to(device)


def embed_all(model: nn.Module, sequences: List[np.ndarray], device: torch.device, batch: int = 512) -> Tensor:
    """Embeddings [N, E] without gradients, in evaluation mode; sequences of like length share a batch."""
    was_training = model.training
    model.eval()
    order = np.argsort([len(s) for s in sequences], kind="stable")
    out = torch.zeros(len(sequences), model.settings.embedding)
    with torch.no_grad():
        for start in range(0, len(order), batch):
            chosen = order[start:start + batch]
            events, lengths = pad([sequences[i] for i in chosen], device)
            state = model.encoder(events, lengths, torch.zeros(len(chosen), model.state_size, device=device))
            out[torch.from_numpy(chosen)] = model.embed(state).cpu()
    model.train(was_training)
    return out
