"""From a table of texts to a text encoder."""

import copy
from dataclasses import dataclass
from typing import Callable, Dict, List, Optional, Sequence

import numpy as np
import torch

from .. import __version__
from ..dataset.split import fold
from ..learning.repeatable import device as best_device, make_repeatable, warm_up_then_cosine
from .batches import embed_all, pad, shuffled
from .network import TextNetwork
from .objectives import balances, contrastive_loss, label_loss, two_parts
from .settings import TextShape, TextTraining
from .table import TextTable
from .vocabulary import learn_vocabulary
from .word_pieces import SPECIAL, Vocabulary, WordPieceTokenizer

Say = Callable[[str], None]


@dataclass
class TrainedText:
    """A network with its vocabulary, what it was trained with and on, and how its held-out loss went."""

    network: TextNetwork
    vocabulary: Vocabulary
    training: TextTraining
    data: Dict
    validation: Dict

    @property
    def tokenizer(self) -> WordPieceTokenizer:
        return WordPieceTokenizer(self.vocabulary, not self.network.shape.cased, self.network.shape.max_tokens)

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """Embeddings [N, E]."""
        tokenizer = self.tokenizer
        return embed_all(self.network, [tokenizer.tokenize(t) for t in texts], self.vocabulary.padding)


def train(table: TextTable, text_columns: Sequence[str], labels: Sequence[str], shape: TextShape, settings: TextTraining, data: Dict, say: Say) -> TrainedText:
    """
    Trains on the table's training rows: the vocabulary first, then the contrastive stage, then the labels' heads. The held-out fold decides after how many
    passes to stop; the network is then trained anew on all training rows, for as many. data: `name` and `licence` for the manifest.
    """
    rows = table.part(~table.test)
    if not any(rows.texts):
        raise ValueError(f"{table.path}: no training row has a text in {', '.join(text_columns)}")
    if not labels and not settings.pretrain_epochs:
        raise ValueError("nothing to learn from: name --labels, or --pretrain-epochs for a text encoder without labels")
    make_repeatable(settings.seed, settings.threads)
    shape.heads = rows.heads(labels)
    vocabulary = learn_vocabulary(rows.texts, shape.vocabulary, not shape.cased)
    say(f"{len(rows)} training rows, {len(vocabulary)} word pieces")
    trainer = _Trainer(vocabulary, rows, shape, settings, say)
    validation = {}
    epochs = settings.epochs if labels else 0
    if labels and settings.folds > 1:
        held_out = np.array([fold(i, settings.folds) == 0 for i in rows.ids])
        _, validation = trainer.fit(~held_out, held_out, epochs)
        epochs = validation["epochs"]
    network, _ = trainer.fit(np.ones(len(rows), bool), None, epochs)
    described = {**data, "rows": len(rows), "texts": list(text_columns), "labels": list(labels), "id": table.id_column}
    return TrainedText(network, vocabulary, settings, described, validation)


def cross_validate(table: TextTable, labels: Sequence[str], shape: TextShape, settings: TextTraining, say: Say) -> np.ndarray:
    """
    Embeddings of every training row by a model that did not see its fold: [folds, training rows, E]; those of the fold itself are the unseen ones. For choices:
    the test part is not touched.
    """
    rows = table.part(~table.test)
    make_repeatable(settings.seed, settings.threads)
    shape.heads = rows.heads(labels)
    folds = np.array([fold(i, settings.folds) for i in rows.ids])
    found = []
    for k in range(settings.folds):
        seen = rows.part(folds != k)
        vocabulary = learn_vocabulary(seen.texts, shape.vocabulary, not shape.cased)
        trainer = _Trainer(vocabulary, rows, shape, settings, lambda line, k=k: say(f"fold {k + 1} of {settings.folds}: {line}"))
        network, _ = trainer.fit(folds != k, folds == k if settings.patience < settings.epochs else None, settings.epochs)
        found.append(embed_all(network, trainer.sequences, vocabulary.padding))
    return np.stack(found)


