"""Numbers that steer training."""

from dataclasses import asdict, dataclass

IMBALANCE = ("none", "weights", "resample")


@dataclass
class TrainingSettings:
    """
    seed, threads: with the same of both, training on CPU gives the same bits again;
    horizons: days, comma-separated; the last is the main one, its heads are named value and churn, the others value30, churn30, and so on;
    categories: classes of the next-category head besides "other", 0 for no such head;
    max_tokens: events that are read of a history, the latest ones;
    pretrain_epochs, tune_epochs, epochs: at most so many passes of the contrastive stage, of tuning the encoder, of the heads; 0 skips one of the first two;
    pretrain_rate, tune_rate, learning_rate: their learning rates at the height of the schedule;
    contrast: weight of the contrastive loss while the encoder is tuned;
    dropout: on what the heads see; weight_decay: L2, decoupled; patience: epochs without a better held-out loss before a stage stops;
    imbalance: none, class weights, or resampling; calibration follows in any case.
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
    pretrain_rate: float = 0.003
    tune_epochs: int = 0
    tune_rate: float = 0.001
    contrast: float = 0.5
    epochs: int = 25
    batch: int = 512
    learning_rate: float = 0.001
    dropout: float = 0.1
    weight_decay: float = 0.1
    patience: int = 5
    imbalance: str = "none"

    @property
    def horizon_days(self) -> list:
        return [int(h) for h in self.horizons.split(",")]

    def to_dict(self) -> dict:
        return asdict(self)
