"""NAME.onnx, NAME.vocab.txt and NAME.json: a text encoder as the service takes it."""

import hashlib
import json
from pathlib import Path
from typing import Dict

import onnx

from .. import __version__
from ..serving.precision import to_precision
from .graph import build_graph
from .training import TrainedText


def write_text_model(model: TrainedText, folder: str, name: str, version: str, precision: str = "float32", metrics: Dict = None, command: str = "") -> Path:
    """Writes graph, vocabulary and manifest, and returns the path of the graph. The manifest is written last: a graph without one is not complete."""
    path = Path(folder) / f"{name}.onnx"
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(to_precision(build_graph(model.network), precision), str(path))
    vocabulary = path.with_suffix(".vocab.txt")
    model.vocabulary.write(str(vocabulary))
    shape = model.network.shape
    described = {"metrics": metrics or {}, "data": model.data, "training": {"command": command, "seed": model.training.seed, "toolkit": __version__}}
    write_manifest(path, vocabulary, name, version, precision, shape.max_tokens, not shape.cased, shape.embedding, described)
    return path


def write_manifest(
        graph: Path, vocabulary: Path, name: str, version: str, precision: str, max_tokens: int, lower_case: bool, embedding_size: int,
        described: Dict) -> Path:
    """Writes NAME.json beside the graph and returns its path. described: what else it says, such as metrics, data and training."""
    manifest = {
        "manifest": 1,
        "name": name,
        "version": version,
        "kind": "text",
        "file": graph.name,
        "sha256": _digest(graph),
        "precision": precision,
        "vocabulary": vocabulary.name,
        "vocabularySha256": _digest(vocabulary),
        "maxTokens": max_tokens,
        "lowerCase": lower_case,
        "embeddingSize": embedding_size,
        **described,
    }
    path = graph.with_name(f"{name}.json")
    path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
    return path


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
