"""The text encoder as an ONNX graph, as SPECIFICATION.md wants it."""

import io
import warnings

import onnx
import torch

from ..serving.graph import OPSET
from .network import TextNetwork

INPUTS = ("input_ids", "attention_mask")
OUTPUT = "embedding"


def build_graph(network: TextNetwork) -> onnx.ModelProto:
    """The float32 graph, with B and T free."""
    network = network.eval().cpu()
    ids = torch.full((2, 5), 3, dtype=torch.int64)
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        # The exporter warns of shapes that it does not infer; the tests run several.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network, (ids, torch.ones_like(ids)), buffer, opset_version=OPSET, do_constant_folding=True, input_names=list(INPUTS), output_names=[OUTPUT],
            dynamic_axes={**{name: {0: "B", 1: "T"} for name in INPUTS}, OUTPUT: {0: "B"}})
    model = onnx.load_from_string(buffer.getvalue())
    model.doc_string, model.producer_name, model.producer_version = "", "segmentation_training", ""
    onnx.checker.check_model(model)
    return model
