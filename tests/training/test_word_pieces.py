import json
import tempfile
import unittest
from pathlib import Path

from . import ROOT
from segmentation_training.text.vocabulary import learn_vocabulary
from segmentation_training.text.word_pieces import SPECIAL, Vocabulary, WordPieceTokenizer, split_words

_GOLDEN = ROOT / "src" / "training" / "golden" / "word-pieces.json"


class WordPieceTests(unittest.TestCase):
    def test_pieces_are_those_of_the_service(self):
        golden = json.loads(_GOLDEN.read_text("utf-8"))
        pieces = golden["vocabulary"]
        vocabulary = Vocabulary("word-pieces.json", pieces)
        for case in golden["cases"]:
            with self.subTest(text=ascii(case["text"])[:60], lower_case=case["lowerCase"]):
                tokens = WordPieceTokenizer(vocabulary, case["lowerCase"], case["maxTokens"]).tokenize(case["text"])
                self.assertEqual([pieces[t] for t in case["tokens"]], [pieces[t] for t in tokens])

    def test_a_final_sigma_is_lower_cased_like_any_other(self):
        self.assertEqual(["οδοσ", "σοφοσ", ",", "ας"], split_words("ΟΔΌΣ ΣΟΦΟΣ, ας", lower_case=True))

    def test_half_a_surrogate_pair_is_dropped(self):
        self.assertEqual(["x"], split_words("\ud83d x", lower_case=True))

    def test_a_sequence_has_room_for_one_piece_at_least(self):
        vocabulary = Vocabulary("words", [*SPECIAL, "a"])
        self.assertEqual([2, 4, 3], WordPieceTokenizer(vocabulary, True, 3).tokenize("a a"))
        with self.assertRaisesRegex(ValueError, "at least 3 tokens, not 2"):
            WordPieceTokenizer(vocabulary, True, 2)


class VocabularyTests(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.path = Path(temporary.name, "words.txt")

    def test_frequent_words_become_one_piece_and_rare_ones_several(self):
        vocabulary = learn_vocabulary(["lovely lovely dress", "Lovely dress!", "lovely dress shoe"], 200, lower_case=True)
        tokenizer = WordPieceTokenizer(vocabulary, True, 64)
        self.assertEqual(["lovely", "dress"], [vocabulary.pieces[t] for t in tokenizer.tokenize("LOVELY dress")[1:-1]])
        self.assertGreater(len(tokenizer.tokenize("shoe")), 3)
        self.assertEqual(list(SPECIAL), vocabulary.pieces[:4])

    def test_every_word_of_printable_ascii_can_be_read(self):
        vocabulary = learn_vocabulary(["anything"], 200, lower_case=True)
        self.assertNotIn(vocabulary.unknown, WordPieceTokenizer(vocabulary, True, 64).tokenize("Zx9?! [q] ~quux_7"))

    def test_the_order_of_texts_does_not_matter(self):
        texts = ["blue lamp lamp", "red lamp blue", "blue blue red lamp"]
        self.assertEqual(learn_vocabulary(texts, 170, True).pieces, learn_vocabulary(texts[::-1], 170, True).pieces)

    def test_the_size_is_a_limit_and_no_piece_is_there_twice(self):
        texts = ["the quick brown fox jumps over the lazy dog again and again"] * 5
        for size in (150, 170, 5000):
            pieces = learn_vocabulary(texts, size, True).pieces
            self.assertLessEqual(len(pieces), size)
            self.assertEqual(len(pieces), len(set(pieces)))

    def test_pieces_joined_give_the_word_again(self):
        words = ["flattering", "flattered", "flatter", "batter", "##batter"]
        vocabulary = learn_vocabulary(words * 3, 180, True)
        for word in words[:4]:
            pieces = [vocabulary.pieces[t] for t in WordPieceTokenizer(vocabulary, True, 64).tokenize(word)[1:-1]]
            self.assertEqual(word, "".join(p[2:] if i else p for i, p in enumerate(pieces)))

    def test_texts_that_are_all_empty_are_refused(self):
        with self.assertRaisesRegex(ValueError, "all of them are empty"):
            learn_vocabulary(["", " \n"], 6144, True)

    def test_a_size_below_the_characters_is_refused(self):
        with self.assertRaisesRegex(ValueError, "characters alone need"):
            learn_vocabulary(["a"], 20, True)

    def test_what_is_written_is_read_again(self):
        vocabulary = learn_vocabulary(["ça va très bien, ça va"] * 3, 220, lower_case=False)
        vocabulary.write(str(self.path))
        self.assertEqual(vocabulary.pieces, Vocabulary.read(str(self.path)).pieces)

    def test_windows_line_ends_and_a_byte_order_mark_are_read_and_blank_lines_keep_their_number(self):
        self.path.write_bytes(b"\xef\xbb\xbf[PAD]\r\n\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\nmug\r\n")
        vocabulary = Vocabulary.read(str(self.path))
        self.assertEqual((6, 5, 0), (len(vocabulary), vocabulary.numbers["mug"], vocabulary.padding))

    def test_a_file_without_special_pieces_is_refused_by_its_name(self):
        self.path.write_text("[PAD]\n[UNK]\nmug\n", "utf-8")
        with self.assertRaisesRegex(ValueError, r"words.txt: the vocabulary of 3 pieces lacks \[CLS\], \[SEP\]"):
            Vocabulary.read(str(self.path))

    def test_a_file_of_another_encoding_is_refused(self):
        self.path.write_bytes("[PAD]\n[UNK]\n[CLS]\n[SEP]\ncafé\n".encode("latin-1"))
        with self.assertRaisesRegex(ValueError, "words.txt: not UTF-8"):
            Vocabulary.read(str(self.path))
