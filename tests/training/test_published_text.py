import contextlib
import hashlib
import io
import json
import os
import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from . import ROOT  # noqa: F401
from segmentation_training.commands import main
from segmentation_training.serving.runtime import RuntimeMissing, find_runtime

_PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "good", "bad", "##ly"]
_NAMES = ("input_ids", "attention_mask", "token_type_ids")


def write_graph(path, inputs=_NAMES, output="last_hidden_state", size=3, rows=len(_PIECES), element=TensorProto.INT64, shape=("B", "T"), heeds_mask=True):
    """A made-up encoder: each piece's row of a table, plus the type's number; when it does not heed the mask, plus the number of places."""
    table = np.arange(rows * (size or 3), dtype=np.float32).reshape(rows, -1) / 10
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["states"])]
    last = "states"
    if "token_type_ids" in inputs:
        nodes += [
            helper.make_node("Cast", ["token_type_ids"], ["types"], to=TensorProto.FLOAT), helper.make_node("Unsqueeze", ["types", "two"], ["types3"]),
            helper.make_node("Add", ["states", "types3"], ["typed"])]
        last = "typed"
    if not heeds_mask:
        nodes += [
            helper.make_node("Shape", ["input_ids"], ["dims"]), helper.make_node("Cast", ["dims"], ["dimsf"], to=TensorProto.FLOAT),
            helper.make_node("Gather", ["dimsf", "one"], ["length"]), helper.make_node("Add", [last, "length"], ["shifted"])]
        last = "shifted"
    nodes.append(helper.make_node("Identity", [last], [output]))
    graph = helper.make_graph(
        nodes, "made up", [helper.make_tensor_value_info(n, element, list(shape)) for n in inputs],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["B", "T", size or "E"])],
        [numpy_helper.from_array(table, "table"), numpy_helper.from_array(np.array([2], np.int64), "two"), numpy_helper.from_array(np.array(1, np.int64), "one")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)])
    model.ir_version = 8
    onnx.save(model, str(path))


class PublishedTextTests(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.path = Path(temporary.name)
        self.words = self.path / "vocab.txt"
        self.words.write_text("\n".join(_PIECES) + "\n", "utf-8")
        self.graph = self.path / "model.onnx"

    def _run(self, *options, graph=None, words=None):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main([
                "text", "manifest", "--graph", str(graph or self.graph), "--vocabulary", str(words or self.words), "--name", "published",
                *(str(o) for o in options)])
        return code, out.getvalue(), err.getvalue()

    def test_a_graph_and_its_vocabulary_get_a_manifest(self):
        write_graph(self.graph)
        code, out, err = self._run("--version", "3", "--max-tokens", "64", "--cased", "--licence", "CC0", "--data", "made up")
        self.assertEqual(0, code, err)
        manifest = json.loads((self.path / "published.json").read_text("utf-8"))
        self.assertEqual(
            {"manifest": 1, "name": "published", "version": "3", "kind": "text", "file": "model.onnx", "precision": "float32", "vocabulary": "vocab.txt",
             "maxTokens": 64, "lowerCase": False, "embeddingSize": 3},
            {k: v for k, v in manifest.items() if "256" not in k and k not in ("metrics", "data", "training")})
        self.assertEqual(hashlib.sha256(self.graph.read_bytes()).hexdigest(), manifest["sha256"])
        self.assertEqual(hashlib.sha256(self.words.read_bytes()).hexdigest(), manifest["vocabularySha256"])
        self.assertEqual({"name": "made up", "licence": "CC0"}, manifest["data"])

    def test_token_types_may_be_missing(self):
        write_graph(self.graph, inputs=("input_ids", "attention_mask"))
        self.assertEqual(0, self._run()[0])

    def test_what_does_not_fit_is_refused_by_name_and_writes_nothing(self):
        for options, message in (
                ({"inputs": ("input_ids",)}, "has no input attention_mask"),
                ({"inputs": (*_NAMES, "position_ids")}, "wants an input position_ids"),
                ({"element": TensorProto.INT32}, "input input_ids is INT32 [B, T], not INT64"),
                ({"shape": (1, 128)}, "fixed shape INT64 [1, 128]"),
                ({"output": "logits"}, "neither an output embedding nor last_hidden_state: logits"),
                ({"output": "embedding"}, "output embedding is FLOAT [B, T, 3], not FLOAT with two"),
                ({"size": 0}, "the last dimension of output last_hidden_state is not fixed"),
                ({"rows": 6}, "has 7 pieces, the graph's table 6 rows")):
            with self.subTest(message):
                write_graph(self.graph, **options)
                code, _, err = self._run()
                self.assertEqual(1, code)
                self.assertIn(message, err)
                self.assertFalse((self.path / "published.json").exists())

    def test_bad_files_are_refused(self):
        write_graph(self.graph)
        (self.path / "bad.onnx").write_bytes(b"not a graph at all")
        (self.path / "few.txt").write_text("good\nbad\n", "utf-8")
        (self.path / "latin.txt").write_bytes("[PAD]\ncafé\n".encode("latin-1"))
        (self.path / "elsewhere").mkdir()
        (self.path / "elsewhere" / "vocab.txt").write_bytes(self.words.read_bytes())
        for given, message in (
                ({"graph": self.path / "bad.onnx"}, "is not an ONNX file"), ({"graph": self.path / "none.onnx"}, "none.onnx"),
                ({"words": self.path / "none.txt"}, "none.txt"), ({"words": self.path / "few.txt"}, "lacks [PAD], [UNK], [CLS], [SEP]"),
                ({"words": self.path / "latin.txt"}, "not UTF-8"), ({"words": self.path / "elsewhere" / "vocab.txt"}, "must lie in one folder")):
            with self.subTest(message):
                code, _, err = self._run(**given)
                self.assertEqual(1, code)
                self.assertIn(message, err)
        self.assertIn("between 3 and 8192", self._run("--max-tokens", "2")[2])

    def test_weights_in_another_file_are_refused(self):
        write_graph(self.graph)
        onnx.save_model(onnx.load(str(self.graph)), str(self.graph), save_as_external_data=True, location="weights.bin", size_threshold=0)
        self.assertIn("keeps weights in other files", self._run()[2])

    def test_check_runs_the_graph_and_finds_one_that_does_not_heed_the_mask(self):
        try:
            find_runtime()
        except RuntimeMissing as e:
            if os.environ.get("CI") == "true":
                raise
            self.skipTest(str(e))
        write_graph(self.graph)
        code, out, err = self._run("--max-tokens", "16", "--check")
        self.assertEqual(0, code, err)
        self.assertIn("16 pieces run", out)
        write_graph(self.graph, heeds_mask=False)
        code, _, err = self._run("--max-tokens", "16", "--check")
        self.assertEqual(1, code)
        self.assertIn("does not heed attention_mask", err)
