import contextlib
import hashlib
import io
import json
import os
import tempfile
import unittest
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from . import tiny_shop
from segmentation_training.commands import main
from segmentation_training.dataset.features import current_schema
from segmentation_training.evaluation.comparison import to_json
from segmentation_training.learning.training import load

_SMALL = "--horizons 30 --pretrain-epochs 1 --epochs 3 --width 8 --hidden 8 --embedding 4 --bins 4 --members 3 --categories 2".split()


def _run(*arguments):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([str(a) for a in arguments])
    return code, out.getvalue(), err.getvalue()


class CommandTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.path = Path(cls.temporary.name)
        cls.folder = str(cls.path / "shop")
        tiny_shop.write_shop(cls.folder)
        cls.model = str(cls.path / "model.pt")
        cls.trained = _run("train", cls.folder, "--out", cls.model, *_SMALL)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_train_names_the_heads(self):
        code, out, err = self.trained
        self.assertEqual(0, code, err)
        self.assertIn("heads value, churn, category", out)

    def test_a_second_shop_can_begin_with_the_encoder_of_the_first(self):
        second = str(self.path / "second.pt")
        code, _, err = _run("train", self.folder, "--out", second, "--start-from", self.model, *_SMALL, "--pretrain-epochs", 0, "--seed", 9)
        self.assertEqual(0, code, err)
        first, second = (load(p).network.state_dict() for p in (self.model, second))
        for name in first:
            same = name.startswith(("encoder.", "to_embedding.", "encoding."))
            self.assertEqual(same, first[name].equal(second[name]), name)

    def test_several_shops_share_value_and_churn_by_their_shares(self):
        model = str(self.path / "both.pt")
        code, out, err = _run("train", self.folder, self.folder, "--shares", "3,1", "--out", model, *_SMALL)
        self.assertEqual(0, code, err)
        self.assertIn("heads value, churn\n", out)
        self.assertEqual(1, _run("train", self.folder, "--shares", "3,1", "--out", model, *_SMALL)[0])

    def test_export_writes_a_manifest_that_fits_the_graph(self):
        code, out, err = _run("export", self.model, "--out", self.path / "m", "--name", "tiny", "--evaluate-on", self.folder, "--made-by", "train …")
        self.assertEqual(0, code, err)
        manifest = json.loads((self.path / "m" / "tiny.json").read_text("utf-8"))
        self.assertEqual(hashlib.sha256((self.path / "m" / "tiny.onnx").read_bytes()).hexdigest(), manifest["sha256"])
        self.assertEqual(["value", "churn", "category"], [h["name"] for h in manifest["heads"]])
        self.assertEqual(["none", "lower", "higher"], manifest["heads"][0]["classes"])
        self.assertEqual((current_schema().hash, 110, 8, 4), tuple(manifest[k] for k in ("featureSchema", "featureColumns", "stateSize", "embeddingSize")))
        self.assertEqual({"value", "churn", "category"}, set(manifest["metrics"]))
        self.assertEqual("2024-05-01", manifest["data"]["to"])

    def test_embed_writes_a_row_for_every_customer_with_events_before_the_cut_off(self):
        out = self.path / "all.csv"
        code, _, err = _run("embed", self.model, self.folder, "--out", out)
        self.assertEqual(0, code, err)
        table = pd.read_csv(out, index_col="customer_id")
        self.assertEqual(len(pd.read_csv(f"{self.folder}/features/{tiny_shop.CUTOFF}.csv")), len(table))
        self.assertEqual(110 + 4 + 3 + 2 + 3, table.shape[1])
        np.testing.assert_allclose(1, table[["value_none", "value_lower", "value_higher"]].sum(axis=1), atol=1e-5)

    def test_embed_sees_nothing_after_the_cut_off(self):
        later = str(self.path / "later")
        changed = lambda row, time: row.get("amount") and str(time.date()) >= tiny_shop.CUTOFF
        tiny_shop.write_shop(later, change=lambda customer, time, row: {**row, "amount": "77777"} if changed(row, time) else row)
        tables = []
        for folder in (self.folder, later):
            out = self.path / "one.csv"
            self.assertEqual(0, _run("embed", self.model, folder, "--out", out)[0])
            tables.append(out.read_text("utf-8"))
        self.assertEqual(tables[0], tables[1])

    def test_embed_writes_the_columns_asked_for(self):
        out = self.path / "few.csv"
        self.assertEqual(0, _run("embed", self.model, self.folder, "--out", out, "--columns", "recencyDays,churn_churns,embedding", "--out-of-fold")[0])
        self.assertEqual(["customer_id", "recencyDays", "churn_churns", *(f"embedding_{i}" for i in range(4))], list(pd.read_csv(out).columns))

    def test_evaluate_puts_models_side_by_side(self):
        out = self.path / "results.md"
        code, _, err = _run("evaluate", self.folder, "--models", "class shares,logistic,gru", "--model", self.model, "--out", out, *_SMALL)
        self.assertEqual(0, code, err)
        found = json.loads(out.with_suffix(".json").read_text("utf-8"))
        self.assertEqual(["class shares", "logistic", "gru", "given"], list(found["value"]["models"]))
        given, same = found["value"]["models"]["given"], found["value"]["models"]["gru"]
        self.assertEqual(same["auc"], given["auc"])
        self.assertIn("| gru |", out.read_text("utf-8"))

    def test_a_checkpoint_that_would_run_something_is_refused_unread(self):
        class Trap:
            def __reduce__(self):
                return os.mkdir, (str(trap),)

        trap, path = self.path / "sprung", self.path / "trap.pt"
        torch.save({"described": Trap(), "weights": {}}, path)
        code, _, err = _run("embed", path, self.folder, "--out", self.path / "none.csv")
        self.assertEqual((1, 1), (code, err.count("\n")), err)
        self.assertIn("is not a checkpoint of train", err)
        self.assertFalse(trap.exists())

    def test_a_number_that_is_none_is_null_in_the_report(self):
        self.assertEqual({"a": [None, 1.5], "b": {"c": "x"}}, json.loads(to_json({"a": (float("nan"), 1.5), "b": {"c": "x"}})))

    def test_a_failure_is_one_line_and_code_1(self):
        code, _, err = _run("train", self.path / "nowhere", "--out", self.model + "2")
        self.assertEqual(1, code)
        self.assertEqual(1, err.count("\n"))
        self.assertFalse(os.path.exists(self.model + "2"))
