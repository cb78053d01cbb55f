"""A manifest for a text encoder that others trained: an ONNX file and its vocabulary, such as a published BERT."""

from pathlib import Path
from typing import List, Optional

import numpy as np
import onnx
from onnx import TensorProto

from ..serving.runtime import run_graph
from .manifest import write_manifest
from .word_pieces import Vocabulary, WordPieceTokenizer

_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_POOLED, _STATES = "embedding", "last_hidden_state"


def describe_published(graph: str, vocabulary: str, name: str, version: str, max_tokens: int, cased: bool, data_name: str, licence: str) -> Path:
    """
    Checks that the service can run the graph with this vocabulary, and writes NAME.json beside it, whose path is returned. ValueError names what does not fit:
    an input or output, their types, a size that is not fixed, more pieces than the graph's table has rows, weights outside the file, or files apart.
    """
    file, words_file = Path(graph), Path(vocabulary)
    if file.resolve().parent != words_file.resolve().parent:
        raise ValueError(f"{graph} and {vocabulary} must lie in one folder, where the manifest goes")
    if not 3 <= max_tokens <= 8192:
        raise ValueError(f"--max-tokens {max_tokens} is not between 3 and 8192")
    words, model = Vocabulary.read(vocabulary), _read(graph)
    size = _check_shapes(graph, model)
    rows = _table_rows(model)
    if rows is not None and rows < len(words):
        raise ValueError(f"{vocabulary} has {len(words)} pieces, the graph's table {rows} rows: this vocabulary belongs to another model")
    described = {"metrics": {}, "data": {"name": data_name, "licence": licence}, "training": {"command": "", "seed": None, "toolkit": ""}}
    return write_manifest(file, words_file, name, version, _precision(model), max_tokens, not cased, size, described)


def check_published(graph: str, vocabulary: str, max_tokens: int, cased: bool) -> List[str]:
    """Runs the graph in ONNX Runtime on one word and on a text as long as allowed, alone and together: the result must be finite and not depend on padding."""
    words = Vocabulary.read(vocabulary)
    tokenizer = WordPieceTokenizer(words, not cased, max_tokens)
    texts = [tokenizer.tokenize("good"), tokenizer.tokenize("good " * max_tokens)]
    names = [i.name for i in _read(graph).graph.input]
    together = _embed(graph, names, texts, words.padding)
    alone = np.concatenate([_embed(graph, names, [t], words.padding) for t in texts])
    if not np.isfinite(together).all():
        raise ValueError(f"{graph} gives numbers that are not finite for texts of {len(texts[1])} pieces")
    difference = float(np.abs(together - alone).max())
    if difference > 1e-3:
        raise ValueError(f"{graph}: a text's embedding differs by {difference:.1e} when another shares its batch: the graph does not heed attention_mask")
    return [f"{len(texts[1])} pieces run; alone and in a batch differ by at most {difference:.1e}"]


def _embed(graph: str, names: List[str], texts: List[List[int]], padding: int) -> np.ndarray:
    longest = max(len(t) for t in texts)
    ids = np.array([[*t, *[padding] * (longest - len(t))] for t in texts], np.int64)
    mask = np.array([[1] * len(t) + [0] * (longest - len(t)) for t in texts], np.int64)
    found = run_graph(graph, {n: v for n, v in zip(_INPUTS, (ids, mask, np.zeros_like(ids))) if n in names})
    if _POOLED in found:
        return found[_POOLED]
    return (found[_STATES] * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)


def _read(graph: str) -> onnx.ModelProto:
    try:
        model = onnx.load(graph, load_external_data=False)
    except OSError:
        raise
    except Exception as e:  # The parser's errors have no common base.
        raise ValueError(f"{graph} is not an ONNX file: {e}") from e
    if any(i.data_location == TensorProto.EXTERNAL for i in model.graph.initializer):
        raise ValueError(f"{graph} keeps weights in other files; save it as one (onnx.save_model(…, save_as_external_data=False))")
    return model


def _check_shapes(graph: str, model: onnx.ModelProto) -> int:
    """The embedding's size."""
    weights = {i.name for i in model.graph.initializer}
    inputs = {v.name: v.type.tensor_type for v in model.graph.input if v.name not in weights}
    outputs = {v.name: v.type.tensor_type for v in model.graph.output}
    for name in _INPUTS[:2]:
        if name not in inputs:
            raise ValueError(f"{graph} has no input {name}: {', '.join(inputs)}")
    for name, kind in inputs.items():
        if name not in _INPUTS:
            raise ValueError(f"{graph} wants an input {name}, which the service does not give; it gives {', '.join(_INPUTS)}")
        if kind.elem_type != TensorProto.INT64 or len(kind.shape.dim) != 2:
            raise ValueError(f"{graph}: input {name} is {_describe(kind)}, not INT64 with two dimensions")
        if any(d.dim_value for d in kind.shape.dim):
            raise ValueError(f"{graph}: input {name} has the fixed shape {_describe(kind)}; export it with dynamic axes")
    name = _POOLED if _POOLED in outputs else _STATES
    if name not in outputs:
        raise ValueError(f"{graph} has neither an output {_POOLED} nor {_STATES}: {', '.join(outputs)}")
    kind = outputs[name]
    if kind.elem_type != TensorProto.FLOAT or len(kind.shape.dim) != (2 if name == _POOLED else 3):
        raise ValueError(f"{graph}: output {name} is {_describe(kind)}, not FLOAT with {'two' if name == _POOLED else 'three'} dimensions")
    size = kind.shape.dim[-1].dim_value
    if size < 1:
        raise ValueError(f"{graph}: the last dimension of output {name} is not fixed: {_describe(kind)}")
    return size


def _describe(kind) -> str:
    return f"{TensorProto.DataType.Name(kind.elem_type)} [{', '.join(str(d.dim_value or d.dim_param or '?') for d in kind.shape.dim)}]"


def _table_rows(model: onnx.ModelProto) -> Optional[int]:
    """Rows of the table in which input_ids are looked up, None when that is not to be seen."""
    weights = {i.name: list(i.dims) for i in model.graph.initializer}
    return next((weights[n.input[0]][0] for n in model.graph.node if n.op_type == "Gather" and n.input[1] == "input_ids" and weights.get(n.input[0])), None)


def _precision(model: onnx.ModelProto) -> str:
    """What most of the weights are stored in."""
    sizes = {}
    for weight in model.graph.initializer:
        sizes[weight.data_type] = sizes.get(weight.data_type, 0) + int(np.prod(weight.dims))
    largest = max(sizes, key=sizes.get, default=TensorProto.FLOAT)
    return {TensorProto.FLOAT16: "float16", TensorProto.INT8: "int8", TensorProto.UINT8: "int8"}.get(largest, "float32")
