"""Fits a network to a lesson."""

import copy
from typing import Callable, Dict, List, Optional, Sequence, Tuple

import numpy as np
import torch
from torch import Tensor

from ..learning.repeatable import device as best_device, warm_up_then_cosine
from .batches import embed_all, pad, shuffled
from .network import TextNetwork
from .objectives import Lesson, contrastive_loss, lesson_loss, two_parts
from .settings import TextShape, TextTraining
from .word_pieces import SPECIAL, Vocabulary


class Fitter:
    """Contrastive stage, then the lesson, with early stopping. The same seed and lesson give the same network."""

    def __init__(self, vocabulary: Vocabulary, shape: TextShape, settings: TextTraining, say: Callable[[str], None]):
        self._vocabulary, self._shape, self._settings, self._say = vocabulary, shape, settings, say
        self._device = best_device()

    def fit(
            self, lesson: Lesson, seen: np.ndarray, held_out: Optional[np.ndarray], epochs: int, seed: int,
            balance: Optional[List[Tensor]] = None) -> Tuple[TextNetwork, Dict]:
        """
        A network fitted to the texts of the mask `seen`, for so many passes or until the texts of the mask `held_out` no longer gain; and its best pass and
        held-out loss. Its embedding has mean 0 and standard deviation 1 over what it saw.
        """
        settings = self._settings
        torch.manual_seed(seed)
        random = np.random.default_rng(seed)
        rows = np.flatnonzero(seen)
        network = TextNetwork(self._shape, len(self._vocabulary), settings.dropout, settings.word_dropout).to(self._device)
        self._pretrain(network, [lesson.sequences[i] for i in rows], random)
        average, optimizer = copy.deepcopy(network), self._optimizer(network, settings.learning_rate)
        best, best_epoch, kept, steps = float("inf"), 0, None, 0
        for epoch in range(1, epochs + 1):
            for batch in shuffled(lesson.sequences, rows, settings.batch, random):
                steps += 1
                self._step(network, average, optimizer, lesson, batch, balance, steps)
            if held_out is None:
                self._say(f"pass {epoch} of {epochs}")
                continue
            loss = self._loss(average, lesson, np.flatnonzero(held_out))
            self._say(f"pass {epoch} of {epochs}: held-out loss {loss:.4f}")
            if loss < best - 1e-5:
                best, best_epoch, kept = loss, epoch, copy.deepcopy(average.state_dict())
            if epoch - best_epoch >= settings.patience:
                break
        if held_out is not None and epochs and kept is None:
            raise ValueError(f"the held-out loss is {loss}: a lower --learning-rate may help")
        if kept is not None:
            average.load_state_dict(kept)
        average.standardise(torch.from_numpy(self._embed(average, lesson, rows)).to(self._device))
        return average.cpu().eval(), {"epochs": best_epoch, "loss": round(best, 5)} if kept is not None else {}

    def _pretrain(self, network: TextNetwork, sequences: List[Sequence[int]], random: np.random.Generator) -> None:
        settings = self._settings
        # A text must have two pieces, besides those at its ends, to be cut.
        usable = np.array([i for i, s in enumerate(sequences) if len(s) >= 4])
        if settings.pretrain_epochs == 0 or len(usable) < 2:
            return
        optimizer = self._optimizer(network, settings.pretrain_rate)
        steps = settings.pretrain_epochs * -(-len(usable) // settings.batch)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: warm_up_then_cosine(step, steps + 1))
        network.train()
        for epoch in range(settings.pretrain_epochs):
            losses = []
            for batch in shuffled(sequences, usable, settings.batch, random):
                parts = [two_parts(sequences[i], random) for i in batch]
                embedding = network(*self._hidden([p for pair in parts for p in pair]))
                losses.append(self._improve(network, optimizer, contrastive_loss(embedding[0::2], embedding[1::2], settings.temperature)))
                schedule.step()
            self._say(f"contrastive pass {epoch + 1} of {settings.pretrain_epochs}: loss {np.mean(losses):.4f}")

    def _step(self, network: TextNetwork, average: TextNetwork, optimizer, lesson: Lesson, batch: np.ndarray, balance, step: int) -> None:
        for group in optimizer.param_groups:
            group["lr"] = self._settings.learning_rate * min(1.0, step / self._settings.warm_up)
        network.train()
        embedding = network(*self._hidden([lesson.sequences[i] for i in batch]))
        answers = network.answers(torch.nn.functional.dropout(embedding, self._settings.embedding_dropout))
        self._improve(network, optimizer, lesson_loss(answers, *self._targets(lesson, batch), self._shape.heads, balance))
        # The mean of the latest weights is steadier than any of them (Polyak, Juditsky 1992); early on it forgets faster, to leave the random beginning behind.
        share = min(self._settings.averaging, step / (step + 10))
        with torch.no_grad():
            for mean, latest in zip(average.parameters(), network.parameters()):
                mean.mul_(share).add_(latest, alpha=1 - share)

    def _hidden(self, sequences: List[Sequence[int]]) -> Tuple[Tensor, Tensor]:
        """A batch in which a share of the pieces is unknown, so that no text is learnt by heart."""
        ids, mask = pad(sequences, self._vocabulary.padding)
        hidden = (torch.rand(ids.shape) < self._settings.word_dropout) & (ids >= len(SPECIAL))
        return ids.masked_fill(hidden, self._vocabulary.unknown).to(self._device), mask.to(self._device)

    def _targets(self, lesson: Lesson, rows: np.ndarray) -> Tuple[Tensor, Tensor]:
        return torch.from_numpy(lesson.targets[rows]).to(self._device), torch.from_numpy(lesson.known[rows]).to(self._device)

    def _loss(self, network: TextNetwork, lesson: Lesson, rows: np.ndarray) -> float:
        with torch.no_grad():
            answers = network.answers(torch.from_numpy(self._embed(network, lesson, rows)).to(self._device))
            return float(lesson_loss(answers, *self._targets(lesson, rows), self._shape.heads))

    def _embed(self, network: TextNetwork, lesson: Lesson, rows: np.ndarray) -> np.ndarray:
        return embed_all(network, [lesson.sequences[i] for i in rows], self._vocabulary.padding)

    def _optimizer(self, network: TextNetwork, rate: float) -> torch.optim.Optimizer:
        return torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=self._settings.weight_decay)

    @staticmethod
    def _improve(network: TextNetwork, optimizer: torch.optim.Optimizer, loss: Tensor) -> float:
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        return float(loss.detach())
