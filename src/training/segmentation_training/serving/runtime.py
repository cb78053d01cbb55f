"""
ONNX Runtime for checks. Debian has none for Python, so a short script for Node.js and the npm package onnxruntime-node do the running; the package is found in
SEGMENTATION_ONNXRUNTIME_NODE, or installed once into the user's cache.
"""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Dict, Optional

import numpy as np

PACKAGE = "onnxruntime-node@1.30.0"
_SCRIPT = Path(__file__).with_name("run_graph.cjs")


class RuntimeMissing(RuntimeError):
    """Node.js or the package cannot be had."""


def find_runtime() -> str:
    """The folder that holds node_modules/onnxruntime-node, installed when missing. Raises RuntimeMissing."""
    given = os.environ.get("SEGMENTATION_ONNXRUNTIME_NODE")
    folder = Path(given) if given else Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "segmentation-training"
    if not (folder / "node_modules" / "onnxruntime-node" / "package.json").exists():
        if not shutil.which("npm") or not shutil.which("node"):
            raise RuntimeMissing("Node.js with npm is missing: ONNX Runtime runs through it")
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--prefix", str(folder), "--ignore-scripts", "--no-save", "--no-audit", "--no-fund", "--loglevel=error", PACKAGE]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise RuntimeMissing(f"{PACKAGE} could not be installed: {done.stdout.strip()[-500:]}")
    return str(folder)


def run_graph(path: str, inputs: Dict[str, np.ndarray], runtime: Optional[str] = None) -> Dict[str, np.ndarray]:
    """Runs a graph on CPU. Inputs are float32 or int64; outputs come back as float32."""
    runtime = runtime or find_runtime()
    with tempfile.TemporaryDirectory() as folder:
        listing = []
        for name, value in inputs.items():
            kind = {"float32": "float32", "int64": "int64"}[str(value.dtype)]
            np.ascontiguousarray(value).tofile(Path(folder, f"{name}.bin"))
            listing.append({"name": name, "type": kind, "dims": list(value.shape)})
        Path(folder, "inputs.json").write_text(json.dumps(listing), encoding="utf-8")
        done = subprocess.run(["node", str(_SCRIPT), runtime, os.path.abspath(path), folder], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"ONNX Runtime refused {path}: {done.stderr.strip()[-1500:]}")
        outputs = json.loads(Path(folder, "outputs.json").read_text(encoding="utf-8"))
        return {o["name"]: np.fromfile(Path(folder, f"out-{o['name']}.bin"), np.float32).reshape(o["dims"]) for o in outputs}
