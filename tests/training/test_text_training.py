import tempfile
import unittest

import numpy as np
import torch

from . import tiny_reviews
from segmentation_training.dataset.split import in_test
from segmentation_training.text.batches import embed_all
from segmentation_training.text.comparison import group_names, logistic_auc
from segmentation_training.text.network import TextNetwork
from segmentation_training.text.objectives import answer_targets, balances, contrastive_loss, label_targets, lesson_loss, two_parts
from segmentation_training.text.settings import TextHead, TextShape, TextTraining
from segmentation_training.text.table import read_table
from segmentation_training.text.teachers import WordTeacher, join_parts
from segmentation_training.text.training import cross_validate, load, save, train

_TEXTS, _LABELS = tiny_reviews.TEXTS.split(","), tiny_reviews.LABELS.split(",")


def _table(change=lambda row: row, **options):
    with tempfile.TemporaryDirectory() as folder:
        return read_table(tiny_reviews.write_reviews(f"{folder}/reviews.csv.gz", change=change, **options), _TEXTS)


def _train(table, labels=_LABELS, shape=None, say=lambda line: None, **settings):
    settings = {"seed": 3, "teachers": 1, "joined": 1, "epochs": 3, "folds": 3, "batch": 16, "warm_up": 5, **settings}
    shape = {"vocabulary": 220, "width": 8, "pairs": 97, "pair_width": 2, "embedding": 4, "max_tokens": 24, **(shape or {})}
    return train(table, _TEXTS, labels, [], TextShape(**shape), TextTraining(**settings), {"name": "made up", "licence": "none"}, say)


class TextLeakageTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.model = _train(_table())

    def _assert_same(self, other):
        self.assertEqual(self.model.vocabulary.pieces, other.vocabulary.pieces)
        found = other.network.state_dict()
        for name, value in self.model.network.state_dict().items():
            self.assertTrue(torch.equal(value, found[name]), name)

    def test_the_same_seed_gives_the_same_weights_bit_by_bit(self):
        self._assert_same(_train(_table()))

    def test_another_seed_gives_other_weights(self):
        self.assertFalse(torch.equal(self.model.network.piece.weight, _train(_table(), seed=4).network.piece.weight))

    def test_poisoned_test_rows_change_neither_a_weight_nor_the_vocabulary(self):
        poison = {"Title": "poison poison", "Body": "zzz qqq " * 50, "Stars": "77", "Recommended": "2", "Kind": "venom"}
        self._assert_same(_train(_table(lambda row: {**row, **poison} if in_test(str(row[""])) else row)))

    def test_other_training_rows_do_change_the_weights(self):
        changed = _train(_table(lambda row: {**row, "Recommended": 1 - row["Recommended"]} if not in_test(str(row[""])) else row))
        self.assertFalse(torch.equal(self.model.network.piece.weight, changed.network.piece.weight))

    def test_cross_validation_does_not_read_test_rows(self):
        settings = TextTraining(teachers=1, joined=1, epochs=2, folds=3, batch=16)
        shape = lambda: TextShape(vocabulary=220, width=8, pairs=97, pair_width=2, embedding=4, max_tokens=24)
        poisoned = _table(lambda row: {**row, "Body": "zzz " * 60, "Recommended": "3"} if in_test(str(row[""])) else row)
        found = [cross_validate(t, ["Recommended"], [], shape(), settings, lambda line: None, [1]) for t in (_table(), poisoned)]
        np.testing.assert_array_equal(found[0], found[1])
        self.assertEqual((1, int((~_table().test).sum()), 4), found[0].shape)


