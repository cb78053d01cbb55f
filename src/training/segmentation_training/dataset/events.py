"""Histories of customers from the table that `./run export events` writes."""

import csv
import gzip
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Callable, Dict, Iterator, List, Optional, Tuple

import numpy as np

from .tokens import COLUMNS, NOT_BEHAVIOUR, add_gaps, clamp_time, token_row

DAY_MS = 86_400_000

_REQUIRED = ("customer_id", "sequence", "time", "kind", "channel", "device", "amount", "discount", "coupon", "traits")


@dataclass
class History:
    """
    One customer's behaviour, oldest first.

    times_ms: int64 [N]; tokens: float32 [N, 11]; order_times_ms: int64 [M]; order_amounts: float64 [M]; order_categories: M texts, "" for none;
    traits: (time, name, value), oldest first.
    """

    customer_id: str
    times_ms: np.ndarray
    tokens: np.ndarray
    order_times_ms: np.ndarray
    order_amounts: np.ndarray
    order_categories: List[str]
    traits: List[Tuple[int, str, str]] = field(default_factory=list)

    def count_before(self, time_ms: int) -> int:
        """Events before a time."""
        return int(np.searchsorted(self.times_ms, time_ms, side="left"))

    def spend(self, from_ms: int, to_ms: int) -> float:
        """Money of the orders in [from, to); refunds are not taken off."""
        first, last = np.searchsorted(self.order_times_ms, [from_ms, to_ms], side="left")
        return float(self.order_amounts[first:last].sum())

    def next_category(self, from_ms: int, to_ms: int) -> Optional[str]:
        """Category of the first order in [from, to); None without an order or a category."""
        first, last = np.searchsorted(self.order_times_ms, [from_ms, to_ms], side="left")
        return next((c for c in self.order_categories[first:last] if c), None)

    def trait(self, name: str, before_ms: int) -> Optional[str]:
        """The value of a trait as known before a time."""
        known = [value for time, key, value in self.traits if key == name and time < before_ms]
        return known[-1] if known else None


def read_histories(path: str, before_ms: Optional[int] = None, keep: Callable[[str], bool] = lambda customer_id: True) -> Dict[str, History]:
    """
    Reads histories by customer id. Rows of customers who are not kept, and rows at or after `before_ms`, are dropped by id and time alone: nothing else
    of them is looked at. Customers without a behaviour event are left out. Ids whose history joined another customer are left out too.

    Raises ValueError for what is no table of events; it names the file, and the line where there is one.
    """
    builders: Dict[str, _Builder] = {}
    merged = set()
    for line, row in _rows(path):
        customer = row["customer_id"]
        if not keep(customer):
            continue
        try:
            time = parse_time(row["time"])
            if before_ms is not None and time >= before_ms:
                continue
            if row["kind"] == "MergedInto":
                merged.add(customer)
            builders.setdefault(customer, _Builder()).add(time, int(row["sequence"]), row)
        except (ValueError, AttributeError, TypeError) as e:
            # A short row has None where a text is missing.
            raise ValueError(f"{path}, line {line}: {e}") from e
    return {c: b.build(c) for c, b in builders.items() if b.events and c not in merged}


def parse_time(text: str) -> int:
    """Milliseconds since 1970-01-01 UTC from `2011-06-12T09:41:00.000Z` or a date."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    since = moment - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000


def event_of_row(time_ms: int, row: Dict[str, str]) -> dict:
    """The fields that a token is made of, from a row of the export."""
    columns = [row.get(name) or "" for name in ("product_ids", "product_names", "categories", "prices", "quantities")]
    products = []
    if any(columns):
        split = [text.split("|") for text in columns]
        lines = max(len(part) for part in split)
        split = [part + [""] * (lines - len(part)) for part in split]
        products = [(i, n, c, _number(p), _number(q)) for i, n, c, p, q in zip(*split)]
    return {
        "timeMs": time_ms, "kind": row["kind"], "channel": row["channel"], "device": row["device"], "amount": _number(row["amount"]),
        "discount": _number(row["discount"]), "coupon": row["coupon"], "products": products,
    }


class _Builder:
    def __init__(self):
        self.events: List[Tuple[int, int, list]] = []
        self.orders: List[Tuple[int, int, float, str]] = []
        self.traits: List[Tuple[int, str, str]] = []

    def add(self, time: int, sequence: int, row: Dict[str, str]) -> None:
        if row["traits"]:
            for part in row["traits"].split("|"):
                name, _, value = part.partition("=")
                self.traits.append((time, name, value))
        if row["kind"] in NOT_BEHAVIOUR:
            return
        event = event_of_row(time, row)
        self.events.append((clamp_time(time), sequence, token_row(event)))
        if row["kind"] == "OrderCompleted":
            category = event["products"][0][2] if event["products"] else ""
            self.orders.append((time, sequence, event["amount"] or 0.0, category))

    def build(self, customer_id: str) -> History:
        self.events.sort(key=lambda e: e[:2])
        self.orders.sort(key=lambda o: o[:2])
        self.traits.sort(key=lambda t: t[0])
        times = np.array([e[0] for e in self.events], np.int64)
        rows = add_gaps(np.array([e[2] for e in self.events], np.float64).reshape(-1, len(COLUMNS)), times)
        return History(
            customer_id, times, rows.astype(np.float32), np.array([o[0] for o in self.orders], np.int64),
            np.array([o[2] for o in self.orders], np.float64), [o[3] for o in self.orders], self.traits)


def _rows(path: str) -> Iterator[Tuple[int, Dict[str, str]]]:
    """Rows with the number of the line on which each ends."""
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        try:
            missing = [name for name in _REQUIRED if name not in (reader.fieldnames or ())]
            if missing:
                raise ValueError(f"{path} has no column {missing[0]}: it is not what `export events` writes")
            for row in reader:
                yield reader.line_num, row
        except csv.Error as e:
            raise ValueError(f"{path}, line {reader.line_num}: {e}") from e


def _number(text: str) -> Optional[float]:
    return float(text) if text else None
