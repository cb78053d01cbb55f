"""Heads (and, gently, the encoder) learn from labels: early stopping on held-out customers, then calibration on them."""

import copy
from typing import Callable, Dict, List

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ..networks.sequence_model import SequenceModel
from .batches import embed_all, pad
from .contrastive import contrastive_loss
from .repeatable import warm_up_then_cosine
from .samples import Samples
from .settings import TrainingSettings


def class_weights(labels: np.ndarray, classes: int) -> np.ndarray:
    """N / (classes * count) a class, as scikit-learn's "balanced"; 1 for a class without examples."""
    counts = np.bincount(labels[labels >= 0], minlength=classes)
    return np.where(counts > 0, counts.sum() / (classes * np.maximum(counts, 1)), 1.0).astype(np.float32)


def head_losses(logits: List[Tensor], labels: Tensor, weights: Tensor, balance: List[Tensor]) -> Tensor:
    """Mean cross-entropy over heads; rows without a label do not count."""
    losses = []
    for i, x in enumerate(logits):
        known = labels[:, i] >= 0
        if known.any():
            each = functional.cross_entropy(x[known], labels[known, i], weight=balance[i], reduction="none")
            losses.append((each * weights[known]).sum() / weights[known].sum())
    return torch.stack(losses).mean() if losses else sum(x.sum() * 0 for x in logits)


def fit_heads(
        model: SequenceModel, train: Samples, held_out: Samples, settings: TrainingSettings, device: torch.device, say: Callable[[str], None]) -> Dict:
    """Trains until the held-out loss no longer falls, goes back to the best epoch, calibrates. Returns its loss and epoch."""
    random = np.random.default_rng(settings.seed + 1)
    sizes = [len(h.classes) for h in model.settings.heads]
    balance = [
        torch.from_numpy(class_weights(train.labels[:, i], n)).to(device) if settings.imbalance == "weights" else None for i, n in enumerate(sizes)]
    learns = settings.encoder_rate > 0
    groups = [{"params": list(model.heads.parameters()), "lr": settings.learning_rate, "weight_decay": settings.weight_decay}]
    if learns:
        encoder = [*model.encoder.parameters(), *model.to_embedding.parameters()]
        groups.append({"params": encoder, "lr": settings.learning_rate * settings.encoder_rate, "weight_decay": settings.weight_decay})
    optimizer = torch.optim.AdamW(groups)
    batches = -(-len(train) // settings.batch)
    steps = batches * settings.epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: warm_up_then_cosine(step, steps))
    features, labels = torch.from_numpy(train.features).to(device), torch.from_numpy(train.labels).to(device)
    weights = torch.from_numpy(train.weights).to(device)
    owners = torch.from_numpy(np.unique(train.customers, return_inverse=True)[1]).to(device)
    frozen = None if learns else embed_all(model, train.sequences, device).to(device)
    best = {"loss": float("inf"), "epoch": 0}
    kept = copy.deepcopy(model.state_dict())
    for epoch in range(1, settings.epochs + 1):
        model.train()
        for chosen in np.array_split(_order(train, settings, random), batches):
            index = torch.from_numpy(chosen).to(device)
            embedding = _embedding(model, train, chosen, device) if learns else frozen[index]
            loss = head_losses(model.logits(embedding, features[index]), labels[index], weights[index], balance)
            if learns and settings.contrast > 0:
                loss = loss + settings.contrast * _contrast(embedding, owners[index], settings.margin)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
        found = held_out_loss(model, held_out, device)
        say(f"heads epoch {epoch} of {settings.epochs}: held-out loss {found:.4f}")
        if found < best["loss"] - 1e-5:
            best, kept = {"loss": found, "epoch": epoch}, copy.deepcopy(model.state_dict())
        elif epoch - best["epoch"] >= settings.patience:
            break
    model.load_state_dict(kept)
    calibrate(model, held_out, device)
    return best


def all_logits(model: SequenceModel, samples: Samples, device: torch.device) -> List[Tensor]:
    """Logits of every head, without gradients."""
    embedding = embed_all(model, samples.sequences, device).to(device)
    model.eval()
    with torch.no_grad():
        return model.logits(embedding, torch.from_numpy(samples.features).to(device))


def predict(model: SequenceModel, samples: Samples, device: torch.device) -> List[np.ndarray]:
    """Probabilities of every head, float64 [N, classes]."""
    return [torch.softmax(x.double(), dim=1).cpu().numpy() for x in all_logits(model, samples, device)]


def held_out_loss(model: SequenceModel, samples: Samples, device: torch.device) -> float:
    """The heads' mean cross-entropy, unweighted by class."""
    logits = all_logits(model, samples, device)
    labels, weights = torch.from_numpy(samples.labels).to(device), torch.from_numpy(samples.weights).to(device)
    return float(head_losses(logits, labels, weights, [None] * len(logits)))


def calibrate(model: SequenceModel, samples: Samples, device: torch.device) -> None:
    """One scale and one offset a class for each head, fitted on held-out customers (after Guo et al. 2017)."""
    labels = torch.from_numpy(samples.labels).to(device)
    for i, (head, logits) in enumerate(zip(model.heads, all_logits(model, samples, device))):
        known = labels[:, i] >= 0
        if not known.any():
            continue
        scale = torch.ones(1, device=device, requires_grad=True)
        offset = torch.zeros(logits.shape[1], device=device, requires_grad=True)
        optimizer = torch.optim.LBFGS([scale, offset], lr=0.5, max_iter=50)

        def closure(x=logits[known], y=labels[known, i], scale=scale, offset=offset, optimizer=optimizer):
            optimizer.zero_grad()
            loss = functional.cross_entropy(x * scale + offset, y) + 1e-3 * ((scale - 1).pow(2).sum() + offset.pow(2).sum())
            loss.backward()
            return loss

        optimizer.step(closure)
        with torch.no_grad():
            head.offset.copy_(head.offset * scale + offset)
            head.scale.mul_(scale)


def _embedding(model: SequenceModel, samples: Samples, chosen: np.ndarray, device: torch.device) -> Tensor:
    events, lengths = pad([samples.sequences[i] for i in chosen], device)
    return model.embed(model.encoder(events, lengths, torch.zeros(len(chosen), model.state_size, device=device)))


def _contrast(embedding: Tensor, owners: Tensor, margin: float) -> Tensor:
    """The same customer at different times is a pair here; a batch without one adds nothing."""
    pairs = (owners.unsqueeze(0) == owners.unsqueeze(1)).sum() > len(owners)
    return contrastive_loss(embedding, owners, margin) if pairs else embedding.sum() * 0


def _order(train: Samples, settings: TrainingSettings, random: np.random.Generator) -> np.ndarray:
    """A random order; with resampling, rows are drawn so that the first head's classes are equally frequent."""
    if settings.imbalance != "resample":
        return random.permutation(len(train))
    first = train.labels[:, 0]
    chance = np.where(first >= 0, class_weights(first, int(first.max()) + 1)[np.maximum(first, 0)], 1.0)
    return random.choice(len(train), len(train), p=chance / chance.sum())
