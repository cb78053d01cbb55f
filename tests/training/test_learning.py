import unittest

import numpy as np
import torch

from . import ROOT  # noqa: F401
from segmentation_training.dataset.tokens import GAP
from segmentation_training.learning.baselines import BASELINES
from segmentation_training.learning.contrastive import contrastive_loss, pretrain, random_slices
from segmentation_training.learning.losses import class_weights, head_loss
from segmentation_training.learning.repeatable import make_repeatable, warm_up_then_cosine
from segmentation_training.learning.settings import TrainingSettings
from segmentation_training.learning.batches import embed_all
from segmentation_training.networks.scaling import FeatureEncoding, FeatureScaler
from segmentation_training.networks.sequence_model import ENCODERS, HeadSettings, ModelSettings, SequenceModel


class LearningTests(unittest.TestCase):
    def test_slices_are_contiguous_and_begin_with_no_gap(self):
        rows = np.zeros((20, 11), np.float32)
        rows[:, 0], rows[:, GAP] = np.arange(20), 5
        for piece in random_slices(rows, 50, 8, np.random.default_rng(1)):
            self.assertTrue(6 <= len(piece) <= 8)
            self.assertTrue((np.diff(piece[:, 0]) == 1).all())
            self.assertEqual(0, piece[0, GAP])
            self.assertTrue((piece[1:, GAP] == 5).all())

    def test_the_contrastive_loss_falls_when_customers_come_apart(self):
        owners = torch.tensor([0, 0, 1, 1])
        apart = torch.tensor([[1.0, 0], [1, 0], [0, 1], [0, 1]])
        self.assertLess(float(contrastive_loss(apart, owners, 0.5)), 1e-6)
        self.assertGreater(float(contrastive_loss(torch.ones(4, 2) / 2 ** 0.5, owners, 0.5)), 0.2)
        self.assertGreater(float(contrastive_loss(apart, torch.tensor([0, 1, 0, 1]), 0.5)), 1.5)

    def test_every_encoder_learns_to_tell_customers_apart(self):
        random = np.random.default_rng(2)
        histories = []
        for kind in range(2, 16):
            rows = np.zeros((24, 11), np.float32)
            rows[:, 0] = np.where(random.random(24) < 0.8, kind, random.integers(0, 16, 24))
            rows[:, GAP] = kind / 2
            histories.append(rows)
        heads = [HeadSettings("value", ["none", "lower", "higher"], 90)]
        halves = [h[:12] for h in histories] + [h[12:] for h in histories]
        for encoder in ENCODERS:
            with self.subTest(encoder):
                make_repeatable(1, 1)
                model = SequenceModel(ModelSettings(encoder=encoder, width=16, hidden=16, window=12, embedding=8, heads=heads))
                settings = TrainingSettings(pretrain_epochs=25, pretrain_batch=14, pretrain_rate=0.01)
                pretrain(model, histories, settings, torch.device("cpu"), lambda line: None)
                e = embed_all(model, halves, torch.device("cpu"))
                nearest = (e[:14] @ e[14:].T).argmax(1)
                self.assertGreaterEqual(int((nearest == torch.arange(14)).sum()), 10)

    def test_a_member_learns_nothing_from_its_own_fold(self):
        logits = torch.zeros(2, 3, 2, requires_grad=True)
        weights = torch.tensor([[1.0, 1, 0], [0, 0, 1]])
        head_loss(logits, torch.tensor([[0], [-1], [1]]), weights, [2]).sum().backward()
        touched = logits.grad.abs().sum(2) > 0
        self.assertEqual([[True, False, False], [False, False, True]], touched.tolist())

    def test_class_weights_even_out_the_classes(self):
        labels = np.array([0] * 6 + [1] * 2 + [-1] * 5)
        np.testing.assert_allclose([8 / 12, 2.0], class_weights(labels, 2))

    def test_the_learning_rate_rises_then_falls_to_nothing(self):
        rates = [warm_up_then_cosine(s, 100) for s in range(101)]
        self.assertEqual(5, int(np.argmax(rates)) + 1)
        self.assertTrue((np.diff(rates[5:]) <= 0).all())
        self.assertAlmostEqual(0, rates[-1])

    def test_scaled_features_are_standard_clipped_and_0_where_training_had_nothing(self):
        features = np.random.default_rng(1).exponential(100, (500, 3)).astype(np.float32)
        features[:, 2] = 4
        scaled = FeatureScaler(3).fit(features)(torch.from_numpy(features)).numpy()
        np.testing.assert_allclose([0, 0], scaled[:, :2].mean(0), atol=1e-3)
        np.testing.assert_allclose(1, scaled[:, :2].std(0)[0], atol=0.02)
        other = FeatureScaler(3).fit(features)(torch.tensor([[1e30, -1e30, 9.0]])).numpy()
        self.assertEqual([5, -5, 0], other[0].tolist())

    def test_the_encoding_rises_with_the_feature_from_0_to_the_number_of_bins(self):
        features = np.random.default_rng(1).exponential(10, (400, 1)).astype(np.float32)
        encoded = FeatureEncoding(1, 6).fit(features)(torch.from_numpy(np.sort(features, axis=0))).sum(1).numpy()
        self.assertTrue((np.diff(encoded) >= -1e-6).all())
        self.assertAlmostEqual(0, encoded[0], places=4)
        self.assertAlmostEqual(6, encoded[-1], places=3)

    def test_every_base_line_but_the_class_shares_learns_an_obvious_rule(self):
        random = np.random.default_rng(3)
        features = random.exponential(10, (600, 5)).astype(np.float32)
        labels = (features[:, 0] > 8).astype(np.int64)
        held_out = np.arange(600) % 5 == 0
        for name, train in BASELINES.items():
            with self.subTest(name):
                found = train(features[:400], labels[:400], held_out[:400], 2, TrainingSettings(epochs=30, batch=64))(features[400:])
                self.assertEqual((200, 2), found.shape)
                np.testing.assert_allclose(1, found.sum(1), atol=1e-6)
                accuracy = (found.argmax(1) == labels[400:]).mean()
                self.assertGreater(accuracy, 0.45 if name == "class shares" else 0.65)
