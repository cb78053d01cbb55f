"""Does the exported graph say what the network says, and what does a smaller precision cost?"""

from typing import Dict, List, Optional

import numpy as np

from ..serving.runtime import run_graph
from .batches import pad
from .comparison import logistic_auc
from .graph import INPUTS, OUTPUT
from .table import TextTable
from .training import TrainedText

_TEXTS = ("", "good", "Too small, sent it back. Twice!", "ça va? \u4f60\u597d", "word " * 400)
_BATCH = 256


def judged_metrics(model: TrainedText, table: TextTable, embeddings: np.ndarray) -> Dict:
    """AUC of every label on the table's test rows by logistic regression on the embeddings of its training rows: the manifest's `metrics`."""
    test, heads, metrics = table.test, model.network.shape.heads, {}
    truth = table.labels(heads)
    for i, head in enumerate(heads):
        known = truth[:, i] >= 0
        metrics[head.column] = {"auc": round(logistic_auc(embeddings, truth[:, i], known & ~test, known & test), 4)}
    return metrics


def check_graph(model: TrainedText, path: str, table: Optional[TextTable]) -> List[str]:
    """
    Runs the graph in ONNX Runtime on a few texts, or on a table's, and tells the greatest difference from the network and, on a table, the graph's own metrics.
    """
    texts = table.texts if table else list(_TEXTS)
    tokenizer = model.tokenizer
    sequences = [tokenizer.tokenize(t) for t in texts]
    expected = model.embed(texts)
    found, order = np.zeros_like(expected), np.argsort([len(s) for s in sequences], kind="stable")
    for start in range(0, len(order), _BATCH * 16):
        chosen = order[start:start + _BATCH * 16]
        ids, mask = pad([sequences[i] for i in chosen], model.vocabulary.padding)
        found[chosen] = run_graph(path, dict(zip(INPUTS, (ids.numpy(), mask.numpy()))))[OUTPUT]
    lines = [f"{OUTPUT}: differs from the network by at most {float(np.abs(found - expected).max()):.2e}"]
    if table:
        lines += [f"{label}: AUC {values['auc']:.4f}" for label, values in judged_metrics(model, table, found).items()]
    return lines
