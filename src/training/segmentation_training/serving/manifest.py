"""NAME.onnx and NAME.json: a model as the service takes it."""

import hashlib
import json
from pathlib import Path
from typing import Dict

import onnx

from .. import __version__
from ..dataset.features import current_schema
from ..dataset.tokens import TOKENS_VERSION
from ..learning.training import TrainedModel
from .graph import build_graph
from .precision import to_precision


def write_model(
        model: TrainedModel, folder: str, name: str, version: str, precision: str = "float32", metrics: Dict = None, command: str = "") -> Path:
    """Writes the graph and its manifest, and returns the path of the graph. The manifest is written last: a graph without one is not complete."""
    network = model.network
    if network.settings.features != len(current_schema().columns):
        raise ValueError(f"the model reads {network.settings.features} features, the schema {current_schema().hash} has {len(current_schema().columns)}")
    path = Path(folder) / f"{name}.onnx"
    path.parent.mkdir(parents=True, exist_ok=True)
    graph = to_precision(build_graph(network), precision)
    onnx.save(graph, str(path))
    manifest = {
        "manifest": 1,
        "name": name,
        "version": version,
        "kind": "sequence",
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "precision": precision,
        "tokens": TOKENS_VERSION,
        "featureSchema": current_schema().hash,
        "featureColumns": network.settings.features,
        "stateSize": network.state_size,
        "embeddingSize": network.settings.embedding,
        "heads": [{"name": h.name, "classes": h.classes} for h in network.settings.heads],
        "metrics": metrics or {},
        "data": model.data,
        "training": {"command": command, "seed": model.training.seed, "toolkit": __version__},
    }
    path.with_suffix(".json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
    return path
