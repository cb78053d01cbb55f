"""Feature vectors from the tables that `./run export features` writes, and the schema that names their columns."""

import json
from pathlib import Path
from typing import Callable, List, NamedTuple

import numpy as np
import pandas as pd

_SCHEMA_FILE = Path(__file__).resolve().parents[2] / "golden" / "feature-schema.json"


class FeatureSchema(NamedTuple):
    """The columns of the feature vector in their order, and the hash that a manifest names."""

    hash: str
    columns: List[str]


def current_schema() -> FeatureSchema:
    """The schema of the service; golden/feature-schema.json is checked by the service's own tests."""
    return FeatureSchema(**json.loads(_SCHEMA_FILE.read_text(encoding="utf-8")))


def read_features(path: str, keep: Callable[[str], bool] = lambda customer_id: True) -> pd.DataFrame:
    """
    Features by customer id, float32. Customers who are not kept are dropped before any of their numbers is read.

    Raises ValueError when the columns are not those of the current schema: the table was written by another version of the service.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    columns = current_schema().columns
    if list(table.columns) != ["customer_id", *columns]:
        raise ValueError(f"{path} has other columns than the feature schema {current_schema().hash}: export it with this version of the service")
    table = table[table.customer_id.map(keep)].set_index("customer_id")
    values = table.to_numpy(np.float32) if len(table) else np.zeros((0, len(columns)), np.float32)
    if not np.isfinite(values).all():
        raise ValueError(f"{path} holds numbers that are not finite")
    return pd.DataFrame(values, index=table.index, columns=columns)
