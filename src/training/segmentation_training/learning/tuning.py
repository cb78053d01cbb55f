"""Second stage: the encoder, fitted without labels so far, learns gently what matters for the heads' questions."""

import copy
from typing import Callable

import numpy as np
import torch
from torch import Tensor, nn

from ..networks.sequence_model import SequenceModel
from .batches import embed_all, pad
from .contrastive import contrastive_loss
from .losses import class_weights, head_loss
from .repeatable import warm_up_then_cosine
from .samples import Samples
from .settings import TrainingSettings


def tune_encoder(
        model: SequenceModel, train: Samples, held_out: Samples, settings: TrainingSettings, device: torch.device, say: Callable[[str], None]) -> None:
    """Trains encoder and embedding with a linear map from the embedding to every head's classes, until the held-out loss no longer falls."""
    if settings.tune_epochs == 0:
        return
    random = np.random.default_rng(settings.seed + 1)
    sizes = [len(h.classes) for h in model.settings.heads]
    readout = nn.Linear(model.settings.embedding, sum(sizes)).to(device)
    tuned = nn.ModuleList([model.encoder, model.to_embedding, readout])
    optimizer = torch.optim.AdamW(tuned.parameters(), lr=settings.tune_rate, weight_decay=settings.weight_decay)
    batches = -(-len(train) // settings.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: warm_up_then_cosine(step, batches * settings.tune_epochs))
    labels, weights = torch.from_numpy(train.labels).to(device), torch.from_numpy(train.weights).to(device)
    owners = torch.from_numpy(np.unique(train.customers, return_inverse=True)[1]).to(device)
    balance = [torch.from_numpy(class_weights(train.labels[:, i], n)).to(device) for i, n in enumerate(sizes)] if settings.imbalance == "weights" else None
    best, kept, since = float("inf"), copy.deepcopy(tuned.state_dict()), 0
    for epoch in range(1, settings.tune_epochs + 1):
        model.train()
        for chosen in np.array_split(random_order(train, settings, random), batches):
            index = torch.from_numpy(chosen).to(device)
            events, lengths = pad([train.sequences[i] for i in chosen], device)
            embedding = model.embed(model.encoder(events, lengths, torch.zeros(len(chosen), model.state_size, device=device)))
            loss = head_loss(readout(embedding).unsqueeze(0), labels[index], weights[index].unsqueeze(0), sizes, balance).sum()
            loss = loss + settings.contrast * _contrast(embedding, owners[index], settings.margin)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(tuned.parameters(), 1.0)
            optimizer.step()
            schedule.step()
        found = _held_out_loss(model, readout, held_out, sizes, device)
        say(f"encoder epoch {epoch} of {settings.tune_epochs}: held-out loss {found:.4f}")
        if found < best - 1e-5:
            best, kept, since = found, copy.deepcopy(tuned.state_dict()), 0
        else:
            since += 1
        if since >= settings.patience:
            break
    tuned.load_state_dict(kept)


def random_order(samples: Samples, settings: TrainingSettings, random: np.random.Generator) -> np.ndarray:
    """All rows in random order; with resampling, rows are drawn so that the first head's classes are equally frequent."""
    if settings.imbalance != "resample":
        return random.permutation(len(samples))
    first = samples.labels[:, 0]
    chance = np.where(first >= 0, class_weights(first, int(first.max()) + 1)[np.maximum(first, 0)], 1.0)
    return random.choice(len(samples), len(samples), p=chance / chance.sum())


def _held_out_loss(model: SequenceModel, readout: nn.Linear, samples: Samples, sizes, device: torch.device) -> float:
    embedding = embed_all(model, samples.sequences, device).to(device)
    with torch.no_grad():
        labels, weights = torch.from_numpy(samples.labels).to(device), torch.from_numpy(samples.weights).to(device)
        return float(head_loss(readout(embedding).unsqueeze(0), labels, weights.unsqueeze(0), sizes).sum())


def _contrast(embedding: Tensor, owners: Tensor, margin: float) -> Tensor:
    """The same customer at different times is a pair here; a batch without one adds nothing."""
    pairs = (owners.unsqueeze(0) == owners.unsqueeze(1)).sum() > len(owners)
    return contrastive_loss(embedding, owners, margin) if pairs else embedding.sum() * 0
