import tempfile
import unittest

import numpy as np

from . import tiny_shop
from segmentation_training.dataset import tokens
from segmentation_training.dataset.events import event_of_row, parse_time, read_histories
from segmentation_training.dataset.features import read_features
from segmentation_training.dataset.labels import CHURN_CLASSES, category_classes, labels_at
from segmentation_training.dataset.split import fold, in_test

_ROW = {"kind": "OrderCompleted", "channel": "", "device": "", "amount": "", "discount": "", "coupon": ""}


class DatasetTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = tiny_shop.write_shop(cls.temporary.name)
        cls.histories = read_histories(cls.folder.events_file)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_histories_are_in_the_order_of_time_and_hold_behaviour_alone(self):
        self.assertEqual(60, len(self.histories))
        for history in self.histories.values():
            self.assertTrue((np.diff(history.times_ms) >= 0).all())
            self.assertEqual({2.0, 9.0}, set(history.tokens[:, tokens.KIND]))
            self.assertEqual(0, history.tokens[0, tokens.GAP])

    def test_an_event_before_a_time_is_read_and_one_at_it_is_not(self):
        first = next(iter(self.histories.values()))
        before = read_histories(self.folder.events_file, before_ms=int(first.times_ms[3]))[first.customer_id]
        self.assertEqual(3, len(before.times_ms))
        np.testing.assert_array_equal(first.tokens[:3], before.tokens)

    def test_a_line_with_only_a_name_is_hashed_by_the_name(self):
        row = tokens.token_row(event_of_row(0, {**_ROW, "product_ids": "|B", "product_names": "Mug|", "prices": "2|", "quantities": "|3"}))
        self.assertEqual(tokens.product_slot("Mug"), row[tokens.PRODUCT])
        self.assertAlmostEqual(np.log(5), row[tokens.QUANTITY])
        self.assertAlmostEqual(np.log(3), row[tokens.AMOUNT], places=3)

    def test_labels_follow_the_spend_of_the_window(self):
        people, start = list(self.histories.values()), parse_time("2024-04-01")
        found = labels_at(people, start, 30, 50.0, category_classes(people, start, 2))
        for history, value, churn in zip(people, found.value, found.churn):
            spend = sum(a for t, a in zip(history.order_times_ms, history.order_amounts) if start <= t < start + 30 * 86_400_000)
            self.assertEqual(0 if spend == 0 else 1 if spend <= 50 else 2, value)
            self.assertEqual(CHURN_CLASSES[churn] == "churns", spend == 0)
        self.assertEqual({-1, 0, 1, 2}, set(found.category))
        self.assertTrue((found.category[found.churn == 1] == -1).all())

    def test_a_window_that_ends_after_the_cut_off_teaches_nothing(self):
        self.assertEqual(["2024-03-01", "2024-03-15", "2024-04-01"], self.folder.label_times(30))
        self.assertEqual(["2024-03-01"], self.folder.label_times(60))

    def test_the_test_part_is_that_of_the_known_split(self):
        self.assertEqual([True, False, True, False], [in_test(c) for c in ("12346", "17850", "17809", "12347")])
        self.assertEqual(set(range(5)), {fold(f"c{i}", 5) for i in range(100)})

    def test_a_table_that_is_none_of_events_is_refused_by_file_and_line(self):
        header = "customer_id,sequence,time,kind,channel,device,amount,discount,coupon,traits"
        cases = [
            ("customer_id,time\na,2024-01-01\n", "has no column sequence"),
            (f"{header}\na,1,2024-01-01,ProductViewed,Web,,,,,\na,2,2024-01-01,Bought,Web,,,,,\n", "line 3: kind 'Bought' is none of"),
            (f"{header}\na,1,yesterday,ProductViewed,Web,,,,,\n", "line 2: .*yesterday"),
            (f"{header}\na,1,2024-01-01\n", "line 2"),
        ]
        for text, reason in cases:
            path = self.temporary.name + "/wrong.csv"
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            with self.assertRaisesRegex(ValueError, f"wrong.csv.*{reason}"):
                read_histories(path)

    def test_features_of_another_schema_are_refused(self):
        path = self.temporary.name + "/other.csv"
        with open(path, "w", encoding="utf-8") as file:
            file.write("customer_id,recencyDays\na,1\n")
        with self.assertRaisesRegex(ValueError, "other columns"):
            read_features(path)
