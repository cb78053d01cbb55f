"""Turns rows of 11 numbers into vectors."""

import torch
from torch import Tensor, nn

from ..dataset.tokens import (
    AMOUNT, CATEGORY, CATEGORY_SLOTS, CHANNEL, CHANNELS, DEVICE, DEVICES, DISCOUNTED, GAP, HOUR, KIND, KINDS, PRODUCT, PRODUCT_SLOTS, QUANTITY, WEEKDAY)

# Divisors bring ln(1 + x) of the usual range near 0 to 1: a year in seconds, 3,000 in money, 50 units.
_GAP_SCALE, _AMOUNT_SCALE, _QUANTITY_SCALE = 17.0, 8.0, 4.0
_NUMBERS = 9


class TokenLayer(nn.Module):
    """
    [B, T, 11] -> [B, T, width]: the sum of one learned vector for kind, category, product, channel and device, and of a linear map of the numbers, then ReLU.

    product_dropout, category_dropout: how often, in training, a sequence's products or categories are hidden, so that the encoder does not lean on names
    that another shop does not have; 1 leaves them out for good.
    """

    def __init__(self, width: int, product_dropout: float, category_dropout: float):
        super().__init__()
        self.kind = nn.Embedding(len(KINDS), width)
        self.category = nn.Embedding(CATEGORY_SLOTS, width)
        self.product = nn.Embedding(PRODUCT_SLOTS, width)
        self.channel = nn.Embedding(len(CHANNELS), width)
        self.device = nn.Embedding(len(DEVICES), width)
        self.numbers = nn.Linear(_NUMBERS, width)
        self.product_dropout, self.category_dropout = product_dropout, category_dropout
        for table in (self.kind, self.category, self.product, self.channel, self.device):
            nn.init.normal_(table.weight, std=0.1)

    def forward(self, rows: Tensor) -> Tensor:
        total = self.numbers(_numbers(rows)) + self.kind(_index(rows, KIND, len(KINDS)))
        total = total + self.channel(_index(rows, CHANNEL, len(CHANNELS))) + self.device(_index(rows, DEVICE, len(DEVICES)))
        total = self._add(total, self.category(_index(rows, CATEGORY, CATEGORY_SLOTS)), self.category_dropout)
        return torch.relu(self._add(total, self.product(_index(rows, PRODUCT, PRODUCT_SLOTS)), self.product_dropout))

    def _add(self, total: Tensor, named: Tensor, dropout: float) -> Tensor:
        if dropout >= 1:
            return total
        if self.training and dropout > 0:
            kept = torch.rand(named.shape[0], 1, 1, device=named.device) >= dropout
            named = named * kept
        return total + named


def _index(rows: Tensor, column: int, count: int) -> Tensor:
    return rows[:, :, column].clamp(0, count - 1).long()


def _numbers(rows: Tensor) -> Tensor:
    hour = rows[:, :, HOUR:HOUR + 1] * (2 * torch.pi / 24)
    weekday = rows[:, :, WEEKDAY:WEEKDAY + 1] * (2 * torch.pi / 7)
    gap = rows[:, :, GAP:GAP + 1] / _GAP_SCALE
    return torch.cat([
        gap, gap * gap, torch.sin(hour), torch.cos(hour), torch.sin(weekday), torch.cos(weekday), rows[:, :, AMOUNT:AMOUNT + 1] / _AMOUNT_SCALE,
        rows[:, :, QUANTITY:QUANTITY + 1] / _QUANTITY_SCALE, rows[:, :, DISCOUNTED:DISCOUNTED + 1]], dim=2)