class _Trainer:
    """Fits networks to parts of the same rows."""

    def __init__(self, vocabulary: Vocabulary, rows: TextTable, shape: TextShape, settings: TextTraining, say: Say):
        self.vocabulary, self.shape, self.settings, self.say = vocabulary, shape, settings, say
        tokenizer = WordPieceTokenizer(vocabulary, not shape.cased, shape.max_tokens)
        self.sequences: List[List[int]] = [tokenizer.tokenize(t) for t in rows.texts]
        self.labels = rows.labels(shape.heads)
        self.device = best_device()

    def fit(self, seen: np.ndarray, held_out: Optional[np.ndarray], epochs: int):
        """A network fitted to the rows `seen`, for so many passes or until the rows `held_out` no longer gain; and its best pass and held-out loss."""
        settings = self.settings
        torch.manual_seed(settings.seed)
        random = np.random.default_rng(settings.seed)
        rows = np.flatnonzero(seen)
        network = TextNetwork(self.shape, len(self.vocabulary), settings.dropout, settings.word_dropout).to(self.device)
        self._pretrain(network, rows, random)
        best, best_epoch, kept = float("inf"), 0, None
        average, optimizer = copy.deepcopy(network), self._optimizer(network, settings.learning_rate)
        steps, balance = 0, balances(self.labels[rows], self.shape.heads) if settings.imbalance == "weights" else None
        for epoch in range(1, epochs + 1):
            for batch in shuffled(self.sequences, rows, settings.batch, random):
                steps += 1
                self._step(network, average, optimizer, batch, balance, steps)
            if held_out is None:
                self.say(f"labels pass {epoch} of {epochs}")
                continue
            loss = self._loss(average, np.flatnonzero(held_out))
            self.say(f"labels pass {epoch} of {epochs}: held-out loss {loss:.4f}")
            if loss < best - 1e-5:
                best, best_epoch, kept = loss, epoch, copy.deepcopy(average.state_dict())
            if epoch - best_epoch >= settings.patience:
                break
        network = average
        if kept is not None:
            network.load_state_dict(kept)
        network.standardise(torch.from_numpy(embed_all(network, [self.sequences[i] for i in rows], self.vocabulary.padding)).to(self.device))
        return network.cpu().eval(), {"epochs": best_epoch, "loss": round(best, 5)}

    def _pretrain(self, network: TextNetwork, rows: np.ndarray, random: np.random.Generator) -> None:
        settings = self.settings
        # A text must have two pieces, besides those at its ends, to be cut.
        usable = np.array([i for i in rows if len(self.sequences[i]) >= 4])
        if settings.pretrain_epochs == 0 or len(usable) < 2:
            return
        optimizer = self._optimizer(network, settings.pretrain_rate)
        steps = settings.pretrain_epochs * -(-len(usable) // settings.batch)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: warm_up_then_cosine(step, steps + 1))
        network.train()
        for epoch in range(settings.pretrain_epochs):
            losses = []
            for batch in shuffled(self.sequences, usable, settings.batch, random):
                parts = [two_parts(self.sequences[i], random) for i in batch]
                ids, mask = self._hidden([p for pair in parts for p in pair])
                embedding = network(ids, mask)
                losses.append(self._improve(network, optimizer, contrastive_loss(embedding[0::2], embedding[1::2], settings.temperature)))
                schedule.step()
            self.say(f"contrastive pass {epoch + 1} of {settings.pretrain_epochs}: loss {np.mean(losses):.4f}")

    def _step(self, network: TextNetwork, average: TextNetwork, optimizer, batch: np.ndarray, balance, step: int) -> None:
        for group in optimizer.param_groups:
            group["lr"] = self.settings.learning_rate * min(1.0, step / self.settings.warm_up)
        network.train()
        embedding = network(*self._hidden([self.sequences[i] for i in batch]))
        labels = torch.from_numpy(self.labels[batch]).to(self.device)
        answers = network.answers(torch.nn.functional.dropout(embedding, self.settings.embedding_dropout))
        self._improve(network, optimizer, label_loss(answers, labels, self.shape.heads, balance))
        # The mean of the latest weights is steadier than any of them (Polyak, Juditsky 1992); early on it forgets faster, to leave the random beginning behind.
        share = min(self.settings.averaging, step / (step + 10))
        with torch.no_grad():
            for mean, latest in zip(average.parameters(), network.parameters()):
                mean.mul_(share).add_(latest, alpha=1 - share)

    def _hidden(self, sequences: List[Sequence[int]]):
        """A batch in which a share of the pieces is unknown, so that no text is learnt by heart."""
        ids, mask = pad(sequences, self.vocabulary.padding)
        hidden = (torch.rand(ids.shape) < self.settings.word_dropout) & (ids >= len(SPECIAL))
        return ids.masked_fill(hidden, self.vocabulary.unknown).to(self.device), mask.to(self.device)

    def _loss(self, network: TextNetwork, rows: np.ndarray) -> float:
        embedding = torch.from_numpy(embed_all(network, [self.sequences[i] for i in rows], self.vocabulary.padding)).to(self.device)
        with torch.no_grad():
            return float(label_loss(network.answers(embedding), torch.from_numpy(self.labels[rows]).to(self.device), self.shape.heads))

    def _optimizer(self, network: TextNetwork, rate: float) -> torch.optim.Optimizer:
        return torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=self.settings.weight_decay)

    @staticmethod
    def _improve(network: TextNetwork, optimizer: torch.optim.Optimizer, loss: torch.Tensor) -> float:
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        return float(loss.detach())


def save(model: TrainedText, path: str) -> None:
    """Writes a checkpoint."""
    torch.save({
        "toolkit": __version__, "kind": "text", "shape": model.network.shape.to_dict(), "vocabulary": model.vocabulary.pieces,
        "weights": {k: v.cpu() for k, v in model.network.state_dict().items()}, "training": model.training.to_dict(), "data": model.data,
        "validation": model.validation}, path)


def load(path: str) -> TrainedText:
    """Reads a checkpoint of `text train`. It is a pickle: open only your own."""
    stored = torch.load(path, map_location="cpu")
    if not isinstance(stored, dict) or stored.get("kind") != "text":
        raise ValueError(f"{path} is not a checkpoint of text train")
    vocabulary = Vocabulary(path, stored["vocabulary"])
    network = TextNetwork(TextShape.from_dict(stored["shape"]), len(vocabulary))
    network.load_state_dict(stored["weights"])
    return TrainedText(network.eval(), vocabulary, TextTraining(**stored["training"]), stored["data"], stored["validation"])
