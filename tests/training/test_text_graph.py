import os
import tempfile
import unittest

import numpy as np
import onnx
import torch

from . import ROOT  # noqa: F401
from segmentation_training.serving.precision import to_precision
from segmentation_training.serving.runtime import RuntimeMissing, find_runtime, run_graph
from segmentation_training.text.batches import pad
from segmentation_training.text.graph import INPUTS, OUTPUT, build_graph
from segmentation_training.text.network import TextNetwork
from segmentation_training.text.settings import TextShape

_SHAPES = {
    "bags and pairs": TextShape(width=32, pairs=101, pair_width=4, embedding=6, max_tokens=20),
    "self-attention": TextShape(width=32, layers=2, pairs=101, pair_width=4, embedding=6, max_tokens=20),
    "no pairs": TextShape(width=32, layers=1, pairs=0, embedding=6, max_tokens=20),
}
_PIECES = 300


class TextGraphTests(unittest.TestCase):
    """Graphs run in ONNX Runtime, against the network that they were made from."""

    @classmethod
    def setUpClass(cls):
        cls.missing = ""
        cls.folder = tempfile.TemporaryDirectory()
        random = np.random.default_rng(2)
        texts = [[2, *random.integers(4, _PIECES, n), 3] for n in (0, 1, 5, 18, 18, 2)]
        cls.ids, cls.mask = pad(texts, 0)
        cls.networks, cls.graphs, cls.paths = {}, {}, {}
        for name, shape in _SHAPES.items():
            torch.manual_seed(1)
            cls.networks[name] = TextNetwork(shape, _PIECES).eval()
            cls.graphs[name] = build_graph(cls.networks[name])
            cls.paths[name] = os.path.join(cls.folder.name, f"{name}.onnx")
            onnx.save(cls.graphs[name], cls.paths[name])
        try:
            find_runtime()
        except RuntimeMissing as e:
            if os.environ.get("CI") == "true":
                raise
            cls.missing = str(e)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        if self.missing:
            self.skipTest(self.missing)

    def _run(self, path, ids, mask):
        return run_graph(path, dict(zip(INPUTS, (ids.numpy(), mask.numpy()))))[OUTPUT]

    def _expected(self, name):
        with torch.no_grad():
            return self.networks[name](self.ids, self.mask).numpy()

    def test_the_graph_says_what_the_network_says(self):
        for name, path in self.paths.items():
            with self.subTest(name):
                np.testing.assert_allclose(self._run(path, self.ids, self.mask), self._expected(name), rtol=0, atol=1e-5)

    def test_padding_of_any_length_and_content_does_not_leak(self):
        wider = torch.randint(0, _PIECES, (len(self.ids), 30))
        wider[:, :self.ids.shape[1]] = torch.where(self.mask.bool(), self.ids, wider[:, :self.ids.shape[1]])
        mask = torch.cat([self.mask, torch.zeros(len(self.ids), 30 - self.mask.shape[1], dtype=torch.int64)], dim=1)
        for name, path in self.paths.items():
            with self.subTest(name):
                np.testing.assert_allclose(self._run(path, wider, mask), self._expected(name), rtol=0, atol=1e-5)

    def test_smaller_precisions_are_smaller_and_near(self):
        for name, graph in self.graphs.items():
            for precision, tolerance in (("float16", 5e-3), ("int8", 0.15)):
                with self.subTest(name, precision=precision):
                    path = os.path.join(self.folder.name, "small.onnx")
                    onnx.save(to_precision(graph, precision), path)
                    self.assertLess(os.path.getsize(path), 0.75 * os.path.getsize(self.paths[name]))
                    expected = self._expected(name)
                    difference = np.abs(self._run(path, self.ids, self.mask) - expected).max() / np.abs(expected).max()
                    self.assertLess(difference, tolerance)
