"""What the heads learn to foresee, as classes."""

from collections import Counter
from dataclasses import dataclass
from typing import List

import numpy as np

from .events import DAY_MS, History

VALUE_CLASSES = ["none", "lower", "higher"]
CHURN_CLASSES = ["stays", "churns"]
OTHER = "other"
UNKNOWN = -1


@dataclass
class LabelSet:
    """Classes of one time. value, churn, category: int64 [N], -1 where there is nothing to learn; threshold: money between lower and higher."""

    value: np.ndarray
    churn: np.ndarray
    category: np.ndarray
    threshold: float


def spend_in_window(histories: List[History], from_ms: int, horizon_days: int) -> np.ndarray:
    """Money of each customer's orders in the window, float64 [N]."""
    return np.array([h.spend(from_ms, from_ms + horizon_days * DAY_MS) for h in histories])


def median_of_positive(spend: np.ndarray) -> float:
    """The value head's threshold; 0 when nobody spends."""
    positive = spend[spend > 0]
    return float(np.median(positive)) if len(positive) else 0.0


def value_class(spend: np.ndarray, threshold: float) -> np.ndarray:
    """0 none, 1 up to the threshold, 2 above it."""
    return np.where(spend <= 0, 0, np.where(spend <= threshold, 1, 2)).astype(np.int64)


def category_classes(histories: List[History], before_ms: int, most: int) -> List[str]:
    """The most frequent categories of orders before a time, then "other"; empty when the shop's orders have no categories."""
    counts: Counter = Counter()
    for h in histories:
        counts.update(c for t, c in zip(h.order_times_ms, h.order_categories) if c and t < before_ms)
    return [c for c, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]] + [OTHER] if counts else []


def labels_at(histories: List[History], from_ms: int, horizon_days: int, threshold: float, categories: List[str]) -> LabelSet:
    """Classes from the window of so many days that begins at a time."""
    to_ms = from_ms + horizon_days * DAY_MS
    spend = spend_in_window(histories, from_ms, horizon_days)
    orders = np.array([np.diff(np.searchsorted(h.order_times_ms, [from_ms, to_ms], side="left"))[0] for h in histories])
    number = {c: i for i, c in enumerate(categories)}
    category = np.full(len(histories), UNKNOWN, np.int64)
    if categories:
        for i, h in enumerate(histories):
            following = h.next_category(from_ms, to_ms)
            if following is not None:
                category[i] = number.get(following, number[OTHER])
    return LabelSet(value_class(spend, threshold), (orders == 0).astype(np.int64), category, threshold)
