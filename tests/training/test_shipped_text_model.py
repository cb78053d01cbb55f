import hashlib
import json
import os
import unittest

import numpy as np
import onnx

from . import ROOT
from segmentation_training.serving.runtime import RuntimeMissing, find_runtime, run_graph
from segmentation_training.text.batches import pad
from segmentation_training.text.graph import INPUTS, OUTPUT
from segmentation_training.text.word_pieces import Vocabulary, WordPieceTokenizer

_TRAINING = ROOT / "src" / "training"
_MODELS = _TRAINING / "models"


class ShippedTextModelTests(unittest.TestCase):
    """The text encoder that is shipped; the service's tests check what it computes as well."""

    @classmethod
    def setUpClass(cls):
        cls.manifest = json.loads((_MODELS / "text.json").read_text("utf-8"))
        cls.vocabulary = Vocabulary.read(str(_MODELS / cls.manifest["vocabulary"]))

    def test_the_manifest_names_these_files(self):
        for file, digest in (("file", "sha256"), ("vocabulary", "vocabularySha256")):
            self.assertEqual(hashlib.sha256((_MODELS / self.manifest[file]).read_bytes()).hexdigest(), self.manifest[digest])
        self.assertEqual(("text", "CC0"), (self.manifest["kind"], self.manifest["data"]["licence"]))
        self.assertIn("text train", self.manifest["training"]["command"])

    def test_the_graph_has_the_shapes_of_the_manifest_and_a_row_for_every_piece(self):
        graph = onnx.load(str(_MODELS / self.manifest["file"])).graph
        shapes = {v.name: [d.dim_value or d.dim_param for d in v.type.tensor_type.shape.dim] for v in [*graph.input, *graph.output]}
        self.assertEqual({INPUTS[0]: ["B", "T"], INPUTS[1]: ["B", "T"], OUTPUT: ["B", self.manifest["embeddingSize"]]}, shapes)
        rows = {w.dims[0] for w in graph.initializer if any(n.op_type == "Gather" and list(n.input) == [w.name, "input_ids"] for n in graph.node)}
        self.assertEqual({len(self.vocabulary)}, rows)

    def test_models_together_are_small(self):
        self.assertLess(sum(f.stat().st_size for f in _MODELS.iterdir()), 4 << 20)
        self.assertLessEqual(self.manifest["embeddingSize"], 64)

    def test_golden_texts_get_the_embeddings_of_the_network(self):
        try:
            find_runtime()
        except RuntimeMissing as e:
            if os.environ.get("CI") == "true":
                raise
            self.skipTest(str(e))
        golden = json.loads((_TRAINING / "golden" / "text-embeddings.json").read_text("utf-8"))
        tokenizer = WordPieceTokenizer(self.vocabulary, self.manifest["lowerCase"], self.manifest["maxTokens"])
        ids, mask = pad([tokenizer.tokenize(entry["text"]) for entry in golden], self.vocabulary.padding)
        found = run_graph(str(_MODELS / self.manifest["file"]), dict(zip(INPUTS, (ids.numpy(), mask.numpy()))))[OUTPUT]
        np.testing.assert_allclose(found, [entry["embedding"] for entry in golden], rtol=0, atol=1e-4)
