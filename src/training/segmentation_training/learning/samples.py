"""Examples for the heads: one a customer and time, from windows that end at or before the cut-off."""

from dataclasses import dataclass
from typing import Dict, List

import numpy as np

from ..dataset.events import DAY_MS, History, parse_time, read_histories
from ..dataset.features import read_features
from ..dataset.folder import DatasetFolder
from ..dataset.labels import UNKNOWN, category_classes, labels_at, median_of_positive, spend_in_window, VALUE_CLASSES, CHURN_CLASSES
from ..dataset.split import in_test, in_training
from ..networks.sequence_model import HeadSettings
from .batches import latest
from .settings import TrainingSettings


@dataclass
class Samples:
    """customers: N ids; sequences: N arrays [T, 11]; features: float32 [N, D]; labels: int64 [N, heads], -1 unknown; weights: float32 [N]."""

    customers: List[str]
    sequences: List[np.ndarray]
    features: np.ndarray
    labels: np.ndarray
    weights: np.ndarray

    def __len__(self) -> int:
        return len(self.customers)

    def part(self, chosen: np.ndarray) -> "Samples":
        """The rows of a mask or of indexes."""
        index = np.flatnonzero(chosen) if chosen.dtype == bool else chosen
        return Samples(
            [self.customers[i] for i in index], [self.sequences[i] for i in index], self.features[index], self.labels[index], self.weights[index])


@dataclass
class ShopData:
    """
    What training may see of one folder: histories of training customers before the cut-off, and labelled samples from them.
    thresholds: money between lower and higher, by head name.
    """

    folder: DatasetFolder
    histories: Dict[str, History]
    samples: Samples
    thresholds: Dict[str, float]

    @property
    def events(self) -> int:
        return sum(len(h.times_ms) for h in self.histories.values())


def declare_heads(settings: TrainingSettings, categories: List[str]) -> List[HeadSettings]:
    """value and churn a horizon, the main one first, and the next category for the main horizon when the shop has categories."""
    main = settings.horizon_days[-1]
    heads = []
    for days in [main, *settings.horizon_days[:-1]]:
        suffix = "" if days == main else str(days)
        heads += [HeadSettings(f"value{suffix}", VALUE_CLASSES, days), HeadSettings(f"churn{suffix}", CHURN_CLASSES, days)]
    return heads + ([HeadSettings("category", categories, main)] if categories else [])


def load_shop(folder: DatasetFolder, settings: TrainingSettings, heads: List[HeadSettings] = None) -> "tuple[ShopData, List[HeadSettings]]":
    """Reads training customers before the cut-off only, and makes samples at every feature table whose window is over by then."""
    histories = read_histories(folder.events_file, before_ms=folder.cutoff_ms, keep=in_training)
    if heads is None:
        heads = declare_heads(settings, category_classes(list(histories.values()), folder.cutoff_ms, settings.categories) if settings.categories else [])
    times = sorted({t for h in heads for t in folder.label_times(h.horizon_days)})
    if not times:
        raise ValueError(f"{folder.path}: no feature table lies {min(h.horizon_days for h in heads)} days before the cut-off {folder.cutoff}")
    thresholds = {h.name: _threshold(folder, histories, h.horizon_days) for h in heads if h.name.startswith("value")}
    parts = [sample_customers(folder, histories, t, heads, thresholds, settings, until_ms=folder.cutoff_ms, keep=in_training) for t in times]
    return ShopData(folder, histories, _joined(parts), thresholds), heads


def load_test(
        folder: DatasetFolder, settings: TrainingSettings, heads: List[HeadSettings], keep=in_test,
        before_ms: int = None) -> "tuple[Samples, Dict[str, History], Dict[str, float]]":
    """
    Samples of test customers (or of whom else `keep` wants) at the cut-off, labelled by the window after it. The value threshold is the training customers'
    median in the same window: it defines the question, not the answer. With `before_ms`, events from then on are not read, and labels mean nothing.
    """
    everybody = read_histories(folder.events_file, before_ms)
    training = [h for c, h in everybody.items() if in_training(c) and h.count_before(folder.cutoff_ms) > 0]
    thresholds = {
        h.name: median_of_positive(spend_in_window(training, folder.cutoff_ms, h.horizon_days)) for h in heads if h.name.startswith("value")}
    samples = sample_customers(folder, everybody, folder.as_of[-1], heads, thresholds, settings, until_ms=None, keep=keep)
    return samples, everybody, thresholds


def sample_customers(folder, histories, as_of: str, heads, thresholds, settings, until_ms, keep) -> Samples:
    """One sample for every kept customer with an event before a time; a head whose window ends after `until_ms` gets no label."""
    time = parse_time(as_of)
    features = read_features(folder.features_file(as_of), keep)
    customers = [c for c in features.index if c in histories and histories[c].count_before(time) > 0]
    chosen = [histories[c] for c in customers]
    labels = np.full((len(customers), len(heads)), UNKNOWN, np.int64)
    for i, head in enumerate(heads):
        if until_ms is not None and time + head.horizon_days * DAY_MS > until_ms:
            continue
        categories = head.classes if head.name == "category" else []
        found = labels_at(chosen, time, head.horizon_days, thresholds.get(head.name, 0.0), categories)
        labels[:, i] = found.value if head.name.startswith("value") else found.churn if head.name.startswith("churn") else found.category
    sequences = [latest(h.tokens, h.count_before(time), settings.max_tokens) for h in chosen]
    return Samples(customers, sequences, features.loc[customers].to_numpy(np.float32), labels, np.ones(len(customers), np.float32))


def _threshold(folder: DatasetFolder, histories: Dict[str, History], horizon_days: int) -> float:
    spends = [spend_in_window(list(histories.values()), parse_time(t), horizon_days) for t in folder.label_times(horizon_days)]
    return median_of_positive(np.concatenate(spends)) if spends else 0.0


def _joined(parts: List[Samples]) -> Samples:
    return Samples(
        [c for p in parts for c in p.customers], [s for p in parts for s in p.sequences], np.concatenate([p.features for p in parts]),
        np.concatenate([p.labels for p in parts]), np.concatenate([p.weights for p in parts]))


def join_shops(shops: List[ShopData], shares: List[float] = None) -> Samples:
    """All shops' samples. Each shop's weights sum to its share, equal ones when left out, so that a large shop does not drown a small one."""
    samples = [s.samples for s in shops]
    shares = shares or [1.0] * len(shops)
    if len(shares) != len(shops):
        raise ValueError(f"{len(shares)} shares for {len(shops)} folders")
    total = sum(len(s) for s in samples)
    for s, share in zip(samples, shares):
        s.weights = np.full(len(s), total * share / (sum(shares) * len(s)), np.float32)
    return _joined(samples)
