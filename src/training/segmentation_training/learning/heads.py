"""
Third stage: the heads, on a fixed encoder. They are additive models of the embedding and of each feature's bent line, fitted by k-fold: member k never
sees the customers of fold k, stops early on them and is calibrated on them. Its predictions for them are the cross-validation; the mean of the members is
what is served.
"""

from typing import Callable, Dict, List

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ..dataset.split import fold
from ..networks.sequence_model import SequenceModel
from .batches import embed_all
from .losses import class_weights, head_loss
from .repeatable import warm_up_then_cosine
from .samples import Samples
from .settings import TrainingSettings
from .tuning import random_order


def fit_heads(model: SequenceModel, train: Samples, settings: TrainingSettings, device: torch.device, say: Callable[[str], None]) -> Dict:
    """Fits all members at once. Returns each member's best epoch and held-out loss."""
    random = np.random.default_rng(settings.seed + 2)
    members, sizes = model.settings.members, [len(h.classes) for h in model.settings.heads]
    embedding = embed_all(model, train.sequences, device).to(device)
    features, labels = torch.from_numpy(train.features).to(device), torch.from_numpy(train.labels).to(device)
    folds = torch.tensor([fold(c, members) for c in train.customers], device=device)
    numbers = torch.arange(members, device=device).unsqueeze(1)
    own = (folds.unsqueeze(0) == numbers).float() * torch.from_numpy(train.weights).to(device)
    others = (folds.unsqueeze(0) != numbers).float() * torch.from_numpy(train.weights).to(device)
    balance = [torch.from_numpy(class_weights(train.labels[:, i], n)).to(device) for i, n in enumerate(sizes)] if settings.imbalance == "weights" else None
    inputs = model.heads.in_features
    weight = torch.zeros(members, inputs, sum(sizes), device=device, requires_grad=True)
    bias = torch.zeros(members, 1, sum(sizes), device=device, requires_grad=True)
    optimizer = torch.optim.AdamW([weight, bias], lr=settings.learning_rate, weight_decay=settings.weight_decay)
    batches = -(-len(train) // settings.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: warm_up_then_cosine(step, batches * settings.epochs))
    best = torch.full((members,), float("inf"), device=device)
    epochs = torch.zeros(members, dtype=torch.int64)
    kept_weight, kept_bias = weight.detach().clone(), bias.detach().clone()
    for epoch in range(1, settings.epochs + 1):
        model.train()
        for chosen in np.array_split(random_order(train, settings, random), batches):
            index = torch.from_numpy(chosen).to(device)
            x = functional.dropout(model.head_inputs(embedding[index], features[index]), settings.dropout)
            loss = head_loss(x @ weight + bias, labels[index], others[:, index], sizes, balance).sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        found = _held_out(model, embedding, features, labels, own, weight, bias, sizes)
        better = found < best - 1e-5
        best = torch.where(better, found, best)
        epochs[better.cpu()] = epoch
        with torch.no_grad():
            kept_weight[better], kept_bias[better] = weight[better], bias[better]
        say(f"heads epoch {epoch} of {settings.epochs}: held-out loss {float(found.mean()):.4f}, best {float(best.mean()):.4f}")
        if epoch - int(epochs.max()) >= settings.patience:
            break
    model.eval()
    with torch.no_grad():
        x = model.head_inputs(embedding, features)
        for k in range(members):
            mine = folds == k
            _calibrate(kept_weight[k], kept_bias[k], x[mine], labels[mine], sizes)
        model.member_weights.copy_(kept_weight.transpose(1, 2))
        model.member_biases.copy_(kept_bias[:, 0])
        model.heads.weight.copy_(model.member_weights.mean(0))
        model.heads.bias.copy_(model.member_biases.mean(0))
    return {"epochs": epochs.tolist(), "losses": [round(float(b), 5) for b in best]}


def predict(model: SequenceModel, samples: Samples, device: torch.device, out_of_fold: bool = False) -> List[np.ndarray]:
    """
    Probabilities of every head, [N, classes]. With out_of_fold, each customer is judged by the member that did not see them in the heads' training: for
    training customers, whom the mean of the members knows too well.
    """
    embedding = embed_all(model, samples.sequences, device).to(device)
    with torch.no_grad():
        x = model.eval().head_inputs(embedding, torch.from_numpy(samples.features).to(device))
        if out_of_fold:
            folds = torch.tensor([fold(c, model.settings.members) for c in samples.customers], device=device)
            each = torch.einsum("bi,kci->kbc", x, model.member_weights) + model.member_biases.unsqueeze(1)
            logits = each[folds, torch.arange(len(folds), device=device)]
        else:
            logits = model.heads(x)
        joined = model.probabilities(logits).double().cpu()
    return [p.numpy() for p in joined.split([len(h.classes) for h in model.settings.heads], dim=1)]


def _held_out(model, embedding: Tensor, features: Tensor, labels: Tensor, own: Tensor, weight: Tensor, bias: Tensor, sizes: List[int]) -> Tensor:
    model.eval()
    with torch.no_grad():
        return head_loss(model.head_inputs(embedding, features) @ weight + bias, labels, own, sizes)


def _calibrate(weight: Tensor, bias: Tensor, x: Tensor, labels: Tensor, sizes: List[int]) -> None:
    """One scale a head and one offset a class, fitted on the held-out customers (after Guo et al. 2017), in place."""
    start = 0
    for i, size in enumerate(sizes):
        known = labels[:, i] >= 0
        part = slice(start, start + size)
        start += size
        if not known.any():
            continue
        logits, truth = (x[known] @ weight[:, part] + bias[:, part]).detach(), labels[known, i]
        with torch.enable_grad():
            scale, offset = torch.ones(1, device=x.device, requires_grad=True), torch.zeros(size, device=x.device, requires_grad=True)
            optimizer = torch.optim.LBFGS([scale, offset], lr=0.5, max_iter=50)

            def closure():
                optimizer.zero_grad()
                loss = functional.cross_entropy(logits * scale + offset, truth) + 1e-3 * ((scale - 1).pow(2).sum() + offset.pow(2).sum())
                loss.backward()
                return loss

            optimizer.step(closure)
        weight[:, part] *= scale.detach()
        bias[:, part] = bias[:, part] * scale.detach() + offset.detach()
