"""Does the exported graph say what the network says, and what does a smaller precision cost?"""

from typing import Dict, List, Optional

import numpy as np
import torch

from ..dataset.folder import DatasetFolder, open_folder
from ..learning.batches import pad
from ..learning.heads import predict
from ..learning.samples import Samples, load_test
from ..learning.training import TrainedModel
from ..serving.graph import OUTPUTS
from ..serving.runtime import run_graph
from .measures import auc, measure


def judged_metrics(model: TrainedModel, folder: DatasetFolder) -> Dict:
    """macroF1 and auc of every head on the folder's test customers, where they show two classes: the manifest's `metrics`."""
    test, _, _ = load_test(folder, model.training, model.network.settings.heads)
    return _metrics(model, test, predict(model.network, test, torch.device("cpu")))


def check_graph(model: TrainedModel, path: str, folder: Optional[str]) -> List[str]:
    """
    Runs the graph in ONNX Runtime on random sequences, or on a folder's test customers, and tells the greatest difference from the network for each output
    and, on a folder, the graph's own metrics.
    """
    network = model.network
    if folder:
        samples, _, _ = load_test(open_folder(folder), model.training, network.settings.heads)
        events, lengths = pad(samples.sequences, torch.device("cpu"))
        features = samples.features
    else:
        samples = None
        random = np.random.default_rng(1)
        lengths = torch.from_numpy(random.integers(0, 9, 32))
        events = torch.from_numpy(random.integers(0, 5, (32, 8, 11)).astype(np.float32))
        features = random.exponential(10, (32, network.settings.features)).astype(np.float32)
    state = torch.zeros(len(lengths), network.state_size)
    with torch.no_grad():
        expected = network(events, lengths, state, torch.from_numpy(features))
    found = run_graph(path, {"events": events.numpy(), "lengths": lengths.numpy(), "state": state.numpy(), "features": features})
    lines = [f"{name}: differs from the network by at most {float(np.abs(found[name] - e.numpy()).max()):.2e}" for name, e in zip(OUTPUTS, expected)]
    if samples is not None:
        split = np.cumsum([len(h.classes) for h in network.settings.heads])[:-1]
        answers = np.split(found["probabilities"].astype(np.float64), split, axis=1)
        for name, values in _metrics(model, samples, answers).items():
            lines.append(f"{name}: macro-F1 {values['macroF1']:.4f}, AUC {values['auc']:.4f}")
    return lines


def _metrics(model: TrainedModel, samples: Samples, answers: List[np.ndarray]) -> Dict:
    metrics = {}
    for i, head in enumerate(model.network.settings.heads):
        known = samples.labels[:, i] >= 0
        truth = samples.labels[known, i]
        if len(np.unique(truth)) > 1:
            probabilities = answers[i][known] / answers[i][known].sum(1, keepdims=True)
            values = measure(truth, probabilities, np.full(len(head.classes), 1 / len(head.classes)))
            metrics[head.name] = {"macroF1": round(values["macroF1"], 4), "auc": round(auc(truth, probabilities), 4)}
    return metrics