class TextTrainingTests(unittest.TestCase):
    def test_with_and_without_teachers_unseen_texts_are_told_apart(self):
        for teachers in (0, 1):
            with self.subTest(teachers=teachers):
                table = _table(count=400)
                model = _train(table, ["Recommended"], teachers=teachers, epochs=10, patience=10, learning_rate=0.01, averaging=0.9)
                truth = table.labels(table.heads(["Recommended"]))[:, 0]
                self.assertGreater(logistic_auc(model.embed(table.texts), truth, ~table.test, table.test), 0.8)

    def test_without_labels_the_contrastive_stage_learns_to_find_the_other_part(self):
        said = []
        model = _train(_table(), [], pretrain_epochs=4, learning_rate=0.01, say=said.append)
        losses = [float(line.rsplit(" ", 1)[1]) for line in said if line.startswith("contrastive")]
        self.assertEqual(4, len(losses))
        self.assertLess(losses[-1], losses[0])
        self.assertEqual([], model.network.shape.heads)
        self.assertTrue(np.isfinite(model.embed(["", "love", "x" * 500])).all())

    def test_labels_may_be_left_for_later(self):
        model = _train(_table(), ["Recommended"], pretrain_epochs=1, epochs=0)
        self.assertEqual(({}, 4), (model.validation, model.embed(["love"]).shape[1]))

    def test_nothing_to_learn_from_is_refused(self):
        with self.assertRaisesRegex(ValueError, "nothing to learn from"):
            _train(_table(), [])

    def test_texts_that_are_all_empty_are_refused(self):
        with self.assertRaisesRegex(ValueError, "no training row has a text in Title, Body"):
            _train(_table(lambda row: {**row, "Title": "", "Body": " "}))

    def test_embeddings_of_the_training_rows_have_mean_0_and_deviation_1(self):
        table = _table()
        embeddings = _train(table).embed(table.part(~table.test).texts)
        np.testing.assert_allclose(0, embeddings.mean(0), atol=0.2)
        np.testing.assert_allclose(1, embeddings.std(0), atol=0.2)

    def test_a_checkpoint_comes_back_as_it_was(self):
        model = _train(_table(), shape={"layers": 1})
        with tempfile.TemporaryDirectory() as folder:
            save(model, f"{folder}/text.pt")
            again = load(f"{folder}/text.pt")
        texts = ["love this dress", ""]
        np.testing.assert_array_equal(model.embed(texts), again.embed(texts))
        self.assertEqual((model.network.shape, model.training, model.data), (again.network.shape, again.training, again.data))

    def test_a_checkpoint_of_something_else_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            torch.save({"kind": "sequence"}, f"{folder}/other.pt")
            with self.assertRaisesRegex(ValueError, "not a checkpoint of text train"):
                load(f"{folder}/other.pt")


