"""Encoder, embedding and heads as one network: what is exported."""

from dataclasses import asdict, dataclass, field
from typing import List, Tuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from .gru import GruEncoder
from .scaling import FeatureEncoding
from .window import CnnEncoder, TransformerEncoder

ENCODERS = ("gru", "transformer", "cnn")


@dataclass
class HeadSettings:
    """A head by its name, with its classes in the order of its probabilities and the days that it foresees."""

    name: str
    classes: List[str]
    horizon_days: int


@dataclass
class ModelSettings:
    """
    Everything that shapes the network. hidden counts for the GRU, window for the others; bins: of the features' encoding; members: heads are the mean of so
    many, each fitted without one part of the training customers.
    """

    encoder: str = "gru"
    width: int = 48
    hidden: int = 96
    window: int = 32
    embedding: int = 32
    features: int = 110
    bins: int = 12
    members: int = 5
    product_dropout: float = 0.5
    category_dropout: float = 0.3
    heads: List[HeadSettings] = field(default_factory=list)

    @staticmethod
    def from_dict(values: dict) -> "ModelSettings":
        return ModelSettings(**{**values, "heads": [HeadSettings(**h) for h in values["heads"]]})

    def to_dict(self) -> dict:
        return asdict(self)


class SequenceModel(nn.Module):
    """events [B, T, 11], lengths [B], state [B, H], features [B, D] -> state_out [B, H], embedding [B, E] of length 1, probabilities [B, C]."""

    def __init__(self, settings: ModelSettings):
        super().__init__()
        self.settings = settings
        names = settings.product_dropout, settings.category_dropout
        if settings.encoder == "gru":
            self.encoder = GruEncoder(settings.width, settings.hidden, *names)
        elif settings.encoder == "transformer":
            self.encoder = TransformerEncoder(settings.width, settings.window, *names)
        elif settings.encoder == "cnn":
            self.encoder = CnnEncoder(settings.width, settings.window, *names)
        else:
            raise ValueError(f"encoder {settings.encoder}: one of {', '.join(ENCODERS)}")
        self.to_embedding = nn.Linear(self.encoder.summary_size, settings.embedding)
        self.encoding = FeatureEncoding(settings.features, settings.bins)
        self.heads = nn.Linear(settings.embedding + self.encoding.size, sum(len(h.classes) for h in settings.heads))
        # What each member learnt; the graph holds their mean alone, which is as good and costs one.
        self.register_buffer("member_weights", torch.zeros(settings.members, *self.heads.weight.shape))
        self.register_buffer("member_biases", torch.zeros(settings.members, *self.heads.bias.shape))

    @property
    def state_size(self) -> int:
        return self.encoder.state_size

    def embed(self, state: Tensor) -> Tensor:
        """[B, H] -> [B, E], of length 1."""
        raw = self.to_embedding(self.encoder.summary(state))
        return raw / raw.pow(2).sum(1, keepdim=True).clamp(min=1e-12).sqrt()

    def head_inputs(self, embedding: Tensor, features: Tensor) -> Tensor:
        """What the heads see, [B, E + bins * D]."""
        return torch.cat([embedding, self.encoding(features)], dim=1)

    def probabilities(self, logits: Tensor) -> Tensor:
        """Softmax a head: [..., C] -> [..., C]."""
        return torch.cat([torch.softmax(x, dim=-1) for x in logits.split([len(h.classes) for h in self.settings.heads], dim=-1)], dim=-1)

    def forward(self, events: Tensor, lengths: Tensor, state: Tensor, features: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
        state_out = self.encoder(events, lengths, state)
        embedding = self.embed(state_out)
        # The heads on their inputs, without copying these side by side.
        size = self.settings.embedding
        logits = functional.linear(embedding, self.heads.weight[:, :size], self.heads.bias)
        logits = logits + functional.linear(self.encoding(features), self.heads.weight[:, size:])
        return state_out, embedding, self.probabilities(logits)
