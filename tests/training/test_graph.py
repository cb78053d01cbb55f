import os
import tempfile
import unittest

import numpy as np
import onnx
import torch

from . import ROOT  # noqa: F401
from segmentation_training.dataset import tokens
from segmentation_training.networks.sequence_model import ENCODERS, HeadSettings, ModelSettings, SequenceModel
from segmentation_training.serving.graph import OUTPUTS, build_graph
from segmentation_training.serving.precision import to_precision
from segmentation_training.serving.runtime import RuntimeMissing, find_runtime, run_graph

_HIGHEST = (21, 16, 24, 7, 9, 6, 256, 1024, 7, 5, 2)


def _rows(random, customers, events):
    rows = np.stack([random.integers(0, h, (customers, events)) for h in _HIGHEST], axis=2).astype(np.float32)
    rows[:, :, [tokens.GAP, tokens.AMOUNT]] += random.random((customers, events, 2))
    return rows


class GraphTests(unittest.TestCase):
    """Graphs run in ONNX Runtime, against the network that they were made from."""

    @classmethod
    def setUpClass(cls):
        cls.missing = ""
        cls.folder = tempfile.TemporaryDirectory()
        cls.random = np.random.default_rng(5)
        cls.features = (cls.random.standard_normal((6, 110)) * 10 ** cls.random.uniform(0, 5, (6, 110))).astype(np.float32)
        cls.networks, cls.graphs, cls.paths = {}, {}, {}
        heads = [HeadSettings("value", ["none", "lower", "higher"], 90), HeadSettings("churn", ["stays", "churns"], 90)]
        for encoder in ENCODERS:
            torch.manual_seed(1)
            network = SequenceModel(ModelSettings(encoder=encoder, width=32, hidden=40, window=8, heads=heads)).eval()
            network.encoding.fit(cls.features)
            cls.networks[encoder], cls.graphs[encoder] = network, build_graph(network)
            cls.paths[encoder] = os.path.join(cls.folder.name, f"{encoder}.onnx")
            onnx.save(cls.graphs[encoder], cls.paths[encoder])
        try:
            find_runtime()
        except RuntimeMissing as e:
            if os.environ.get("CI") == "true":
                raise
            cls.missing = str(e)

    def setUp(self):
        if self.missing:
            self.skipTest(self.missing)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def _inputs(self, encoder, lengths, events=9):
        lengths = np.array(lengths, np.int64)
        count = len(lengths)
        return {
            "events": _rows(self.random, count, events), "lengths": lengths,
            "state": np.zeros((count, self.networks[encoder].state_size), np.float32), "features": self.features[:count]}

    def _assert_close(self, expected, found, tolerance=1e-4):
        for name in OUTPUTS:
            np.testing.assert_allclose(found[name], expected[name], rtol=0, atol=tolerance, err_msg=name)

    def test_the_graph_says_what_the_network_says(self):
        for encoder in ENCODERS:
            with self.subTest(encoder):
                inputs = self._inputs(encoder, [0, 1, 5, 9, 9, 2])
                with torch.no_grad():
                    outputs = self.networks[encoder](*(torch.from_numpy(v) for v in inputs.values()))
                self._assert_close({n: o.numpy() for n, o in zip(OUTPUTS, outputs)}, run_graph(self.paths[encoder], inputs))

    def test_all_events_at_once_equal_one_after_the_other(self):
        for encoder in ENCODERS:
            with self.subTest(encoder):
                inputs = self._inputs(encoder, [6, 6, 6], events=6)
                step = dict(inputs, lengths=np.ones(3, np.int64))
                for i in range(6):
                    step["events"] = np.ascontiguousarray(inputs["events"][:, i:i + 1])
                    found = run_graph(self.paths[encoder], step)
                    step["state"] = found["state_out"]
                self._assert_close(run_graph(self.paths[encoder], inputs), found)

    def test_padding_never_leaks(self):
        for encoder in ENCODERS:
            with self.subTest(encoder):
                inputs = self._inputs(encoder, [0, 3, 5], events=9)
                other = dict(inputs, events=inputs["events"].copy())
                for i, length in enumerate(inputs["lengths"]):
                    other["events"][i, length:] = 1e6
                self._assert_close(run_graph(self.paths[encoder], inputs), run_graph(self.paths[encoder], other), tolerance=0)

    def test_no_events_leave_the_state_as_it_is(self):
        for encoder in ENCODERS:
            with self.subTest(encoder):
                before = run_graph(self.paths[encoder], self._inputs(encoder, [4, 4]))["state_out"]
                after = run_graph(self.paths[encoder], {**self._inputs(encoder, [0, 0]), "state": before})["state_out"]
                np.testing.assert_array_equal(before, after)

    def test_features_do_not_touch_state_and_embedding(self):
        inputs = self._inputs("gru", [4, 4])
        found, other = (run_graph(self.paths["gru"], dict(inputs, features=f)) for f in (inputs["features"], inputs["features"] * 3))
        np.testing.assert_array_equal(found["embedding"], other["embedding"])
        np.testing.assert_allclose(1, np.linalg.norm(found["embedding"], axis=1), atol=1e-5)
        np.testing.assert_allclose(2, found["probabilities"].sum(1), atol=1e-5)

    def test_smaller_precisions_stay_near_and_are_smaller(self):
        for encoder in ENCODERS:
            inputs = self._inputs(encoder, [0, 1, 5, 9, 9, 2])
            expected = run_graph(self.paths[encoder], inputs)
            for precision, tolerance, share in (("float16", 0.005, 0.7), ("int8", 0.05, 0.55)):
                with self.subTest(f"{encoder} {precision}"):
                    path = os.path.join(self.folder.name, f"{encoder}-{precision}.onnx")
                    onnx.save(to_precision(self.graphs[encoder], precision), path)
                    self._assert_close(expected, run_graph(path, inputs), tolerance)
                    self.assertLess(os.path.getsize(path), share * os.path.getsize(self.paths[encoder]))

    def test_hidden_names_do_not_matter_to_a_model_without_them(self):
        network = SequenceModel(ModelSettings(width=16, hidden=16, product_dropout=1, category_dropout=1, heads=self.networks["gru"].settings.heads)).eval()
        rows = torch.from_numpy(_rows(self.random, 2, 4))
        other = rows.clone()
        other[:, :, [tokens.PRODUCT, tokens.CATEGORY]] = 7
        run = lambda r: network(r, torch.tensor([4, 4]), torch.zeros(2, 16), torch.from_numpy(self.features[:2]))[1]
        self.assertTrue(torch.equal(run(rows), run(other)))
