"""Does a model serve some groups of people worse than others?"""

from typing import Dict, List, Optional

import numpy as np
from sklearn.metrics import f1_score

from ..dataset.events import DAY_MS, History
from .measures import auc, balanced_choice

_LEAST = 30
_AGE_BANDS = ((0, 24), (25, 34), (35, 44), (45, 54), (55, 64), (65, 200))


def groups(histories: List[History], before_ms: int) -> Dict[str, np.ndarray]:
    """Text group of each customer by trait, "" where it is unknown; traits that hardly anybody has are left out."""
    found = {
        "age": [_age_band(h.trait("age", before_ms), h.trait("birthday", before_ms), before_ms) for h in histories],
        "gender": [(h.trait("gender", before_ms) or "").lower() for h in histories],
        "country": [h.trait("country", before_ms) or "" for h in histories],
    }
    return {name: np.array(values) for name, values in found.items() if sum(v != "" for v in values) >= _LEAST}


def by_group(truth: np.ndarray, probabilities: np.ndarray, prior: np.ndarray, membership: np.ndarray) -> List[Dict]:
    """For each group of at least 30 customers: share, AUC, balanced macro-F1, and the share that is said to be in the last class, beside the truth."""
    chosen, rows = balanced_choice(probabilities, prior), []
    last = probabilities.shape[1] - 1
    for name in sorted(set(membership) - {""}):
        inside = membership == name
        if inside.sum() < _LEAST:
            continue
        rows.append({
            "group": name, "count": int(inside.sum()), "auc": auc(truth[inside], probabilities[inside]),
            "balancedF1": float(f1_score(truth[inside], chosen[inside], average="macro", zero_division=0)),
            "said": float((chosen[inside] == last).mean()), "true": float((truth[inside] == last).mean())})
    return rows


def _age_band(age: Optional[str], birthday: Optional[str], before_ms: int) -> str:
    years = None
    try:
        if age:
            years = float(age)
        elif birthday:
            years = (before_ms - int(np.datetime64(birthday[:10], "ms").astype(np.int64))) / DAY_MS / 365.25
    except ValueError:
        return ""
    return next((f"{low}-{high}" if high < 200 else f"{low}+" for low, high in _AGE_BANDS if years is not None and low <= int(years) <= high), "")
