"""
Teachers for the text encoder (distillation: Hinton, Vinyals, Dean 2015, arXiv 1503.02531).

Of each fold's texts, models that learnt from the other folds alone say what they think: networks of several seeds, which the fold tells no more than when to
stop, and logistic regressions on words and pairs of words. The encoder then learns these answers and never a text's own label. So what it says of a text of its
training is as good, and as bad, as what it says of a new one, which models fitted on its embeddings rely on. Teachers are also asked about texts that nobody
wrote: parts of two texts of their fold, joined.
"""

from typing import List, Sequence

import numpy as np
import torch
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from .batches import embed_all
from .network import TextNetwork
from .settings import ORDERED, TextHead
from .word_pieces import split_words

_FEW_TEXTS = 1000
_LEAST = 1e-5


class WordTeacher:
    """For every head a logistic regression on TF-IDF of words and pairs of words; for ordered classes one for each step."""

    def __init__(self, texts: List[str], labels: np.ndarray, heads: Sequence[TextHead], lower_case: bool):
        self._heads = heads
        self._words = TfidfVectorizer(
            analyzer=lambda text: _words_and_pairs(split_words(text, lower_case)), min_df=3 if len(texts) > _FEW_TEXTS else 1, sublinear_tf=True)
        seen = self._words.fit_transform(texts)
        self._models = []
        for i, head in enumerate(heads):
            rows = np.flatnonzero(labels[:, i] >= 0)
            truth = labels[rows, i]
            targets = [(truth > k).astype(int) for k in range(head.outputs)] if head.kind == ORDERED else [truth]
            self._models.append([_fitted(seen[rows], t) for t in targets])

    def answers(self, texts: List[str]) -> np.ndarray:
        """Logits [texts, outputs of all heads]."""
        words = self._words.transform(texts)
        return np.hstack([self._answer(words, head, models) for head, models in zip(self._heads, self._models)])

    @staticmethod
    def _answer(words, head: TextHead, models: List) -> np.ndarray:
        if head.kind == ORDERED:
            above = np.hstack([_probabilities(m, words, 2)[:, 1:] for m in models])
            return np.log(above) - np.log(1 - above)
        logits = np.log(_probabilities(models[0], words, head.outputs))
        return logits - logits.mean(1, keepdims=True)


def ask_network(network: TextNetwork, sequences: List[Sequence[int]], padding: int) -> np.ndarray:
    """A network's logits [texts, outputs of all heads]; of classes without order their mean is 0, so that several models' can be averaged."""
    embedding = torch.from_numpy(embed_all(network, sequences, padding))
    with torch.no_grad():
        parts = [a if h.kind == ORDERED else a - a.mean(1, keepdim=True) for a, h in zip(network.answers(embedding), network.shape.heads)]
    return torch.cat(parts, dim=1).numpy()


def join_parts(texts: List[str], random: np.random.Generator) -> List[str]:
    """As many texts as there are, each of a part of one and a part of another; every fourth is a part of one alone."""
    others = random.permutation(len(texts))
    return [_part(text, random) if i % 4 == 0 else f"{_part(text, random)} {_part(texts[others[i]], random)}" for i, text in enumerate(texts)]


def _part(text: str, random: np.random.Generator) -> str:
    words = text.split()
    if len(words) < 2:
        return text
    length = int(random.integers(1, len(words) + 1))
    start = int(random.integers(0, len(words) - length + 1)) if random.random() < 0.5 else 0
    return " ".join(words[start:start + length])


def _words_and_pairs(words: List[str]) -> List[str]:
    kept = [w for w in words if len(w) > 1]
    return kept + [f"{a} {b}" for a, b in zip(kept, kept[1:])]


def _fitted(words, truth: np.ndarray):
    model = LogisticRegression(C=4, max_iter=500) if len(set(truth)) > 1 else DummyClassifier(strategy="prior")
    return model.fit(words, truth)


def _probabilities(model, words, classes: int) -> np.ndarray:
    found = np.zeros((words.shape[0], classes))
    found[:, model.classes_] = model.predict_proba(words)
    return found.clip(_LEAST, 1 - _LEAST)
