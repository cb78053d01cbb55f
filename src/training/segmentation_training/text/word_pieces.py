"""
Text to numbers of word pieces, exactly as the service does it (CustomerSegmentation.Inference, folder Text): both are tested against golden/word-pieces.json.

The Unicode tables are those of the Python that runs this; a character that only one side's version of Unicode knows may be read differently.
"""

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Dict, List

PADDING, UNKNOWN, START, END = "[PAD]", "[UNK]", "[CLS]", "[SEP]"
SPECIAL = (PADDING, UNKNOWN, START, END)
CONTINUATION = "##"
WORD_CHARACTERS_MAX = 100
_SPACE, _APART = " ", "\0"

# The blocks that BERT parts: unified ideographs and their extensions and compatibility forms, not kana or hangul.
_IDEOGRAPHS = (
    (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))


def split_words(text: str, lower_case: bool) -> List[str]:
    """
    Words, punctuation marks and CJK characters in their order; control characters are gone, and for lower-case models combining marks as well.
    """
    words = []
    for part in "".join(_read(c, lower_case) for c in text).split(_SPACE):
        words += [word for word in part.split(_APART) if word]
    return words


@lru_cache(maxsize=1 << 16)
def _read(character: str, lower_case: bool) -> str:
    """What a character leaves: letters, a space, or a mark between two separators."""
    if character in "\0\ufffd" or (_is_control(character) and not _is_space(character)):
        return ""
    left = character
    if lower_case:
        # One character at a time: a final Greek sigma becomes σ like any other, as in .NET, whatever its neighbours are.
        left = "".join(c.lower() for c in unicodedata.normalize("NFD", character) if unicodedata.category(c) != "Mn")
    return "".join(_SPACE if _is_space(c) else f"{_APART}{c}{_APART}" if _is_punctuation(c) or _is_ideograph(c) else c for c in left)


def _is_space(character: str) -> bool:
    return character in "\t\n\r" or unicodedata.category(character) == "Zs"


def _is_control(character: str) -> bool:
    return unicodedata.category(character).startswith("C")


def _is_punctuation(character: str) -> bool:
    code = ord(character)
    # All of ASCII that is neither letter, digit nor space counts, though Unicode calls some of it symbols.
    return 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126 or unicodedata.category(character).startswith("P")


def _is_ideograph(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _IDEOGRAPHS)


class Vocabulary:
    """Word pieces by number: one a line, from 0; of a piece that is there twice the later number counts."""

    def __init__(self, name: str, pieces: List[str]):
        self.pieces = pieces
        self.numbers: Dict[str, int] = {piece: number for number, piece in enumerate(pieces) if piece}
        missing = [piece for piece in SPECIAL if piece not in self.numbers]
        if missing:
            raise ValueError(f"{name}: the vocabulary of {len(self.numbers)} pieces lacks {', '.join(missing)}")
        self.padding, self.unknown, self.start, self.end = (self.numbers[piece] for piece in SPECIAL)

    def __len__(self) -> int:
        return len(self.pieces)

    @staticmethod
    def read(path: str) -> "Vocabulary":
        """Reads a vocabulary file: UTF-8, with or without byte order mark, lines ending in LF or CR LF."""
        try:
            text = Path(path).read_bytes().decode("utf-8").lstrip("\ufeff")
        except UnicodeDecodeError as e:
            raise ValueError(f"{path}: not UTF-8 ({e.reason} at byte {e.start}); save it as UTF-8") from e
        lines = [line.rstrip("\r") for line in text.split("\n")]
        return Vocabulary(path, lines[:-1] if lines[-1] == "" else lines)

    def write(self, path: str) -> None:
        """Writes the file that `read` and the service read."""
        Path(path).write_bytes("".join(f"{piece}\n" for piece in self.pieces).encode("utf-8"))


class WordPieceTokenizer:
    """Each word becomes the longest pieces that the vocabulary has, from its beginning. max_tokens: longest sequence, START and END included; at least 3."""

    def __init__(self, vocabulary: Vocabulary, lower_case: bool, max_tokens: int):
        if max_tokens < 3:
            raise ValueError(f"a text needs at least 3 tokens, not {max_tokens}")
        self.vocabulary, self.lower_case, self.max_tokens = vocabulary, lower_case, max_tokens
        self._known: Dict[str, List[int]] = {}

    def tokenize(self, text: str) -> List[int]:
        """Numbers of a text's pieces between START and END; what goes beyond the longest sequence is cut off."""
        tokens = [self.vocabulary.start]
        for word in split_words(text, self.lower_case):
            if len(tokens) >= self.max_tokens - 1:
                break
            pieces = self._known.get(word)
            if pieces is None:
                pieces = self._known[word] = self._pieces(word)
            tokens += pieces
        return tokens[:self.max_tokens - 1] + [self.vocabulary.end]

    def _pieces(self, word: str) -> List[int]:
        if len(word) > WORD_CHARACTERS_MAX:
            return [self.vocabulary.unknown]
        pieces, start = [], 0
        while start < len(word):
            mark = CONTINUATION if start else ""
            for end in range(len(word), start, -1):
                number = self.vocabulary.numbers.get(mark + word[start:end])
                if number is not None:
                    break
            else:
                # One part that nobody knows makes the whole word unknown.
                return [self.vocabulary.unknown]
            pieces.append(number)
            start = end
        return pieces
