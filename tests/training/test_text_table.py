import tempfile
import unittest
from pathlib import Path

import numpy as np

from . import tiny_reviews
from segmentation_training.text.table import read_table


class TextTableTests(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.path = str(Path(temporary.name, "reviews.csv"))

    def _read(self, content, texts=("text",), encoding="utf-8", **options):
        Path(self.path).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return read_table(self.path, texts, **options, encoding=encoding)

    def test_text_columns_are_joined_and_a_nameless_first_column_is_called_row(self):
        table = read_table(tiny_reviews.write_reviews(self.path), ["Title", "Body"])
        self.assertEqual(("row", "0", ""), (table.id_column, table.ids[0], table.texts[0]))
        self.assertTrue(table.texts[20] == "" and " " in table.texts[1])
        self.assertEqual(["Age", "Stars", "Recommended", "Kind"], list(table.columns.columns))

    def test_numbers_with_more_than_two_values_are_ordered(self):
        table = self._read("id,text,stars,yes,kind\n1,a,10,0,x\n2,b,9,1.0,y\n3,c,9.0,1,\n4,d,2,,z\n")
        heads = table.heads(["stars", "yes", "kind"], [1, 2, 3])
        self.assertEqual([("ordered", ["2", "9", "10"], 1), ("classes", ["0", "1"], 2), ("classes", ["x", "y", "z"], 3)], [(h.kind, h.classes, h.weight) for h in heads])
        np.testing.assert_array_equal([[2, 0, 0], [1, 1, 1], [1, 1, -1], [0, -1, 2]], table.labels(heads))

    def test_a_quoted_text_keeps_its_lines_and_na_is_a_text(self):
        table = self._read('id,text\n1,"two\nlines, one text"\n2,NA\n3,"say ""hi"""\n')
        self.assertEqual(["two\nlines, one text", "NA", 'say "hi"'], table.texts)

    def test_a_part_keeps_ids_texts_and_columns_together(self):
        table = self._read("id,text,kind\n1,a,x\n2,b,y\n3,c,z\n").part(np.array([True, False, True]))
        self.assertEqual((["1", "3"], ["a", "c"], ["x", "z"]), (table.ids, table.texts, list(table.column("kind"))))

    def test_another_encoding_is_told_and_can_be_named(self):
        content = "id,text\n1,café\n2,naïve\n".encode("cp1252")
        with self.assertRaisesRegex(ValueError, "reviews.csv: not utf-8 .* --encoding, such as cp1252"):
            self._read(content)
        self.assertEqual(["café", "naïve"], self._read(content, encoding="cp1252").texts)
        with self.assertRaisesRegex(ValueError, "unknown encoding: cp9"):
            self._read(content, encoding="cp9")

    def test_a_byte_order_mark_does_not_belong_to_the_first_columns_name(self):
        self.assertEqual("id", self._read(b"\xef\xbb\xbfid,text\n1,a\n2,b\n").id_column)

    def test_a_missing_column_is_named_with_those_there_are(self):
        with self.assertRaisesRegex(ValueError, "no column 'body': id, text"):
            self._read("id,text\n1,a\n", texts=["body"])
        with self.assertRaisesRegex(ValueError, "no column 'stars': kind"):
            self._read("id,text,kind\n1,a,x\n").heads(["stars"])

    def test_ids_that_repeat_are_refused(self):
        with self.assertRaisesRegex(ValueError, "'id' does not tell rows apart: 3 rows, 2 ids"):
            self._read("id,text\n1,a\n1,b\n2,c\n")

    def test_what_is_no_table_is_refused(self):
        for content in ("", "id,text\n", 'id,text\n1,"never closed\n', b"\x1f\x8b not gzip"):
            with self.subTest(content), self.assertRaises((ValueError, OSError)):
                self._read(content)

    def test_a_label_must_have_between_two_and_fifty_values(self):
        many = "id,text,label\n" + "".join(f"{i},a,v{i}\n" for i in range(60))
        with self.assertRaisesRegex(ValueError, "'label' has 60 values, at most 50"):
            self._read(many).heads(["label"])
        with self.assertRaisesRegex(ValueError, "'label' has no two values"):
            self._read("id,text,label\n1,a,x\n2,b,\n").heads(["label"])

    def test_weights_must_be_as_many_as_labels(self):
        with self.assertRaisesRegex(ValueError, "1 weights for 2 labels"):
            self._read("id,text,a,b\n1,t,0,0\n2,t,1,1\n").heads(["a", "b"], [1])
