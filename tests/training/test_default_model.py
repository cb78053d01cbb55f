import hashlib
import json
import unittest

import onnx

from . import ROOT
from segmentation_training.dataset.features import current_schema
from segmentation_training.dataset.tokens import TOKENS_VERSION
from segmentation_training.serving.graph import INPUTS, OUTPUTS

_MODELS = ROOT / "src" / "training" / "models"


class DefaultModelTests(unittest.TestCase):
    """The model that is shipped fits this version of the service. What it computes is tested with the graphs and in the service."""

    @classmethod
    def setUpClass(cls):
        cls.manifest = json.loads((_MODELS / "default.json").read_text("utf-8"))
        cls.bytes = (_MODELS / cls.manifest["file"]).read_bytes()
        cls.graph = onnx.load_from_string(cls.bytes).graph

    def test_the_manifest_names_this_file_and_this_schema(self):
        self.assertEqual(hashlib.sha256(self.bytes).hexdigest(), self.manifest["sha256"])
        self.assertEqual((current_schema().hash, TOKENS_VERSION), (self.manifest["featureSchema"], self.manifest["tokens"]))
        self.assertIn("CC BY 4.0", self.manifest["data"]["licence"])

    def test_the_graph_has_the_shapes_of_the_manifest(self):
        shapes = {v.name: [d.dim_value or d.dim_param for d in v.type.tensor_type.shape.dim] for v in [*self.graph.input, *self.graph.output]}
        self.assertEqual({*INPUTS, *OUTPUTS}, set(shapes))
        self.assertEqual(["B", "T", 11], shapes["events"])
        self.assertEqual(["B", self.manifest["stateSize"]], shapes["state"])
        self.assertEqual(["B", self.manifest["featureColumns"]], shapes["features"])
        self.assertEqual(["B", self.manifest["embeddingSize"]], shapes["embedding"])

    def test_it_is_small(self):
        self.assertLess(len(self.bytes), 4 << 20)
        self.assertLessEqual(self.manifest["stateSize"], 128)
