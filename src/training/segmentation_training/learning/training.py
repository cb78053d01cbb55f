"""From training folders to a model."""

from dataclasses import dataclass
from typing import Callable, Dict, List, Tuple

import numpy as np

from ..dataset.folder import DatasetFolder
from ..dataset.split import fold
from ..networks.sequence_model import ModelSettings, SequenceModel
from .checkpoint import read_checkpoint, write_checkpoint
from .contrastive import pretrain
from .heads import fit_heads
from .repeatable import device as best_device, make_repeatable
from .samples import Samples, ShopData, join_shops, load_shop
from .settings import TrainingSettings
from .tuning import tune_encoder


@dataclass
class TrainedModel:
    """A network, what it was trained with, on what, and how well its heads did on held-out customers before the cut-off."""

    network: SequenceModel
    training: TrainingSettings
    data: Dict
    thresholds: Dict[str, float]
    validation: Dict


def train(
        folders: List[DatasetFolder], shape: ModelSettings, settings: TrainingSettings, say: Callable[[str], None],
        shares: List[float] = None, start: SequenceModel = None) -> TrainedModel:
    """
    Trains on the training customers of every folder, before its cut-off. Several shops share heads: value, churn, no category; shares: how much each counts
    in them, all the same when left out; start: a trained network of the same shape, whose encoder is the beginning.
    """
    shops, shape = load_shops(folders, shape, settings)
    samples = join_shops(shops, shares)
    say(f"{len(samples)} samples of {len(set(samples.customers))} training customers, {sum(s.events for s in shops)} events before the cut-off")
    network, validation = fit(shops, samples, shape, settings, say, start)
    return TrainedModel(network, settings, describe(shops), shops[0].thresholds, validation)


def load_shops(folders: List[DatasetFolder], shape: ModelSettings, settings: TrainingSettings) -> Tuple[List[ShopData], ModelSettings]:
    """Reads the folders; the first one decides on the heads, and only a single shop gets a category head."""
    if len(folders) > 1:
        settings.categories = 0
    first, heads = load_shop(folders[0], settings)
    shops = [first] + [load_shop(f, settings, heads)[0] for f in folders[1:]]
    shape.heads, shape.features = heads, first.samples.features.shape[1]
    return shops, shape


def fit(
        shops: List[ShopData], samples: Samples, shape: ModelSettings, settings: TrainingSettings, say: Callable[[str], None],
        start: SequenceModel = None) -> Tuple[SequenceModel, Dict]:
    """Contrastive stage, tuning of the encoder (early stopping on fold 0), heads by k-fold."""
    make_repeatable(settings.seed, settings.threads)
    device = best_device()
    network = SequenceModel(shape)
    if start is not None:
        network.encoder.load_state_dict(start.encoder.state_dict())
        network.to_embedding.load_state_dict(start.to_embedding.state_dict())
    network.encoding.fit(samples.features)
    network.to(device)
    pretrain(network, [h.tokens for s in shops for h in s.histories.values()], settings, device, say)
    held_out = np.array([fold(c, shape.members) == 0 for c in samples.customers])
    tune_encoder(network, samples.part(~held_out), samples.part(held_out), settings, device, say)
    validation = fit_heads(network, samples, settings, device, say)
    return network.eval(), validation


def describe(shops: List[ShopData]) -> Dict:
    """The manifest's `data`: names and licences joined, the span and number of what was seen."""
    times = [h.times_ms for s in shops for h in s.histories.values()]
    day = lambda ms: str(np.datetime64(int(ms), "ms").astype("datetime64[D]"))
    return {
        "name": "; ".join(s.folder.name for s in shops), "licence": "; ".join(s.folder.licence for s in shops),
        "from": day(min(t[0] for t in times)), "to": max(s.folder.cutoff for s in shops),
        "customers": sum(len(s.histories) for s in shops), "events": int(sum(s.events for s in shops)),
    }


def save(model: TrainedModel, path: str) -> None:
    """Writes a checkpoint."""
    write_checkpoint(path, "train", model.network, {
        "shape": model.network.settings.to_dict(), "training": model.training.to_dict(), "data": model.data, "thresholds": model.thresholds,
        "validation": model.validation})


def load(path: str) -> TrainedModel:
    """Reads a checkpoint of `train`."""
    stored, weights = read_checkpoint(path, "train")
    network = SequenceModel(ModelSettings.from_dict(stored["shape"]))
    network.load_state_dict(weights)
    return TrainedModel(network.eval(), TrainingSettings(**stored["training"]), stored["data"], stored["thresholds"], stored["validation"])
