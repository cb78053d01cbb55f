"""Numbers that steer the text encoder."""

from dataclasses import asdict, dataclass, field, replace
from typing import List

ORDERED, CLASSES = "ordered", "classes"
IMBALANCE = ("none", "weights")


@dataclass
class TextHead:
    """
    One label that the encoder learns from. column: of the table; kind: `ordered` for numbers with an order (stars), `classes` for anything else;
    classes: its values, ascending, at least two; weight: how much it counts beside the others.
    """

    column: str
    kind: str
    classes: List[str]
    weight: float = 1.0

    @property
    def outputs(self) -> int:
        """Numbers that the head gives: one for each step between ordered classes, else one for each class."""
        return len(self.classes) - 1 if self.kind == ORDERED else len(self.classes)


@dataclass
class TextShape:
    """
    vocabulary: word pieces at most; max_tokens: pieces that are read of a text, those at its ends included; cased: 1 keeps upper case and accents;
    width: numbers of a piece; layers: of self-attention, 0 for none; attention: its heads, which also pool;
    pairs: places in the table of neighbouring pieces, best a prime number, 0 for no such table; pair_width: numbers of a pair; embedding: numbers of a text.
    """

    vocabulary: int = 4096
    max_tokens: int = 160
    cased: int = 0
    width: int = 64
    layers: int = 0
    attention: int = 4
    pairs: int = 16381
    pair_width: int = 8
    embedding: int = 32
    heads: List[TextHead] = field(default_factory=list)

    def __post_init__(self):
        if self.width % self.attention:
            raise ValueError(f"a width of {self.width} cannot be divided among {self.attention} attention heads")

    def to_dict(self) -> dict:
        return asdict(self)

    @staticmethod
    def from_dict(stored: dict) -> "TextShape":
        return TextShape(**{**stored, "heads": [TextHead(**h) for h in stored["heads"]]})


@dataclass
class TextTraining:
    """
    seed, threads: with the same of both, training on CPU gives the same bits again;
    pretrain_epochs: passes of the contrastive stage, which needs no labels; teachers: networks that learn from the labels of all folds but one, and teach what
    they say of that one, 0 to learn from the labels directly; joined: texts of joined parts for each text, for the teachers to judge;
    epochs: at most so many passes over what is learnt;
    patience: passes without a better held-out loss before it stops; folds: one of so many is held out for that, and so many are taught, 1 for none;
    warm_up: steps until the learning rate is reached; averaging: what the mean of the weights, which is the result, keeps of itself at a step;
    dropout: on what is pooled; word_dropout: share of pieces and of pairs that are hidden in a pass; embedding_dropout: on what the heads see;
    taught_dropout, taught_word_dropout: the same where teachers' answers are learnt; weight_decay: L2, decoupled;
    imbalance: none, or weights, by which rare classes count as much as frequent ones.
    """

    seed: int = 1
    threads: int = 1
    pretrain_epochs: int = 0
    pretrain_rate: float = 0.002
    temperature: float = 0.1
    teachers: int = 2
    joined: int = 3
    epochs: int = 8
    patience: int = 2
    folds: int = 5
    batch: int = 64
    learning_rate: float = 0.002
    warm_up: int = 60
    averaging: float = 0.998
    dropout: float = 0.4
    word_dropout: float = 0.3
    embedding_dropout: float = 0.1
    taught_dropout: float = 0.1
    taught_word_dropout: float = 0.05
    weight_decay: float = 0.05
    imbalance: str = "none"

    def taught(self) -> "TextTraining":
        """The settings where teachers' answers are learnt: these need less to be held back from being remembered."""
        return replace(self, dropout=self.taught_dropout, word_dropout=self.taught_word_dropout, embedding_dropout=0.0)

    def to_dict(self) -> dict:
        return asdict(self)
