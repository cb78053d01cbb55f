"""
Checkpoints: a trained network's tensors, and everything else as JSON. Reading one runs nothing that is in it, so a checkpoint from elsewhere is no worse than data.
"""

import json
import pickle
from typing import Dict, Tuple

import torch
from torch import nn

from .. import __version__


def write_checkpoint(path: str, kind: str, network: nn.Module, values: Dict) -> None:
    """kind: the command that reads it back; values: what JSON can hold."""
    described = json.dumps({"toolkit": __version__, "kind": kind, **values}, ensure_ascii=False)
    torch.save({"described": described, "weights": {k: v.cpu() for k, v in network.state_dict().items()}}, path)


def read_checkpoint(path: str, kind: str) -> Tuple[Dict, Dict[str, torch.Tensor]]:
    """The values and the weights. Raises ValueError when it is not a checkpoint of this kind."""
    try:
        stored = torch.load(path, map_location="cpu", weights_only=True)
        values = json.loads(stored["described"])
        if values["kind"] == kind:
            return values, stored["weights"]
    except (pickle.UnpicklingError, EOFError, RuntimeError, KeyError, TypeError, ValueError, AttributeError, IndexError) as e:
        raise ValueError(f"{path} is not a checkpoint of {kind}") from e
    raise ValueError(f"{path} is not a checkpoint of {kind} but of {values['kind']}")