class TextNetworkTests(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(1)
        self.networks = [
            TextNetwork(TextShape(width=8, layers=layers, attention=2, pairs=pairs, pair_width=3, embedding=5, max_tokens=12), 30).eval()
            for layers, pairs in ((0, 13), (2, 13), (1, 0))]

    def test_a_text_has_the_same_embedding_alone_and_beside_a_longer_one(self):
        texts = [[2, 7, 9, 3], [2, 3], [2, *range(5, 14), 3]]
        for network in self.networks:
            together = embed_all(network, texts, padding=0)
            alone = np.concatenate([embed_all(network, [t], padding=0) for t in texts])
            np.testing.assert_allclose(together, alone, atol=1e-5)

    def test_the_order_of_words_matters(self):
        for network in self.networks:
            a, b = embed_all(network, [[2, 7, 9, 11, 3], [2, 11, 9, 7, 3]], padding=0)
            self.assertGreater(np.abs(a - b).max(), 1e-4)

    def test_standardising_leaves_the_answers_of_the_heads(self):
        heads = [TextHead("stars", "ordered", ["1", "2", "3"]), TextHead("kind", "classes", ["a", "b"])]
        network = TextNetwork(TextShape(width=8, attention=2, pairs=13, pair_width=3, embedding=5, max_tokens=12, heads=heads), 30).eval()
        texts = [[2, *np.random.default_rng(i).integers(4, 30, 8), 3] for i in range(40)]
        before = torch.from_numpy(embed_all(network, texts, 0))
        answers = network.answers(before)
        network.standardise(before)
        after = torch.from_numpy(embed_all(network, texts, 0))
        torch.testing.assert_close(after.mean(0), torch.zeros(5), atol=1e-4, rtol=0)
        torch.testing.assert_close(after.std(0), torch.ones(5), atol=1e-4, rtol=0)
        for a, b in zip(answers, network.answers(after)):
            torch.testing.assert_close(a, b, atol=1e-4, rtol=0)

    def test_a_width_that_the_heads_do_not_divide_is_refused(self):
        with self.assertRaisesRegex(ValueError, "width of 9 cannot be divided among 2"):
            TextShape(width=9, attention=2)


class ObjectiveTests(unittest.TestCase):
    _HEADS = [TextHead("stars", "ordered", ["1", "2", "3"]), TextHead("kind", "classes", ["a", "b", "c"])]

    def test_labels_become_steps_and_classes(self):
        targets = label_targets(np.array([[2, 0], [1, 2], [-1, -1]]), self._HEADS)
        np.testing.assert_array_equal([[1, 1, 1, 0, 0], [1, 0, 0, 0, 1], [0, 0, 0, 0, 0]], targets)

    def test_an_answer_of_a_teacher_becomes_probabilities(self):
        targets = answer_targets(np.array([[0.0, -2.0, 1.0, 1.0, 1.0]]), self._HEADS)
        np.testing.assert_allclose([[0.5, 0.1192, 1 / 3, 1 / 3, 1 / 3]], targets, atol=1e-4)

    def test_the_loss_is_that_of_the_known_targets_by_weight(self):
        heads = [self._HEADS[0], TextHead("kind", "classes", ["a", "b", "c"], weight=3.0)]
        targets = torch.tensor([[1.0, 0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0]])
        known = torch.tensor([[True, True], [False, False]])
        answers = [torch.zeros(2, 2), torch.zeros(2, 3)]
        loss = lesson_loss(answers, targets, known, heads)
        self.assertAlmostEqual((np.log(2) + 3 * np.log(3)) / 4, float(loss), 5)
        self.assertEqual(0.0, float(lesson_loss(answers, targets, torch.zeros(2, 2, dtype=torch.bool), heads)))

    def test_balanced_classes_count_the_same(self):
        labels = np.array([[0, 0]] * 3 + [[2, 1]])
        targets, known = torch.from_numpy(label_targets(labels, self._HEADS)), torch.ones(4, 2, dtype=torch.bool)
        wrong_for_the_rare = [torch.full((4, 2), -4.0), torch.tensor([[4.0, -4.0, -4.0]] * 4)]
        plain = lesson_loss(wrong_for_the_rare, targets, known, self._HEADS)
        balanced = lesson_loss(wrong_for_the_rare, targets, known, self._HEADS, balances(labels, self._HEADS))
        self.assertAlmostEqual(2.0, float(balanced / plain), 1)

    def test_two_parts_are_the_whole_text(self):
        random = np.random.default_rng(1)
        for length in range(2, 30):
            first, second = two_parts([2, *range(10, 10 + length), 3], random)
            self.assertEqual(list(range(10, 10 + length)), [*first[1:-1], *second[1:-1]])
            self.assertTrue(len(first) > 2 and len(second) > 2)

    def test_the_contrastive_loss_is_small_where_parts_find_each_other(self):
        x = torch.eye(4)
        self.assertLess(float(contrastive_loss(x, x, 0.1)), 0.01)
        self.assertGreater(float(contrastive_loss(x, x.flip(0), 0.1)), 5)


class TeacherTests(unittest.TestCase):
    def test_logistic_regressions_on_words_answer_every_head(self):
        heads = [TextHead("stars", "ordered", ["1", "2", "3"]), TextHead("kind", "classes", ["a", "b"]), TextHead("one", "classes", ["x", "y"])]
        texts = ["bad shoe", "fine shoe", "good hat", "bad hat", "good shoe"] * 4
        labels = np.array([[0, 0, 1], [1, 0, 1], [2, 1, 1], [0, 1, 1], [2, -1, 1]] * 4)
        answers = WordTeacher(texts, labels, heads, True).answers(["good hat", "bad shoe", "", "unheard of"])
        self.assertEqual((4, 6), answers.shape)
        self.assertTrue(np.isfinite(answers).all())
        self.assertTrue((answers[0, :2] > answers[1, :2]).all())
        self.assertGreater(answers[0, 3], answers[1, 3])
        self.assertTrue((answers[:, 5] > answers[:, 4]).all())

    def test_joined_parts_come_from_the_texts(self):
        texts = ["a b c d", "e f", "", "g"] * 5
        joined = join_parts(texts, np.random.default_rng(1))
        self.assertEqual(len(texts), len(joined))
        self.assertLessEqual(set(" ".join(joined).split()), set("abcdefg"))
        self.assertGreater(len(set(joined)), 5)


class GroupTests(unittest.TestCase):
    def test_numbers_become_bands_and_other_values_stay(self):
        self.assertEqual(["to 34", "over 34 to 44", "over 54", ""], list(group_names(["34", "44", "54.5", ""], [54, 34, 44])))
        self.assertEqual(["f", "7", ""], list(group_names(["f", "7", " "], [34])))
        self.assertEqual(["over 34", ""], list(group_names(["35", "nan"], [34])))
