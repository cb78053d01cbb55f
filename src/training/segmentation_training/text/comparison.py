"""What embeddings of texts are worth: models side by side on the test part, whole, by class and by group of people."""

from typing import Callable, Dict, List, Optional, Sequence

import numpy as np
from scipy import sparse
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ..evaluation.fairness import by_group
from ..evaluation.measures import auc, bootstrap, measure, per_class
from .settings import TextHead
from .table import TextTable

CLUSTERS = 16


def compare(table: TextTable, embeddings: np.ndarray, labels: Sequence[str], groups: Sequence[str], bands: Sequence[float], seed: int, say: Callable) -> Dict:
    """
    Fits each model on the training rows and judges it on the test rows. embeddings: [rows, E]; labels, groups: columns; bands: upper ends of a numeric group's
    bands. Returns {label: {"classes", "models": {name: {measures, intervals, perClass, fairness}}}}, which evaluation.comparison prints.
    """
    test, heads = table.test, table.part(~table.test).heads(labels)
    found, truth = {}, table.labels(heads)
    membership = {g: group_names(table.column(g), bands) for g in groups}
    words = word_features(table.texts, ~test)
    for i, head in enumerate(heads):
        train, judged = (truth[:, i] >= 0) & ~test, (truth[:, i] >= 0) & test
        shares = np.bincount(truth[train, i], minlength=len(head.classes)) / train.sum()
        found[head.column] = {"classes": head.classes, "models": {}}
        for name, fit in _models(embeddings, words, seed).items():
            say(f"{head.column}: {name}")
            probabilities = fit(train, truth[train, i], judged, shares)
            people = {g: members[judged] for g, members in membership.items()}
            found[head.column]["models"][name] = _judged(truth[judged, i], probabilities, shares, head, people, seed)
    return found


def word_features(texts: List[str], train: np.ndarray) -> sparse.csr_matrix:
    """TF-IDF of words and pairs of words, fitted on the training rows."""
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=3 if train.sum() > 1000 else 1, sublinear_tf=True)
    vectorizer.fit([t for t, seen in zip(texts, train) if seen])
    return vectorizer.transform(texts)


def group_names(values: Sequence[str], bands: Sequence[float]) -> np.ndarray:
    """The group of each row, "" where it is unknown: a number's band, else the value itself."""
    numbers = [_number(v) for v in values]
    if any(v.strip().lower() not in ("", "nan") and n is None for v, n in zip(values, numbers)):
        return np.array([v.strip() for v in values])
    edges = sorted(bands)
    names = [f"to {edges[0]:g}", *(f"over {a:g} to {b:g}" for a, b in zip(edges, edges[1:])), f"over {edges[-1]:g}"] if edges else ["all"]
    return np.array(["" if n is None else names[int(np.searchsorted(edges, n))] for n in numbers])


def logistic_auc(embeddings: np.ndarray, truth: np.ndarray, train: np.ndarray, judged: np.ndarray) -> float:
    """AUC on the judged rows of a logistic regression fitted on the training rows."""
    model = logistic().fit(embeddings[train], truth[train])
    probabilities = np.zeros((int(judged.sum()), int(truth.max()) + 1))
    probabilities[:, model.classes_] = model.predict_proba(embeddings[judged])
    return auc(truth[judged], probabilities)


def logistic():
    """Logistic regression with L2 on standardised numbers."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=2000))


def _models(embeddings: np.ndarray, words: sparse.csr_matrix, seed: int) -> Dict[str, Callable]:
    def shares(train, truth, judged, prior):
        return np.tile(prior, (int(judged.sum()), 1))

    def by_words(train, truth, judged, prior):
        return _probabilities(LogisticRegression(C=4, max_iter=2000).fit(words[train], truth), words[judged], prior)

    def by_clusters(train, truth, judged, prior):
        scaler = StandardScaler().fit(embeddings[train])
        means = KMeans(CLUSTERS, n_init=4, random_state=seed).fit(scaler.transform(embeddings[train]))
        coded = lambda rows: np.eye(CLUSTERS)[means.predict(scaler.transform(embeddings[rows]))]
        return _probabilities(LogisticRegression(max_iter=2000).fit(coded(train), truth), coded(judged), prior)

    def by_embedding(train, truth, judged, prior):
        return _probabilities(logistic().fit(embeddings[train], truth), embeddings[judged], prior)

    return {
        "class shares": shares, "TF-IDF of words and pairs + logistic": by_words, "text encoder + k-means + logistic": by_clusters,
        "text encoder + logistic": by_embedding}


def _probabilities(model, rows, prior: np.ndarray) -> np.ndarray:
    found = np.zeros((rows.shape[0], len(prior)))
    found[:, model.classes_] = model.predict_proba(rows)
    return found


def _judged(truth: np.ndarray, probabilities: np.ndarray, prior: np.ndarray, head: TextHead, people: Dict[str, np.ndarray], seed: int) -> Dict:
    values = measure(truth, probabilities, prior)
    chosen = probabilities.argmax(1)
    values["intervals"] = {
        "macroF1": bootstrap(lambda i: f1_score(truth[i], chosen[i], average="macro", zero_division=0), len(truth), seed),
        "auc": bootstrap(lambda i: auc(truth[i], probabilities[i]), len(truth), seed)}
    values["perClass"] = per_class(truth, probabilities, head.classes)
    values["fairness"] = {trait: by_group(truth, probabilities, prior, members) for trait, members in people.items()}
    return values


def _number(value: str) -> Optional[float]:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if np.isfinite(number) else None
