"""A vocabulary of word pieces, learnt from texts by merging the most frequent neighbours (Sennrich, Haddow, Birch 2016), written as word pieces."""

import heapq
import string
from collections import Counter, defaultdict
from typing import Dict, Iterable, List, Set, Tuple

from .word_pieces import CONTINUATION, SPECIAL, WORD_CHARACTERS_MAX, Vocabulary, split_words

Pair = Tuple[str, str]
_COUNT_LEAST = 3


def learn_vocabulary(texts: Iterable[str], size: int, lower_case: bool) -> Vocabulary:
    """
    At most `size` pieces: the special ones, printable ASCII and the texts' frequent characters (both as a word's beginning and as its continuation), then what
    merging adds. The same texts give the same vocabulary; of pairs that are equally frequent the alphabetically first is merged. A pair that occurs less than
    three times is not.
    """
    words = Counter(word for text in texts for word in split_words(text, lower_case) if len(word) <= WORD_CHARACTERS_MAX)
    if not words:
        raise ValueError("a vocabulary needs texts: all of them are empty")
    alphabet = _alphabet(words, lower_case)
    pieces = [*SPECIAL, *alphabet, *(CONTINUATION + c for c in alphabet)]
    if size < len(pieces):
        raise ValueError(f"a vocabulary of {size} pieces is too small: the characters alone need {len(pieces)}")
    merger = _Merger({word: count for word, count in words.items() if set(word) <= set(alphabet)})
    known = set(pieces)
    while len(pieces) < size:
        merged = merger.merge()
        if merged is None:
            break
        if merged not in known:
            known.add(merged)
            pieces.append(merged)
    return Vocabulary("the learnt vocabulary", pieces)


def _alphabet(words: Dict[str, int], lower_case: bool) -> List[str]:
    counts = Counter()
    for word, count in words.items():
        for character in set(word):
            counts[character] += count
    ascii_ = {c.lower() if lower_case else c for c in string.ascii_letters + string.digits + string.punctuation}
    return sorted(ascii_ | {c for c, count in counts.items() if count >= _COUNT_LEAST})


class _Merger:
    """Words as lists of pieces, with the number of each pair of neighbours kept up to date."""

    def __init__(self, words: Dict[str, int]):
        self._words = [([w[0], *(CONTINUATION + c for c in w[1:])], words[w]) for w in sorted(words)]
        self._counts: Dict[Pair, int] = Counter()
        self._where: Dict[Pair, Set[int]] = defaultdict(set)
        for number, (pieces, count) in enumerate(self._words):
            for pair in zip(pieces, pieces[1:]):
                self._counts[pair] += count
                self._where[pair].add(number)
        self._queue = [(-count, pair) for pair, count in self._counts.items()]
        heapq.heapify(self._queue)

    def merge(self):
        """Joins the most frequent pair everywhere and returns the new piece; None when no pair is frequent enough."""
        while self._queue:
            count, pair = heapq.heappop(self._queue)
            if self._counts.get(pair, 0) != -count:
                continue  # Its number has changed since; the queue holds it with the new one as well.
            if -count < _COUNT_LEAST:
                return None
            return self._join(pair)
        return None

    def _join(self, pair: Pair) -> str:
        joined = pair[0] + pair[1][len(CONTINUATION):]
        changed = set()
        for number in self._where.pop(pair):
            pieces, count = self._words[number]
            for old in zip(pieces, pieces[1:]):
                self._counts[old] -= count
                changed.add(old)
            place = 0
            while place < len(pieces) - 1:
                if (pieces[place], pieces[place + 1]) == pair:
                    pieces[place:place + 2] = [joined]
                place += 1
            for new in zip(pieces, pieces[1:]):
                self._counts[new] += count
                self._where[new].add(number)
                changed.add(new)
        for other in changed:
            if self._counts[other] > 0:
                heapq.heappush(self._queue, (-self._counts[other], other))
            else:
                del self._counts[other]
        return joined
