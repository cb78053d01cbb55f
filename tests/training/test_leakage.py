import tempfile
import unittest
from datetime import datetime, timezone

import torch

from . import tiny_shop
from segmentation_training.dataset.split import in_test
from segmentation_training.learning.settings import TrainingSettings
from segmentation_training.learning.training import train
from segmentation_training.networks.sequence_model import ModelSettings

_CUTOFF = datetime.fromisoformat(tiny_shop.CUTOFF).replace(tzinfo=timezone.utc)


def _weights(change=lambda customer, time, row: row, seed=3):
    settings = TrainingSettings(seed=seed, horizons="30", pretrain_epochs=1, tune_epochs=1, epochs=2, categories=2)
    with tempfile.TemporaryDirectory() as path:
        folder = tiny_shop.write_shop(path, change=change)
        return train([folder], ModelSettings(width=8, hidden=8, embedding=4, bins=4, members=3), settings, lambda line: None).network.state_dict()


def _poisoned(row: dict) -> dict:
    return {k: "nan" if k in ("amount", "prices", "recencyDays", "monetary") else "9999" if k == "frequency" else v for k, v in row.items()}


class LeakageTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.weights = _weights()

    def _assert_same(self, others):
        for name, value in self.weights.items():
            self.assertTrue(torch.equal(value, others[name]), name)

    def test_the_same_seed_gives_the_same_weights_bit_by_bit(self):
        self._assert_same(_weights())

    def test_another_seed_gives_other_weights(self):
        self.assertFalse(torch.equal(self.weights["encoder.cell.weight_hh_l0"], _weights(seed=4)["encoder.cell.weight_hh_l0"]))

    def test_poisoned_test_customers_change_no_weight(self):
        self._assert_same(_weights(lambda customer, time, row: _poisoned(row) if in_test(customer) else row))

    def test_poisoned_events_after_the_cut_off_change_no_weight(self):
        self._assert_same(_weights(lambda customer, time, row: _poisoned(row) if time >= _CUTOFF else row))

    def test_other_training_customers_do_change_the_weights(self):
        changed = _weights(lambda customer, time, row: {**row, "amount": "1"} if row.get("amount") and not in_test(customer) else row)
        self.assertFalse(torch.equal(self.weights["encoder.cell.weight_hh_l0"], changed["encoder.cell.weight_hh_l0"]))
