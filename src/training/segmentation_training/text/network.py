"""The text encoder's network."""

import math
from typing import List

import torch
from torch import nn
from torch.nn import functional

from .settings import TextShape

_MASKED = -1e4


class AttentionLayer(nn.Module):
    """Self-attention and a feed-forward network, each behind a normalisation (Xiong et al. 2020)."""

    def __init__(self, width: int, heads: int, dropout: float):
        super().__init__()
        self.heads = heads
        self.before_attention, self.before_forward = nn.LayerNorm(width), nn.LayerNorm(width)
        self.project, self.join = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.widen, self.narrow = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        """x [B, T, width]; bias [B, 1, 1, T], added to the scores."""
        query, key, value = (self._by_head(part) for part in self.project(self.before_attention(x)).chunk(3, dim=-1))
        scores = torch.softmax(query @ key.transpose(2, 3) / math.sqrt(query.shape[3]) + bias, dim=3)
        x = x + self.dropout(self.join((scores @ value).transpose(1, 2).flatten(2)))
        return x + self.dropout(self.narrow(functional.gelu(self.widen(self.before_forward(x)))))

    def _by_head(self, x: torch.Tensor) -> torch.Tensor:
        return x.view(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)


class TextNetwork(nn.Module):
    """
    Pieces and their places become vectors, which `layers` of self-attention may mix; what attention finds, their mean, and two bags – of pieces, and of pairs of
    neighbours, hashed into a table – are joined into the embedding by one matrix. Bags are divided by the square root of the text's length. Text of any length
    gives a finite embedding; padding does not change it.
    """

    def __init__(self, shape: TextShape, pieces: int, dropout: float = 0.0, word_dropout: float = 0.0):
        super().__init__()
        self.shape, self.pieces, self.word_dropout = shape, pieces, word_dropout
        width = shape.width
        self.piece = _table(pieces, width, 0.1)
        self.place = _table(shape.max_tokens, width, 0.02)
        self.layers = nn.ModuleList(AttentionLayer(width, shape.attention, dropout) for _ in range(shape.layers))
        self.normalise = nn.LayerNorm(width)
        self.score, self.value = nn.Linear(width, shape.attention), nn.Linear(width, width)
        self.bag = _table(pieces, shape.pair_width, 0.02)
        self.pair = _table(shape.pairs, shape.pair_width, 0.02) if shape.pairs else None
        self.dropout = nn.Dropout(dropout)
        self.to_embedding = nn.Linear(2 * width + shape.pair_width * (2 if shape.pairs else 1), shape.embedding)
        self.heads = nn.ModuleList(nn.Linear(shape.embedding, head.outputs) for head in shape.heads)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """The embedding [B, E] of pieces [B, T] under a mask [B, T], both int64."""
        mask = attention_mask.to(torch.float32).unsqueeze(2)
        length = mask.sum(1).clamp(min=1.0)
        x = self._states(input_ids, mask)
        scores = torch.softmax(self.score(x) + (1 - mask) * _MASKED, dim=1).unsqueeze(3)
        found = (scores * self.value(x).view(x.shape[0], x.shape[1], self.shape.attention, -1)).sum(1).flatten(1)
        parts = [found, (x * mask).sum(1) / length, (self.bag(input_ids) * mask).sum(1) / length.sqrt()]
        if self.pair is not None:
            parts.append(self._pairs(input_ids, mask) / length.sqrt())
        return self.to_embedding(self.dropout(torch.cat(parts, dim=1)))

    def answers(self, embedding: torch.Tensor) -> List[torch.Tensor]:
        """What each head says of embeddings: logits [B, outputs]."""
        return [head(embedding) for head in self.heads]

    def standardise(self, embeddings: torch.Tensor) -> None:
        """Rescales the embedding so that each of its numbers has mean 0 and standard deviation 1 over these embeddings; the heads' answers stay."""
        mean, deviation = embeddings.mean(0), embeddings.std(0).clamp(min=1e-6)
        with torch.no_grad():
            for head in self.heads:
                head.bias += head.weight @ mean
                head.weight *= deviation
            self.to_embedding.bias.copy_((self.to_embedding.bias - mean) / deviation)
            self.to_embedding.weight /= deviation.unsqueeze(1)

    def _states(self, input_ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        # A sequence longer than the table of places, which serving does not send, repeats the last place.
        places = (torch.ones_like(input_ids[:1]).cumsum(1) - 1).clamp(max=self.shape.max_tokens - 1)
        x = self.dropout(self.piece(input_ids) + self.place(places))
        bias = ((1 - mask) * _MASKED).transpose(1, 2).unsqueeze(1)
        for layer in self.layers:
            x = layer(x, bias)
        return self.normalise(x)

    def _pairs(self, input_ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        hashed = torch.remainder(input_ids[:, :-1] * self.pieces + input_ids[:, 1:], self.shape.pairs)
        seen = mask[:, 1:]
        if self.training:
            seen = seen * (torch.rand_like(seen) >= self.word_dropout)
        return (self.pair(hashed) * seen).sum(1)


def _table(rows: int, width: int, deviation: float) -> nn.Embedding:
    table = nn.Embedding(rows, width)
    nn.init.normal_(table.weight, 0.0, deviation)
    return table
