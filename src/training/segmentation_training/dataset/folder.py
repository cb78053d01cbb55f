"""
A training folder: what the shop exported at several times.

    dataset.json              name, licence, cut-off, horizon, times of the feature tables
    events.csv.gz             `export events`
    features/2011-06-12.csv   `export features --as-of 2011-06-12`, one table a time
"""

import json
import subprocess
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import List

from .events import DAY_MS, parse_time


@dataclass
class DatasetFolder:
    """
    cutoff: training sees nothing at or after this date; as_of: dates of the feature tables, ascending, the last is the cut-off;
    horizon_days: length of the window that the heads foresee.
    """

    path: str
    name: str
    licence: str
    cutoff: str
    horizon_days: int
    as_of: List[str]

    @property
    def events_file(self) -> str:
        return str(Path(self.path) / "events.csv.gz")

    @property
    def cutoff_ms(self) -> int:
        return parse_time(self.cutoff)

    def features_file(self, as_of: str) -> str:
        return str(Path(self.path) / "features" / f"{as_of}.csv")

    def label_times(self, horizon_days: int) -> List[str]:
        """Times whose window of so many days ends at or before the cut-off: those that training may learn labels from."""
        return [t for t in self.as_of if parse_time(t) + horizon_days * DAY_MS <= self.cutoff_ms]


def open_folder(path: str) -> DatasetFolder:
    """Opens what `prepare` wrote. Raises ValueError when dataset.json is of another kind."""
    file = Path(path) / "dataset.json"
    try:
        return DatasetFolder(path=path, **json.loads(file.read_text(encoding="utf-8")))
    except (json.JSONDecodeError, TypeError) as e:
        raise ValueError(f"{file} is not what `prepare` writes: {e}") from e


def save_folder(folder: DatasetFolder) -> None:
    """Writes dataset.json."""
    settings = asdict(folder)
    settings.pop("path")
    (Path(folder.path) / "dataset.json").write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")


def prepare_folder(run: str, data: str, out: str, cutoff: str, horizon_days: int, step_days: int, times: int, name: str, licence: str) -> DatasetFolder:
    """
    Exports everything that training needs from a data folder of the shop.

    run: the project's `run`; data: the shop's data folder; cutoff: a date, best `horizon_days` before the last event, so that the window after it can be
    evaluated; step_days, times: feature tables every so many days backwards from the cut-off, so many of them.
    """
    (Path(out) / "features").mkdir(parents=True, exist_ok=True)
    last = date.fromisoformat(cutoff)
    as_of = sorted(str(last - timedelta(days=step_days * i)) for i in range(times))
    folder = DatasetFolder(out, name, licence, cutoff, horizon_days, as_of)
    _export(run, data, "events", folder.events_file)
    for time in as_of:
        _export(run, data, "features", folder.features_file(time), "--as-of", time, "--features-only")
    save_folder(folder)
    return folder


def _export(run: str, data: str, what: str, out: str, *options: str) -> None:
    command = [run, "export", what, "--data", data, "--out", out, *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed: {done.stderr.strip() or done.stdout.strip()}")
