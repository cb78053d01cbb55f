"""Measures of a classification, from probabilities and true classes."""

from typing import Callable, Dict, List, Tuple

import numpy as np
from sklearn.metrics import accuracy_score, f1_score, recall_score, roc_auc_score


def auc(truth: np.ndarray, probabilities: np.ndarray) -> float:
    """Area under the ROC curve, one class against the rest, the mean over the classes that occur; nan when only one does."""
    areas = [roc_auc_score(truth == c, probabilities[:, c]) for c in range(probabilities.shape[1]) if 0 < (truth == c).sum() < len(truth)]
    return float(np.mean(areas)) if areas else float("nan")


def calibration_error(truth: np.ndarray, probabilities: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error (Guo et al. 2017): |confidence - accuracy| of the chosen class, averaged over bins of equal width by their size."""
    chosen, confidence = probabilities.argmax(1), probabilities.max(1)
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [(place == b).mean() * abs(confidence[place == b].mean() - (chosen == truth)[place == b].mean()) for b in range(bins) if (place == b).any()]
    return float(np.sum(gaps))


def balanced_choice(probabilities: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """The class whose probability exceeds its share in training the most: finds rare classes, at the price of accuracy."""
    return (probabilities / np.maximum(prior, 1e-9)).argmax(1)


def measure(truth: np.ndarray, probabilities: np.ndarray, prior: np.ndarray) -> Dict[str, float]:
    """accuracy, macroF1, recall (macro), balancedF1 (macro-F1 of `balanced_choice`), auc, calibrationError."""
    chosen = probabilities.argmax(1)
    return {
        "accuracy": float(accuracy_score(truth, chosen)),
        "recall": float(recall_score(truth, chosen, average="macro", zero_division=0)),
        "macroF1": float(f1_score(truth, chosen, average="macro", zero_division=0)),
        "balancedF1": float(f1_score(truth, balanced_choice(probabilities, prior), average="macro", zero_division=0)),
        "auc": auc(truth, probabilities),
        "calibrationError": calibration_error(truth, probabilities),
    }


def per_class(truth: np.ndarray, probabilities: np.ndarray, classes: List[str]) -> List[Dict]:
    """For each class: how many there are, recall, precision and F1 of the likeliest choice, AUC against the rest."""
    chosen, rows = probabilities.argmax(1), []
    for c, name in enumerate(classes):
        true, said = truth == c, chosen == c
        hit = int((true & said).sum())
        recall, precision = hit / max(1, true.sum()), hit / max(1, said.sum())
        rows.append({
            "class": name, "count": int(true.sum()), "recall": recall, "precision": precision,
            "f1": 2 * recall * precision / max(1e-12, recall + precision),
            "auc": float(roc_auc_score(true, probabilities[:, c])) if 0 < true.sum() < len(true) else float("nan")})
    return rows


def bootstrap(
        measured: Callable[[np.ndarray], float], count: int, seed: int, rounds: int = 300) -> Tuple[float, float]:
    """The 95 % percentile interval of a measure over customers drawn with replacement. `measured` takes indexes."""
    random = np.random.default_rng(seed)
    values = [measured(random.integers(0, count, count)) for _ in range(rounds)]
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)
