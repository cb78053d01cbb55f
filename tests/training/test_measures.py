import unittest

import numpy as np

from . import ROOT  # noqa: F401
from segmentation_training.evaluation.fairness import by_group
from segmentation_training.evaluation.measures import auc, balanced_choice, bootstrap, calibration_error, measure, per_class


class MeasureTests(unittest.TestCase):
    def test_calibration_error_is_the_gap_between_confidence_and_accuracy(self):
        confident = np.tile([0.9, 0.1], (10, 1))
        self.assertAlmostEqual(0.0, calibration_error(np.array([0] * 9 + [1]), confident))
        self.assertAlmostEqual(0.4, calibration_error(np.array([0] * 5 + [1] * 5), confident))

    def test_auc_is_one_for_the_right_order_and_a_half_for_none(self):
        truth = np.array([0, 0, 1, 1])
        self.assertEqual(1.0, auc(truth, np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.2, 0.8]])))
        self.assertEqual(0.5, auc(truth, np.full((4, 2), 0.5)))

    def test_the_balanced_choice_finds_a_rare_class(self):
        self.assertEqual([1], list(balanced_choice(np.array([[0.8, 0.2]]), np.array([0.9, 0.1]))))

    def test_recall_and_f1_are_means_over_classes(self):
        truth = np.array([0, 0, 0, 1])
        found = measure(truth, np.array([[0.9, 0.1]] * 3 + [[0.6, 0.4]]), np.array([0.75, 0.25]))
        self.assertAlmostEqual(0.75, found["accuracy"])
        self.assertAlmostEqual(0.5, found["recall"])
        self.assertAlmostEqual(0.5 * 6 / 7, found["macroF1"])
        self.assertAlmostEqual(1.0, found["balancedF1"])

    def test_per_class_counts_hits(self):
        rows = per_class(np.array([0, 1, 1]), np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8]]), ["a", "b"])
        self.assertEqual([1, 2], [r["count"] for r in rows])
        self.assertEqual([0.5, 1.0], [rows[0]["precision"], rows[1]["precision"]])
        self.assertEqual(0.5, rows[1]["recall"])

    def test_a_bootstrap_interval_holds_the_mean(self):
        values = np.random.default_rng(1).normal(3, 1, 400)
        low, high = bootstrap(lambda i: float(values[i].mean()), 400, seed=2)
        self.assertLess(low, values.mean())
        self.assertLess(values.mean(), high)
        self.assertAlmostEqual(4 / 20, high - low, delta=0.05)

    def test_small_groups_are_not_judged(self):
        truth, probabilities = np.tile([0, 1], 40), np.tile([[0.7, 0.3], [0.2, 0.8]], (40, 1))
        rows = by_group(truth, probabilities, np.array([0.5, 0.5]), np.array(["x"] * 60 + ["y"] * 10 + [""] * 10))
        self.assertEqual(["x"], [r["group"] for r in rows])
        self.assertEqual((0.5, 0.5), (rows[0]["said"], rows[0]["true"]))
