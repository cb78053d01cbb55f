"""
Smaller graphs by replacing nodes.

float16: weights of GRU, MatMul, Gemm, Conv and of the tables are stored in half precision, and these nodes compute in it; indexes, gaps, feature scaling
and softmax stay in float32, where half precision would overflow. ONNX Runtime's CPU provider computes such nodes in float32, GPUs in half.

int8: MatMul and Gemm become DynamicQuantizeLinear + MatMulInteger with symmetric weights, one scale a column. ONNX Runtime has no GRU in integers, so
the GRU's weights, the tables and convolutions are stored as int8 with one scale a row and expanded when the graph is loaded: a quarter of the size,
float32 in speed.
"""

import copy
from typing import Callable, Dict, List

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

PRECISIONS = ("float32", "float16", "int8")
_SMALL = 256


def to_precision(model: onnx.ModelProto, precision: str) -> onnx.ModelProto:
    """A copy of a float32 graph in another precision."""
    if precision == "float32":
        return model
    if precision not in PRECISIONS:
        raise ValueError(f"precision {precision}: one of {', '.join(PRECISIONS)}")
    changed = copy.deepcopy(model)
    rewriter = _Rewriter(changed.graph)
    rewriter.run(_half_node if precision == "float16" else _int8_node)
    onnx.checker.check_model(changed)
    return changed


class _Rewriter:
    """Goes through the nodes; a rule answers with what stands in a node's place, or with None to leave it."""

    def __init__(self, graph: onnx.GraphProto):
        self.graph = graph
        self.weights: Dict[str, np.ndarray] = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
        self.added: Dict[str, np.ndarray] = {}
        self.expanded: List[onnx.NodeProto] = []

    def run(self, rule: Callable) -> None:
        nodes = []
        for node in self.graph.node:
            replacement = rule(self, node)
            nodes += [node] if replacement is None else replacement
        del self.graph.node[:]
        self.graph.node.extend(self.expanded + nodes)
        used = {name for node in self.graph.node for name in node.input}
        kept = [i for i in self.graph.initializer if i.name in used]
        del self.graph.initializer[:]
        self.graph.initializer.extend(kept + [numpy_helper.from_array(v, k) for k, v in self.added.items()])

    def is_weight(self, name: str) -> bool:
        return name in self.weights and self.weights[name].dtype == np.float32 and self.weights[name].ndim >= 1

    def is_large(self, name: str) -> bool:
        return self.is_weight(name) and self.weights[name].ndim >= 2 and self.weights[name].size >= _SMALL

    def add(self, name: str, value: np.ndarray) -> str:
        self.added[name] = value
        return name

    def packed(self, name: str) -> str:
        """A weight stored as int8 with one scale a row (of the last axis), and the nodes that expand it: a constant, folded at loading."""
        value = self.weights[name]
        expanded = f"{name}_expanded"
        if f"{name}_int8" not in self.added:
            scale = np.maximum(np.abs(value).max(axis=-1, keepdims=True), 1e-12) / 127
            self.add(f"{name}_int8", np.round(value / scale).astype(np.int8))
            self.add(f"{name}_scale", scale.astype(np.float32))
            self.expanded += [
                helper.make_node("Cast", [f"{name}_int8"], [f"{name}_cast"], to=TensorProto.FLOAT),
                helper.make_node("Mul", [f"{name}_cast", f"{name}_scale"], [expanded])]
        return expanded


def _half_node(rewriter: _Rewriter, node: onnx.NodeProto):
    if node.op_type == "Gather" and rewriter.is_large(node.input[0]):
        table = rewriter.add(f"{node.input[0]}_half", rewriter.weights[node.input[0]].astype(np.float16))
        gathered = helper.make_node("Gather", [table, node.input[1]], [f"{node.output[0]}_half"])
        gathered.attribute.extend(node.attribute)
        return [gathered, helper.make_node("Cast", [f"{node.output[0]}_half"], [node.output[0]], to=TensorProto.FLOAT)]
    if node.op_type not in ("GRU", "MatMul", "Gemm", "Conv") or not any(rewriter.is_large(name) for name in node.input):
        return None
    before, inputs = [], []
    for position, name in enumerate(node.input):
        if not name or (node.op_type == "GRU" and position == 4):
            inputs.append(name)
        elif rewriter.is_weight(name):
            inputs.append(rewriter.add(f"{name}_half", rewriter.weights[name].astype(np.float16)))
        else:
            before.append(helper.make_node("Cast", [name], [f"{node.output[0] or node.output[1]}_in{position}"], to=TensorProto.FLOAT16))
            inputs.append(before[-1].output[0])
    outputs = [f"{name}_half" if name else "" for name in node.output]
    half = helper.make_node(node.op_type, inputs, outputs, name=node.name)
    half.attribute.extend(node.attribute)
    return [*before, half, *(helper.make_node("Cast", [h], [name], to=TensorProto.FLOAT) for h, name in zip(outputs, node.output) if name)]


def _int8_node(rewriter: _Rewriter, node: onnx.NodeProto):
    if node.op_type in ("GRU", "Conv", "Gather") and any(rewriter.is_large(name) for name in node.input):
        changed = copy.deepcopy(node)
        for position, name in enumerate(node.input):
            if rewriter.is_large(name):
                changed.input[position] = rewriter.packed(name)
        return [changed]
    if node.op_type not in ("MatMul", "Gemm") or not rewriter.is_large(node.input[1]):
        return None
    attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    weight = rewriter.weights[node.input[1]]
    if attributes.get("transB"):
        weight = weight.T
    if attributes.get("transA") or attributes.get("alpha", 1.0) != 1.0 or attributes.get("beta", 1.0) != 1.0:
        return None
    return _dynamic_product(rewriter, node, weight)


def _dynamic_product(rewriter: _Rewriter, node: onnx.NodeProto, weight: np.ndarray) -> List[onnx.NodeProto]:
    name, out = node.input[1], node.output[0]
    scale = np.maximum(np.abs(weight).max(axis=0), 1e-12) / 127
    rewriter.add(f"{name}_int8", np.round(weight / scale).astype(np.int8))
    rewriter.add(f"{name}_scale", scale.astype(np.float32))
    bias = node.input[2] if len(node.input) > 2 else None
    product = f"{out}_product" if bias else out
    nodes = [
        helper.make_node("DynamicQuantizeLinear", [node.input[0]], [f"{out}_q", f"{out}_s", f"{out}_z"]),
        helper.make_node("MatMulInteger", [f"{out}_q", f"{name}_int8", f"{out}_z"], [f"{out}_sum"]),
        helper.make_node("Cast", [f"{out}_sum"], [f"{out}_float"], to=TensorProto.FLOAT),
        helper.make_node("Mul", [f"{out}_s", f"{name}_scale"], [f"{out}_scale"]),
        helper.make_node("Mul", [f"{out}_float", f"{out}_scale"], [product])]
    return nodes + ([helper.make_node("Add", [product, bias], [out])] if bias else [])
