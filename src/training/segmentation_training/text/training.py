"""From a table of texts to a text encoder."""

from dataclasses import dataclass
from typing import Callable, Dict, Sequence, Tuple

import numpy as np

from ..dataset.split import fold
from ..learning.checkpoint import read_checkpoint, write_checkpoint
from ..learning.repeatable import make_repeatable
from .batches import embed_all
from .fitting import Fitter
from .network import TextNetwork
from .objectives import Lesson, answer_targets, balances, label_targets
from .settings import TextShape, TextTraining
from .table import TextTable
from .teachers import WordTeacher, ask_network, join_parts
from .vocabulary import learn_vocabulary
from .word_pieces import Vocabulary, WordPieceTokenizer

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


def train(
        table: TextTable, text_columns: Sequence[str], labels: Sequence[str], weights: Sequence[float], shape: TextShape, settings: TextTraining, data: Dict,
        say: Say) -> TrainedText:
    """Trains on the table's training rows. weights: of the labels, all 1 when empty; data: `name` and `licence` for the manifest."""
    rows = table.part(~table.test)
    if not any(rows.texts):
        raise ValueError(f"{table.path}: no training row has a text in {', '.join(text_columns)}")
    if not labels and not settings.pretrain_epochs:
        raise ValueError("nothing to learn from: name --labels, or --pretrain-epochs for a text encoder without labels")
    make_repeatable(settings.seed, settings.threads)
    shape.heads = rows.heads(labels, weights)
    network, vocabulary, validation = _fit(rows, shape, settings, say)
    described = {**data, "rows": len(rows), "texts": list(text_columns), "labels": list(labels), "id": table.id_column}
    return TrainedText(network, vocabulary, settings, described, validation)


def cross_validate(
        table: TextTable, labels: Sequence[str], weights: Sequence[float], shape: TextShape, settings: TextTraining, say: Say,
        folds: Sequence[int]) -> np.ndarray:
    """
    Embeddings of every training row by models that did not see a fold: [folds, training rows, E]; those of the fold itself are the unseen ones. For choices: the
    test part is not touched.
    """
    rows = table.part(~table.test)
    make_repeatable(settings.seed, settings.threads)
    shape.heads = rows.heads(labels, weights)
    number = np.array([fold(i, settings.folds) for i in rows.ids])
    found = []
    for k in folds:
        network, vocabulary, _ = _fit(rows.part(number != k), shape, settings, lambda line, k=k: say(f"without fold {k}: {line}"))
        found.append(TrainedText(network, vocabulary, settings, {}, {}).embed(rows.texts))
    return np.stack(found)


def _fit(rows: TextTable, shape: TextShape, settings: TextTraining, say: Say) -> Tuple[TextNetwork, Vocabulary, Dict]:
    """
    The vocabulary; then, with teachers, what they say of their folds; then the network. A held-out fold decides after how many passes to stop; the network is
    then trained anew on all rows, for as many.
    """
    vocabulary = learn_vocabulary(rows.texts, shape.vocabulary, not shape.cased)
    say(f"{len(rows)} training rows, {len(vocabulary)} word pieces")
    labels = rows.labels(shape.heads)
    tokenizer = WordPieceTokenizer(vocabulary, not shape.cased, shape.max_tokens)
    # Not the folds of a cross-validation around this: those would leave one of these empty.
    folds = np.array([fold(f"lesson {i}", settings.folds) for i in rows.ids])
    lesson = Lesson([tokenizer.tokenize(t) for t in rows.texts], label_targets(labels, shape.heads), labels >= 0, folds)
    balance = balances(labels, shape.heads) if settings.imbalance == "weights" else None
    if shape.heads and settings.teachers and settings.epochs:
        lesson = _ask_teachers(rows, labels, lesson, vocabulary, shape, settings, balance, say)
        balance, settings = None, settings.taught()
    fitter, validation, epochs = Fitter(vocabulary, shape, settings, say), {}, settings.epochs if shape.heads else 0
    if epochs and settings.folds > 1:
        _, validation = fitter.fit(lesson, lesson.folds != 0, lesson.folds == 0, epochs, settings.seed, balance)
        epochs = validation["epochs"]
    network, _ = fitter.fit(lesson, np.ones(len(lesson.folds), bool), None, epochs, settings.seed, balance)
    return network, vocabulary, validation


def _ask_teachers(
        rows: TextTable, labels: np.ndarray, lesson: Lesson, vocabulary: Vocabulary, shape: TextShape, settings: TextTraining, balance, say: Say) -> Lesson:
    """What teachers say of every text, and of joined parts, of the fold that they did not learn from."""
    if settings.folds < 2:
        raise ValueError("teachers need at least 2 --folds")
    fitter = Fitter(vocabulary, shape, settings, lambda line: None)
    tokenizer = WordPieceTokenizer(vocabulary, not shape.cased, shape.max_tokens)
    random = np.random.default_rng(settings.seed)
    sequences, answers, folds = [], [], []
    for k in range(settings.folds):
        mine = np.flatnonzero(lesson.folds == k)
        if not len(mine):
            continue
        own = [rows.texts[i] for i in mine]
        texts = own + [t for _ in range(settings.joined) for t in join_parts(own, random)]
        pieces = [tokenizer.tokenize(t) for t in texts]
        others = np.flatnonzero(lesson.folds != k)
        said = WordTeacher([rows.texts[i] for i in others], labels[others], shape.heads, not shape.cased).answers(texts)
        for number in range(settings.teachers):
            network, found = fitter.fit(lesson, lesson.folds != k, lesson.folds == k, settings.epochs, settings.seed + 1 + number, balance)
            say(f"teacher {number + 1} without fold {k}: {found['epochs']} passes, loss {found['loss']:.4f}")
            said = said + ask_network(network, pieces, vocabulary.padding) / settings.teachers
        sequences += pieces
        answers.append(said / 2)
        folds += [k] * len(texts)
    targets = answer_targets(np.vstack(answers), shape.heads)
    return Lesson(sequences, targets, np.ones((len(sequences), len(shape.heads)), bool), np.array(folds))


def save(model: TrainedText, path: str) -> None:
    """Writes a checkpoint."""
    write_checkpoint(path, "text train", model.network, {
        "shape": model.network.shape.to_dict(), "vocabulary": model.vocabulary.pieces, "training": model.training.to_dict(), "data": model.data,
        "validation": model.validation})


def load(path: str) -> TrainedText:
    """Reads a checkpoint of `text train`."""
    stored, weights = read_checkpoint(path, "text train")
    vocabulary = Vocabulary(path, stored["vocabulary"])
    network = TextNetwork(TextShape.from_dict(stored["shape"]), len(vocabulary))
    network.load_state_dict(weights)
    return TrainedText(network.eval(), vocabulary, TextTraining(**stored["training"]), stored["data"], stored["validation"])
