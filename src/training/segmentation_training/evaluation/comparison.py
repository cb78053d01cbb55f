"""All models side by side: trained on the same samples before the cut-off, judged on the same test customers after it."""

import json
import math
from typing import Any, Callable, Dict, List

import numpy as np

from ..dataset.events import History
from ..dataset.folder import DatasetFolder
from ..dataset.split import fold
from ..learning.baselines import BASELINES
from ..learning.heads import predict
from ..learning.repeatable import device as best_device
from ..learning.samples import Samples, join_shops, load_test
from ..learning.settings import TrainingSettings
from ..learning.training import TrainedModel, fit, load_shops
from ..networks.sequence_model import ENCODERS, ModelSettings
from .fairness import by_group, groups
from .measures import bootstrap, measure, per_class

MEASURES = ("accuracy", "recall", "macroF1", "balancedF1", "auc", "calibrationError")


def compare(
        folder: DatasetFolder, shape: ModelSettings, settings: TrainingSettings, models: List[str], say: Callable[[str], None],
        trained: TrainedModel = None) -> Dict:
    """
    Trains each named model (an encoder, or a key of BASELINES) and measures its main heads. `trained` is judged beside them as "given". Returns
    {head: {"classes", "models": {name: {measures, intervals, perClass, fairness}}}}.
    """
    shops, shape = load_shops([folder], shape, settings)
    samples = join_shops(shops)
    heads = shape.heads
    test, histories, _ = load_test(folder, settings, heads)
    people = [histories[c] for c in test.customers]
    say(f"{len(samples)} training samples, {len(test)} test customers")
    results = {h.name: {"classes": h.classes, "models": {}} for h in heads if h.horizon_days == settings.horizon_days[-1]}

    def judge(name: str, answers: Dict[int, np.ndarray]) -> None:
        for i, head in enumerate(heads):
            if i in answers and head.name in results:
                shares = np.bincount(samples.labels[samples.labels[:, i] >= 0, i], minlength=len(head.classes)).astype(float)
                results[head.name]["models"][name] = _judged(test.labels[:, i], answers[i], shares / shares.sum(), head.classes, people, folder, settings)

    for name in models:
        say(f"training {name}")
        if name in ENCODERS:
            network, _ = fit(shops, samples, ModelSettings.from_dict({**shape.to_dict(), "encoder": name}), settings, lambda line: None)
            judge(name, dict(enumerate(predict(network, test, best_device()))))
        else:
            judge(name, {i: _baseline(name, samples, test, i, len(h.classes), settings) for i, h in enumerate(heads) if h.name in results})
    if trained is not None:
        answers = dict(zip([h.name for h in trained.network.settings.heads], predict(trained.network.to(best_device()), test, best_device())))
        judge("given", {i: answers[h.name] for i, h in enumerate(heads) if h in trained.network.settings.heads})
    return results


def to_json(results: Dict) -> str:
    """The numbers for other tools; null where there is none, such as the AUC of a group with one class: JSON knows no NaN."""
    return json.dumps(_with_nulls(results), indent=1, allow_nan=False) + "\n"


def table(results: Dict) -> str:
    """Markdown: one table a head."""
    lines = []
    for head, found in results.items():
        lines += [f"**{head}** ({', '.join(found['classes'])})", "", "| model | " + " | ".join(MEASURES) + " |", "|---|" + "---:|" * len(MEASURES)]
        for name, values in found["models"].items():
            cells = []
            for m in MEASURES:
                interval = values["intervals"].get(m)
                cells.append(f"{values[m]:.3f}" + (f" ({interval[0]:.3f}–{interval[1]:.3f})" if interval else ""))
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
        lines.append("")
    return "\n".join(lines)


def details(results: Dict) -> str:
    """Markdown: each class, and each group of people, for every model."""
    lines = []
    for head, found in results.items():
        lines += [f"**{head} by class**", "", "| model | class | count | recall | precision | F1 | AUC |", "|---|---|---:|---:|---:|---:|---:|"]
        for name, values in found["models"].items():
            lines += [
                f"| {name} | {r['class']} | {r['count']} | {r['recall']:.3f} | {r['precision']:.3f} | {r['f1']:.3f} | {r['auc']:.3f} |"
                for r in values["perClass"]]
        rows = [(name, trait, r) for name, values in found["models"].items() for trait, groups_ in values["fairness"].items() for r in groups_]
        if rows:
            last = found["classes"][-1]
            lines += [
                "", f"**{head} by group of people**", "", f"| model | trait | group | count | AUC | balanced macro-F1 | said {last} | are {last} |",
                "|---|---|---|---:|---:|---:|---:|---:|"]
            lines += [
                f"| {name} | {trait} | {r['group']} | {r['count']} | {r['auc']:.3f} | {r['balancedF1']:.3f} | {r['said']:.3f} | {r['true']:.3f} |"
                for name, trait, r in rows]
        lines.append("")
    return "\n".join(lines)


def _with_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _with_nulls(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_nulls(v) for v in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _judged(truth, probabilities, prior, classes: List[str], people: List[History], folder: DatasetFolder, settings: TrainingSettings) -> Dict:
    known = np.flatnonzero(truth >= 0)
    truth, probabilities = truth[known], probabilities[known]
    values = measure(truth, probabilities, prior)
    values["intervals"] = {
        name: bootstrap(lambda i, name=name: measure(truth[i], probabilities[i], prior)[name], len(truth), settings.seed) for name in ("macroF1", "auc")}
    values["perClass"] = per_class(truth, probabilities, classes)
    members = groups([people[i] for i in known], folder.cutoff_ms)
    values["fairness"] = {trait: by_group(truth, probabilities, prior, membership) for trait, membership in members.items()}
    return values


def _baseline(name: str, samples: Samples, test: Samples, head: int, classes: int, settings: TrainingSettings) -> np.ndarray:
    known = samples.labels[:, head] >= 0
    train = samples.part(known)
    held_out = np.array([fold(c, 5) == 0 for c in train.customers])
    return BASELINES[name](train.features, train.labels[:, head], held_out, classes, settings)(test.features)
