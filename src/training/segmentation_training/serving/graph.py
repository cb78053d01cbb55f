"""The network as an ONNX graph, as SPECIFICATION.md wants it."""

import io
import warnings
from typing import Tuple

import onnx
import torch

from ..dataset.tokens import COLUMNS
from ..networks.sequence_model import SequenceModel

OPSET = 14
INPUTS = ("events", "lengths", "state", "features")
OUTPUTS = ("state_out", "embedding", "probabilities")


def build_graph(network: SequenceModel) -> onnx.ModelProto:
    """The float32 graph, with B and T free."""
    network = network.eval().cpu()
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        # The exporter warns of batch sizes (the tests run several) and of shapes that it does not infer.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network, example(network, customers=2, events=3), buffer, opset_version=OPSET, do_constant_folding=True,
            input_names=list(INPUTS), output_names=list(OUTPUTS),
            dynamic_axes={"events": {0: "B", 1: "T"}, **{name: {0: "B"} for name in INPUTS[1:] + OUTPUTS}})
    model = onnx.load_from_string(buffer.getvalue())
    model.doc_string, model.producer_name, model.producer_version = "", "segmentation_training", ""
    onnx.checker.check_model(model)
    return model


def example(network: SequenceModel, customers: int, events: int) -> Tuple[torch.Tensor, ...]:
    """Inputs of the right shapes: zeros, every sequence full."""
    return (
        torch.zeros(customers, events, len(COLUMNS)), torch.full((customers,), events, dtype=torch.int64),
        torch.zeros(customers, network.state_size), torch.zeros(customers, network.settings.features))
