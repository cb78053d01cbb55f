import json
import unittest

import numpy as np

from . import ROOT
from segmentation_training.dataset.hashing import stable_hash, stable_hash_32
from segmentation_training.dataset.tokens import NOT_BEHAVIOUR, add_gaps, clamp_time, token_row

GOLDEN = ROOT / "src" / "training" / "golden"


class GoldenTests(unittest.TestCase):
    """The service's tests check the same files."""

    def test_hashes_are_those_of_the_service(self):
        for entry in json.loads((GOLDEN / "hashes.json").read_text("utf-8")):
            self.assertEqual(entry["hash64"], f"{stable_hash(entry['text']):016x}")
            self.assertEqual(entry["hash32"], stable_hash_32(entry["text"]))

    def test_tokens_are_those_of_the_service(self):
        golden = json.loads((GOLDEN / "tokens.json").read_text("utf-8"))
        events = [e for e in golden["events"] if e["kind"] not in NOT_BEHAVIOUR]
        events.sort(key=lambda e: (e["timeMs"], e["sequence"]))
        for e in events:
            e["products"] = [(p["productId"] or "", p["name"] or "", p["category"] or "", p["price"], p["quantity"]) for p in e["products"]]
        rows = add_gaps(np.array([token_row(e) for e in events]), np.array([clamp_time(e["timeMs"]) for e in events]))
        np.testing.assert_allclose(rows, golden["rows"], rtol=0, atol=1e-5)
