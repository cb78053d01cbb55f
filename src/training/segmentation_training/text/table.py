"""Texts and their labels from a CSV file."""

import gzip
from dataclasses import dataclass, replace
from typing import List, Sequence

import numpy as np
import pandas as pd

from ..dataset.split import in_test
from .settings import CLASSES, ORDERED, TextHead

_CLASSES_MAX = 50


@dataclass
class TextTable:
    """
    ids: of the rows, as text; texts: the text columns of each row joined by a space, "" where all are empty; columns: everything else by row. The split follows
    from the ids alone.
    """

    path: str
    id_column: str
    ids: List[str]
    texts: List[str]
    columns: pd.DataFrame

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def test(self) -> np.ndarray:
        """Which rows are of the test part: md5 of the id modulo 10 below 3."""
        return np.array([in_test(i) for i in self.ids], bool)

    def part(self, rows: np.ndarray) -> "TextTable":
        """The rows of a mask."""
        chosen = np.flatnonzero(rows)
        return TextTable(
            self.path, self.id_column, [self.ids[i] for i in chosen], [self.texts[i] for i in chosen], self.columns.iloc[chosen].reset_index(drop=True))

    def column(self, name: str) -> pd.Series:
        """A column, or ValueError that names those there are."""
        if name not in self.columns:
            raise ValueError(f"{self.path} has no column '{name}': {', '.join(self.columns)}")
        return self.columns[name]

    def heads(self, labels: Sequence[str], weights: Sequence[float] = ()) -> List[TextHead]:
        """A head for each label: numbers with more than two values are ordered. weights: one for each, all 1 when left out."""
        if weights and len(weights) != len(labels):
            raise ValueError(f"{len(weights)} weights for {len(labels)} labels")
        return [replace(self._head(label), weight=weight) for label, weight in zip(labels, weights or [1.0] * len(labels))]

    def labels(self, heads: Sequence[TextHead]) -> np.ndarray:
        """[rows, heads]: the number of each row's class, -1 where there is none."""
        found = np.full((len(self), len(heads)), -1, np.int64)
        for i, head in enumerate(heads):
            place = {name: number for number, name in enumerate(head.classes)}
            found[:, i] = [place.get(_name(value), -1) for value in self.column(head.column)]
        return found

    def _head(self, label: str) -> TextHead:
        values = sorted({_name(v) for v in self.column(label)} - {""})
        if len(values) < 2:
            raise ValueError(f"{self.path}: label '{label}' has no two values to tell apart")
        if len(values) > _CLASSES_MAX:
            raise ValueError(f"{self.path}: label '{label}' has {len(values)} values, at most {_CLASSES_MAX} can be learnt")
        if all(_is_number(v) for v in values):
            return TextHead(label, ORDERED if len(values) > 2 else CLASSES, sorted(values, key=float))
        return TextHead(label, CLASSES, values)


def read_table(path: str, text_columns: Sequence[str], id_column: str = "", encoding: str = "utf-8") -> TextTable:
    """
    Reads a CSV file, gzipped or not, with a header. id_column: the first column when left out; a first column without
    a name is called row. Ids must be there and differ, since the split follows from them.
    """
    try:
        # The whole file is decoded first, so that a wrong encoding is told as one and not as a wrong row.
        opened = gzip.open(path, "rt", encoding=encoding, newline="") if str(path).endswith(".gz") else open(path, encoding=encoding, newline="")
        with opened as stream:
            table = pd.read_csv(stream, dtype=str, keep_default_na=False)
    except UnicodeDecodeError as e:
        raise ValueError(f"{path}: not {e.encoding} ({e.reason} at byte {e.start}); name its encoding with --encoding, such as cp1252") from e
    except LookupError as e:
        raise ValueError(f"{path}: {e}") from e
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as e:
        raise ValueError(f"{path}: not a CSV table: {str(e).strip()}") from e
    if str(table.columns[0]).startswith("Unnamed:"):
        # The index that a data frame writes.
        table = table.rename(columns={table.columns[0]: "row"})
    name = id_column or table.columns[0]
    for column in [name, *text_columns]:
        if column not in table:
            raise ValueError(f"{path} has no column '{column}': {', '.join(table.columns)}")
    ids = [i.strip() for i in table[name]]
    if len(set(ids)) < len(ids) or "" in ids:
        raise ValueError(f"{path}: column '{name}' does not tell rows apart: {len(ids)} rows, {len(set(ids) - {''})} ids; name another with --id")
    if not ids:
        raise ValueError(f"{path} has no rows")
    texts = [" ".join(part for part in (p.strip() for p in row) if part) for row in zip(*(table[c] for c in text_columns))]
    return TextTable(str(path), name, ids, texts, table.drop(columns=[name, *text_columns]))


def _name(value: str) -> str:
    """A label's value as its class is called: 5 and 5.0 are the same."""
    text = value.strip()
    return f"{float(text):g}" if _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        return bool(np.isfinite(float(text)))
    except ValueError:
        return False
