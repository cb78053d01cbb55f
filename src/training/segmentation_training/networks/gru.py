"""The recurrent encoder: one step an event."""

import torch
from torch import Tensor, nn

from .token_layer import TokenLayer


class GruEncoder(nn.Module):
    """A gated recurrent unit (Cho et al. 2014) over tokens. The state is its hidden vector, in (-1, 1)."""

    def __init__(self, width: int, hidden: int, product_dropout: float, category_dropout: float):
        super().__init__()
        self.tokens = TokenLayer(width, product_dropout, category_dropout)
        self.cell = nn.GRU(width, hidden, batch_first=True)
        self.state_size = self.summary_size = hidden

    def forward(self, events: Tensor, lengths: Tensor, state: Tensor) -> Tensor:
        """events [B, T, 11], lengths [B], state [B, H] -> the state after each sequence's last event, [B, H]."""
        steps, _ = self.cell(self.tokens(events), state.unsqueeze(0))
        last = (lengths - 1).clamp(min=0).reshape(-1, 1, 1).expand(-1, 1, self.state_size)
        return torch.where((lengths > 0).unsqueeze(1), torch.gather(steps, 1, last)[:, 0], state)

    def summary(self, state: Tensor) -> Tensor:
        """What the embedding is made from: the state itself."""
        return state
