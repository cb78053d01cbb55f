"""Encoder, embedding and heads as one network: what is exported."""

from dataclasses import asdict, dataclass, field
from typing import List, Tuple

import torch
from torch import Tensor, nn

from .gru import GruEncoder
from .scaling import FeatureScaler
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
    """Everything that shapes the network. hidden counts for the GRU, window for the others; head_hidden 0 makes linear heads."""

    encoder: str = "gru"
    width: int = 48
    hidden: int = 96
    window: int = 32
    embedding: int = 32
    features: int = 110
    head_hidden: int = 32
    dropout: float = 0.3
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
        self.scaler = FeatureScaler(settings.features)
        self.heads = nn.ModuleList(Head(settings.embedding + settings.features, len(h.classes), settings) for h in settings.heads)

    @property
    def state_size(self) -> int:
        return self.encoder.state_size

    def embed(self, state: Tensor) -> Tensor:
        """[B, H] -> [B, E], of length 1."""
        raw = self.to_embedding(self.encoder.summary(state))
        return raw / raw.pow(2).sum(1, keepdim=True).clamp(min=1e-12).sqrt()

    def logits(self, embedding: Tensor, features: Tensor) -> List[Tensor]:
        """One tensor a head."""
        x = torch.cat([embedding, self.scaler(features)], dim=1)
        return [head(x) for head in self.heads]

    def forward(self, events: Tensor, lengths: Tensor, state: Tensor, features: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
        state_out = self.encoder(events, lengths, state)
        embedding = self.embed(state_out)
        return state_out, embedding, torch.cat([torch.softmax(x, dim=1) for x in self.logits(embedding, features)], dim=1)


class Head(nn.Module):
    """Wide and deep (Cheng et al. 2016): a linear map plus a small network with dropout. `scale` and `offset` calibrate the logits after training."""

    def __init__(self, inputs: int, classes: int, settings: ModelSettings):
        super().__init__()
        self.wide = nn.Linear(inputs, classes)
        self.deep = nn.Sequential(
            nn.Dropout(settings.dropout), nn.Linear(inputs, settings.head_hidden), nn.ReLU(), nn.Dropout(settings.dropout),
            nn.Linear(settings.head_hidden, classes)) if settings.head_hidden else None
        self.register_buffer("scale", torch.ones(1))
        self.register_buffer("offset", torch.zeros(classes))

    def forward(self, x: Tensor) -> Tensor:
        logits = self.wide(x) if self.deep is None else self.wide(x) + self.deep(x)
        return logits * self.scale + self.offset
