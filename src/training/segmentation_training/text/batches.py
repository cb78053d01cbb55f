"""Texts of different lengths as one tensor."""

from typing import Iterator, List, Sequence, Tuple

import numpy as np
import torch
from torch import Tensor

from .network import TextNetwork

_SORTED_TOGETHER = 50


def pad(sequences: Sequence[Sequence[int]], padding: int) -> Tuple[Tensor, Tensor]:
    """Pieces [B, T] and their mask [B, T], int64; T is the longest."""
    longest = max(len(s) for s in sequences)
    ids, mask = np.full((len(sequences), longest), padding, np.int64), np.zeros((len(sequences), longest), np.int64)
    for i, s in enumerate(sequences):
        ids[i, :len(s)], mask[i, :len(s)] = s, 1
    return torch.from_numpy(ids), torch.from_numpy(mask)


def shuffled(sequences: Sequence[Sequence[int]], rows: np.ndarray, batch: int, random: np.random.Generator) -> Iterator[np.ndarray]:
    """The rows in batches and in random order; texts of like length share a batch, so that little is padded."""
    order, found = random.permutation(rows), []
    for start in range(0, len(order), batch * _SORTED_TOGETHER):
        near = order[start:start + batch * _SORTED_TOGETHER]
        near = near[np.argsort([len(sequences[i]) for i in near], kind="stable")]
        found += [near[i:i + batch] for i in range(0, len(near), batch)]
    for place in random.permutation(len(found)):
        yield found[place]


def embed_all(network: TextNetwork, sequences: List[Sequence[int]], padding: int, batch: int = 256) -> np.ndarray:
    """Embeddings [N, E] without gradients, in evaluation mode."""
    was_training, device = network.training, network.piece.weight.device
    network.eval()
    out = np.zeros((len(sequences), network.shape.embedding), np.float32)
    order = np.argsort([len(s) for s in sequences], kind="stable")
    with torch.no_grad():
        for start in range(0, len(order), batch):
            chosen = order[start:start + batch]
            ids, mask = pad([sequences[i] for i in chosen], padding)
            out[chosen] = network(ids.to(device), mask.to(device)).cpu().numpy()
    network.train(was_training)
    return out
