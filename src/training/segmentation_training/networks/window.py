"""
Encoders that read a window of the latest events. Their state is the window itself, so that they keep the same promises as the recurrent one:
all events at once equal one after the other, and cost and memory are bounded.
"""

import torch
from torch import Tensor, nn

from ..dataset.tokens import COLUMNS, KIND
from .token_layer import TokenLayer

_ROW = len(COLUMNS)


class WindowEncoder(nn.Module):
    """
    state [B, window * 11]: the last rows, the newest at the end; the kind is stored plus 1, so that a row of zeros is an empty place.
    A subclass reads them: [B, window, width] and which places are taken [B, window] -> [B, summary_size].
    """

    def __init__(self, width: int, window: int, product_dropout: float, category_dropout: float):
        super().__init__()
        self.tokens = TokenLayer(width, product_dropout, category_dropout)
        self.window, self.state_size, self.summary_size = window, window * _ROW, width
        shift = torch.zeros(_ROW)
        shift[KIND] = 1
        self.register_buffer("shift", shift)
        self.register_buffer("places", torch.arange(window).reshape(1, -1))
        self.position = nn.Parameter(torch.randn(1, window, width) * 0.02)

    def forward(self, events: Tensor, lengths: Tensor, state: Tensor) -> Tensor:
        """events [B, T, 11], lengths [B], state [B, window * 11] -> the last rows after each sequence's last event."""
        rows = torch.cat([state.reshape(-1, self.window, _ROW), events + self.shift], dim=1)
        places = (self.places + lengths.unsqueeze(1)).unsqueeze(2).expand(-1, -1, _ROW)
        return torch.gather(rows, 1, places).reshape(-1, self.state_size)

    def summary(self, state: Tensor) -> Tensor:
        """What the embedding is made from: the window, read; zeros for an empty one."""
        rows = state.reshape(-1, self.window, _ROW)
        taken = (rows[:, :, KIND] > 0).to(rows.dtype)
        x = self.tokens(rows - self.shift) + self.position
        return self.read(x * taken.unsqueeze(2), taken) * taken[:, -1:]

    def read(self, x: Tensor, taken: Tensor) -> Tensor:
        raise NotImplementedError


class TransformerEncoder(WindowEncoder):
    """Self-attention (Vaswani et al. 2017), normalised before each block; the summary is the mean over the places taken and the newest one."""

    def __init__(self, width: int, window: int, product_dropout: float, category_dropout: float, layers: int = 2, heads: int = 4, dropout: float = 0.1):
        super().__init__(width, window, product_dropout, category_dropout)
        self.blocks = nn.ModuleList(_Block(width, heads, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def read(self, x: Tensor, taken: Tensor) -> Tensor:
        hidden = ((1 - taken) * -1e4).reshape(-1, 1, 1, self.window)
        for block in self.blocks:
            x = block(x, hidden)
        x = self.norm(x)
        mean = (x * taken.unsqueeze(2)).sum(1) / taken.sum(1, keepdim=True).clamp(min=1)
        return mean + x[:, -1]


class CnnEncoder(WindowEncoder):
    """Three dilated convolutions of width 3 (receptive field 15); the summary is the greatest value over the places taken, and the newest one."""

    def __init__(self, width: int, window: int, product_dropout: float, category_dropout: float, dropout: float = 0.1):
        super().__init__(width, window, product_dropout, category_dropout)
        self.layers = nn.ModuleList(nn.Conv1d(width, width, 3, dilation=d, padding=d) for d in (1, 2, 4))
        self.dropout = nn.Dropout(dropout)

    def read(self, x: Tensor, taken: Tensor) -> Tensor:
        x, mask = x.transpose(1, 2), taken.unsqueeze(1)
        for layer in self.layers:
            x = (x + self.dropout(torch.relu(layer(x)))) * mask
        return (x - (1 - mask) * 1e4).amax(2) + x[:, :, -1]


class _Block(nn.Module):
    def __init__(self, width: int, heads: int, dropout: float):
        super().__init__()
        self.heads, self.width = heads, width
        self.before_attention, self.before_feed = nn.LayerNorm(width), nn.LayerNorm(width)
        self.query_key_value, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.feed = nn.Sequential(nn.Linear(width, 2 * width), nn.ReLU(), nn.Dropout(dropout), nn.Linear(2 * width, width))
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, hidden: Tensor) -> Tensor:
        length, size = x.shape[1], self.width // self.heads
        query, key, value = (
            part.reshape(-1, length, self.heads, size).transpose(1, 2) for part in self.query_key_value(self.before_attention(x)).chunk(3, dim=2))
        weights = torch.softmax(query @ key.transpose(2, 3) / size ** 0.5 + hidden, dim=3)
        x = x + self.dropout(self.out((weights @ value).transpose(1, 2).reshape(-1, length, self.width)))
        return x + self.dropout(self.feed(self.before_feed(x)))
