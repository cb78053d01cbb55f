"""A made-up table of reviews: what they say follows from their stars."""

import csv
import gzip
import io
import random
from pathlib import Path
from typing import Callable, Dict

from . import ROOT  # noqa: F401

_GOOD = ["love", "perfect", "soft", "lovely", "great", "flattering"]
_BAD = ["itchy", "returned", "cheap", "shrank", "awful", "scratchy"]
_NEUTRAL = ["dress", "fabric", "size", "color", "waist", "sleeve", "the", "and", "bought", "this"]
TEXTS = "Title,Body"
LABELS = "Recommended,Stars,Kind"


def write_reviews(path: str, count: int = 240, change: Callable[[Dict], Dict] = lambda row: row) -> str:
    """Writes the table and returns its path; `change` may alter a row."""
    source, out = random.Random(4), io.StringIO()
    writer = csv.DictWriter(out, ["", "Age", "Title", "Body", "Stars", "Recommended", "Kind"], lineterminator="\n")
    writer.writeheader()
    for number in range(count):
        stars = source.randint(1, 5)
        mood = [source.choice(_GOOD if source.random() < stars / 5 else _BAD) for _ in range(4)]
        kind = source.choice(["tops", "shoes"])
        body = mood[1:] + [source.choice(_NEUTRAL) for _ in range(8)] + [kind]
        source.shuffle(body)
        row = {
            "": number, "Age": source.choice(["", "23", "39", "40", "61"]), "Title": mood[0] if number % 5 else "",
            "Body": " ".join(body) if number % 20 else "", "Stars": stars, "Recommended": int(stars > 3), "Kind": kind if number % 30 else ""}
        writer.writerow(change(row))
    data = out.getvalue().encode("utf-8")
    Path(path).write_bytes(gzip.compress(data) if str(path).endswith(".gz") else data)
    return str(path)
