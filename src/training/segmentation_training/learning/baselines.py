"""Models over the feature vector alone, for comparison: they see the same training samples as the encoders and answer with probabilities."""

from typing import Callable, Dict

import numpy as np
import torch
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from torch import nn
from torch.nn import functional

from ..networks.scaling import FeatureScaler
from ..networks.tabular import Autoencoder, DeepClassifier
from .repeatable import make_repeatable
from .settings import TrainingSettings

Predictor = Callable[[np.ndarray], np.ndarray]


def prior(train: np.ndarray, labels: np.ndarray, held_out: np.ndarray, classes: int, settings: TrainingSettings) -> Predictor:
    """The shares of the classes in training, for everybody."""
    shares = np.bincount(labels, minlength=classes) / len(labels)
    return lambda features: np.tile(shares, (len(features), 1))


def logistic(train: np.ndarray, labels: np.ndarray, held_out: np.ndarray, classes: int, settings: TrainingSettings) -> Predictor:
    """Logistic regression with L2 on the scaled features."""
    scaler = FeatureScaler(train.shape[1]).fit(train[~held_out])
    return _linear(lambda x: _scaled(scaler, x), train, labels, classes, strength=0.02)


def cluster_labels(train: np.ndarray, labels: np.ndarray, held_out: np.ndarray, classes: int, settings: TrainingSettings) -> Predictor:
    """What static segments know: k-means with 8 clusters on the scaled features, then logistic regression on the cluster's number."""
    scaler = FeatureScaler(train.shape[1]).fit(train[~held_out])
    means = KMeans(8, n_init=4, random_state=settings.seed).fit(_scaled(scaler, train))
    return _linear(lambda x: np.eye(8)[means.predict(_scaled(scaler, x))], train, labels, classes, strength=1.0)


def autoencoder(train: np.ndarray, labels: np.ndarray, held_out: np.ndarray, classes: int, settings: TrainingSettings) -> Predictor:
    """A code of 16 numbers learnt without labels, then logistic regression on it."""
    make_repeatable(settings.seed, settings.threads)
    scaler = FeatureScaler(train.shape[1]).fit(train[~held_out])
    network = Autoencoder(train.shape[1])
    x = torch.from_numpy(_scaled(scaler, train))
    _fit(network, lambda rows: (network(x[rows])[1] - x[rows]).pow(2).mean(), held_out, settings, weight_decay=1e-4)

    def code(features: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            return network(torch.from_numpy(_scaled(scaler, features)))[0].numpy()

    return _linear(code, train, labels, classes, strength=0.1)


def deep_classifier(train: np.ndarray, labels: np.ndarray, held_out: np.ndarray, classes: int, settings: TrainingSettings) -> Predictor:
    """Layers of 64 and 128 with dropout on the scaled features."""
    make_repeatable(settings.seed, settings.threads)
    scaler = FeatureScaler(train.shape[1]).fit(train[~held_out])
    network = DeepClassifier(train.shape[1], classes, dropout=0.5)
    x, y = torch.from_numpy(_scaled(scaler, train)), torch.from_numpy(labels)
    _fit(network, lambda rows: functional.cross_entropy(network(x[rows]), y[rows]), held_out, settings, settings.weight_decay)

    def probabilities(features: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            return torch.softmax(network(torch.from_numpy(_scaled(scaler, features))).double(), dim=1).numpy()

    return probabilities


BASELINES: Dict[str, Callable] = {
    "class shares": prior, "k-means + logistic": cluster_labels, "logistic": logistic, "autoencoder + logistic": autoencoder,
    "deep classifier": deep_classifier,
}


def _scaled(scaler: FeatureScaler, features: np.ndarray) -> np.ndarray:
    with torch.no_grad():
        return scaler(torch.from_numpy(np.ascontiguousarray(features, np.float32))).numpy()


def _linear(transform: Callable[[np.ndarray], np.ndarray], train: np.ndarray, labels: np.ndarray, classes: int, strength: float) -> Predictor:
    model = LogisticRegression(C=strength, max_iter=1000).fit(transform(train), labels)

    def probabilities(features: np.ndarray) -> np.ndarray:
        found = np.zeros((len(features), classes))
        found[:, model.classes_] = model.predict_proba(transform(features))
        return found

    return probabilities


def _fit(network: nn.Module, loss_of: Callable, held_out: np.ndarray, settings: TrainingSettings, weight_decay: float) -> None:
    """AdamW with early stopping on the held-out rows."""
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=weight_decay)
    random = np.random.default_rng(settings.seed)
    fitted, stopping = np.flatnonzero(~held_out), torch.from_numpy(np.flatnonzero(held_out))
    best, kept, since = float("inf"), None, 0
    for _ in range(settings.epochs):
        network.train()
        for chosen in np.array_split(random.permutation(fitted), -(-len(fitted) // settings.batch)):
            loss = loss_of(torch.from_numpy(chosen))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        network.eval()
        with torch.no_grad():
            found = float(loss_of(stopping))
        if found < best - 1e-5:
            best, kept, since = found, {k: v.clone() for k, v in network.state_dict().items()}, 0
        else:
            since += 1
        if since >= settings.patience:
            break
    if kept is not None:
        network.load_state_dict(kept)
    network.eval()
