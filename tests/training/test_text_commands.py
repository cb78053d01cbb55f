import contextlib
import hashlib
import io
import json
import os
import tempfile
import unittest
from pathlib import Path

import pandas as pd

from . import tiny_reviews
from segmentation_training.commands import main
from segmentation_training.dataset.split import in_test
from segmentation_training.serving.runtime import RuntimeMissing, find_runtime
from segmentation_training.text.word_pieces import Vocabulary

_SMALL = (
    "--vocabulary 220 --width 8 --pairs 97 --pair-width 2 --embedding 4 --max-tokens 24 --teachers 1 --joined 1 --epochs 2 --folds 3 --batch 16").split()
_READ = ["--texts", tiny_reviews.TEXTS]


def _run(*arguments):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["text", *(str(a) for a in arguments)])
    return code, out.getvalue(), err.getvalue()


class TextCommandTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.path = Path(cls.temporary.name)
        cls.table = tiny_reviews.write_reviews(cls.path / "reviews.csv.gz")
        cls.model = str(cls.path / "text.pt")
        cls.trained = _run("train", cls.table, *_READ, "--labels", tiny_reviews.LABELS, "--weights", "1,1,0.5", "--licence", "CC0", "--out", cls.model, *_SMALL)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_train_tells_what_it_made(self):
        code, out, err = self.trained
        self.assertEqual(0, code, err)
        self.assertRegex(out, r"text.pt: \d+ word pieces, embedding 4, [12] passes")
        self.assertIn("teacher 1 without fold 2", err)

    def test_export_writes_what_the_service_reads(self):
        golden = self.path / "golden.json"
        golden.write_text(json.dumps([{"text": "love it"}, {"text": "ça"}]), "utf-8")
        code, out, err = _run(
            "export", self.model, "--out", self.path / "m", "--name", "tiny", "--version", "7", "--evaluate-on", self.table, "--made-by", "text train …",
            "--golden", golden)
        self.assertEqual(0, code, err)
        manifest = json.loads((self.path / "m" / "tiny.json").read_text("utf-8"))
        for file, digest in (("file", "sha256"), ("vocabulary", "vocabularySha256")):
            self.assertEqual(hashlib.sha256((self.path / "m" / manifest[file]).read_bytes()).hexdigest(), manifest[digest])
        self.assertEqual(("text", 24, True, 4, "7"), tuple(manifest[k] for k in ("kind", "maxTokens", "lowerCase", "embeddingSize", "version")))
        self.assertEqual({"Recommended", "Stars", "Kind"}, set(manifest["metrics"]))
        self.assertEqual(("CC0", "reviews.csv.gz", "text train …"), (manifest["data"]["licence"], manifest["data"]["name"], manifest["training"]["command"]))
        self.assertLessEqual(len(Vocabulary.read(str(self.path / "m" / manifest["vocabulary"]))), 220)
        entries = json.loads(golden.read_text("utf-8"))
        self.assertEqual(["ça", 4], [entries[1]["text"], len(entries[1]["embedding"])])

    def test_export_checks_every_precision_in_the_runtime(self):
        try:
            find_runtime()
        except RuntimeMissing as e:
            if os.environ.get("CI") == "true":
                raise
            self.skipTest(str(e))
        for precision in ("float32", "float16", "int8"):
            code, out, err = _run("export", self.model, "--out", self.path / precision, "--precision", precision, "--evaluate-on", self.table, "--check")
            self.assertEqual(0, code, err)
            self.assertIn("differs from the network by at most", out)
            self.assertIn("Recommended: AUC", out)

    def test_embed_writes_a_row_for_every_text(self):
        out = self.path / "embeddings.csv"
        code, _, err = _run("embed", self.model, self.table, "--out", out)
        self.assertEqual(0, code, err)
        table = pd.read_csv(out)
        self.assertEqual(["row", *(f"text_{i}" for i in range(4))], list(table.columns))
        self.assertEqual(240, len(table))
        # Rows without a text have the same embedding as one another.
        self.assertEqual(1, len(table[table.row.isin([0, 20])].drop(columns="row").drop_duplicates()))

    def test_embed_reads_the_text_columns_alone(self):
        other = tiny_reviews.write_reviews(self.path / "other.csv", change=lambda row: {**row, "Stars": 1, "Recommended": 0, "Kind": "", "Age": "99"})
        tables = []
        for source in (self.table, other):
            self.assertEqual(0, _run("embed", self.model, source, "--out", self.path / "one.csv")[0])
            tables.append((self.path / "one.csv").read_text("utf-8"))
        self.assertEqual(tables[0], tables[1])

    def test_evaluate_puts_models_side_by_side_on_the_test_part(self):
        out = self.path / "results.md"
        code, _, err = _run("evaluate", self.table, *_READ, "--model", self.model, "--groups", "Age", "--bands", "50", "--out", out)
        self.assertEqual(0, code, err)
        found = json.loads(out.with_suffix(".json").read_text("utf-8"))
        self.assertEqual(["Recommended", "Stars", "Kind"], list(found))
        models = found["Recommended"]["models"]
        self.assertEqual(
            ["class shares", "TF-IDF of words and pairs + logistic", "text encoder + k-means + logistic", "text encoder + logistic"], list(models))
        tested = sum(in_test(str(i)) for i in range(240))
        for values in models.values():
            self.assertEqual(tested, sum(c["count"] for c in values["perClass"]))
            self.assertLessEqual({g["group"] for g in values["fairness"]["Age"]}, {"to 50", "over 50"})
        self.assertIn("by group of people", out.read_text("utf-8"))

    def test_evaluate_without_a_model_judges_settings_by_cross_validation(self):
        code, out, err = _run("evaluate", self.table, *_READ, "--labels", "Recommended", "--only-folds", "0,2", *_SMALL)
        self.assertEqual(0, code, err)
        self.assertIn(f"2 of 3 folds of the {sum(not in_test(str(i)) for i in range(240))} training rows", out)
        self.assertRegex(out, r"Recommended: 0\.\d{4} \(0\.\d{4}, 0\.\d{4}\)")

    def test_a_failure_is_one_line_and_code_1(self):
        for arguments, message in (
                (["train", self.path / "nowhere.csv", *_READ, "--labels", "Stars"], "nowhere.csv"),
                (["train", self.table, "--labels", "Stars"], "--texts"),
                (["train", self.table, "--texts", "Review", "--labels", "Stars"], "no column 'Review'"),
                (["train", self.table, *_READ, "--labels", "Rating"], "no column 'Rating'"),
                (["train", self.table, *_READ], "nothing to learn from"),
                (["train", self.table, *_READ, "--labels", "Stars", "--folds", "1"], "at least 2 --folds"),
                (["train", self.table, *_READ, "--labels", "Stars", "--weights", "1,2"], "2 weights for 1 labels"),
                (["train", self.table, *_READ, "--labels", "Stars", "--vocabulary", "50"], "too small"),
                (["embed", self.table, self.table, "--out", self.path / "x.csv"], "is not a checkpoint"),
                (["evaluate", self.table, *_READ], "--labels"),
                (["evaluate", self.table, *_READ, "--labels", "Stars", "--only-folds", "7"], "--only-folds"),
                (["train", self.table, *_READ, "--labels", "Stars", "--teachers", "0", "--warm-up", "1", "--learning-rate", "1e30"], "held-out loss is nan"),
                (["manifest", "--graph", self.table, "--vocabulary", self.table, "--name", "x"], "not UTF-8")):
            with self.subTest(arguments[:1], message=message):
                code, _, err = _run(*arguments, *(["--out", self.path / "none.pt"] if arguments[0] == "train" else []))
                self.assertEqual(1, code)
                self.assertIn(message, err)
                self.assertEqual(1, err.strip().count("segmentation_training:"), err)
                self.assertFalse((self.path / "none.pt").exists())
