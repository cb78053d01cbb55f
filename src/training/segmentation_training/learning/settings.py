"""Numbers that steer training."""

from dataclasses import asdict, dataclass

IMBALANCE = ("none", "weights", "resample")


@dataclass
class TrainingSettings:
    """
    seed, threads: with the same of both, training on CPU gives the same bits again;
    horizons: days, comma-separated; the last is the main one, its heads are named value and churn, the others value30, churn30, …;
    categories: classes of the next-category head besides "other", 0 for no such head;
    max_tokens: events that are read of a history, the latest ones;
    pretrain_epochs, epochs: at most so many passes; patience: epochs without a better validation loss before the heads stop;
    encoder_rate: the encoder's share of the learning rate while the heads are trained, 0 leaves it as the contrastive stage made it;
    contrast: weight of the contrastive loss beside the heads' while the encoder learns with them;
    imbalance: none, class weights, or resampling, before calibration.
    """

    seed: int = 1
    threads: int = 1
    horizons: str = "90"
    categories: int = 8
    max_tokens: int = 64
    pretrain_epochs: int = 30
    pretrain_batch: int = 64
    slices: int = 4
    margin: float = 0.5
    epochs: int = 40
    batch: int = 256
    learning_rate: float = 0.003
    encoder_rate: float = 0.1
    contrast: float = 0.0
    weight_decay: float = 0.05
    patience: int = 5
    imbalance: str = "none"
    folds: int = 5

    @property
    def horizon_days(self) -> list:
        return [int(h) for h in self.horizons.split(",")]

    def to_dict(self) -> dict:
        return asdict(self)
