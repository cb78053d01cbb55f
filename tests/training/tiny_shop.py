"""A small made-up shop as a training folder: customers who buy at their own pace, so that there is something to learn."""

import csv
import gzip
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Callable

import numpy as np

from segmentation_training.dataset.features import current_schema
from segmentation_training.dataset.folder import DatasetFolder, open_folder, save_folder

CUTOFF = "2024-05-01"
_BEGIN = datetime(2024, 1, 1, tzinfo=timezone.utc)
_END = datetime(2024, 6, 1, tzinfo=timezone.utc)
_COLUMNS = (
    "customer_id,sequence,time,kind,name,channel,device,session_id,order_id,amount,shipping,tax,discount,currency,coupon,query,rating,text,product_ids,"
    "categories,prices,quantities,traits,other_id,product_names").split(",")
_CATEGORIES = ("Kitchen", "Garden", "Lights")

Change = Callable[[str, datetime, dict], dict]


def write_shop(path: str, customers: int = 60, change: Change = lambda customer, time, row: row, seed: int = 1) -> DatasetFolder:
    """`change` may alter any event row; feature rows of a customer are altered through it too, with the time of the table."""
    random = np.random.default_rng(seed)
    (Path(path) / "features").mkdir(parents=True, exist_ok=True)
    as_of = ["2024-03-01", "2024-03-15", "2024-04-01", CUTOFF]
    events = {f"c{i}": _events(random, float(random.uniform(3, 40)), float(random.uniform(5, 80))) for i in range(customers)}
    with gzip.open(Path(path) / "events.csv.gz", "wt", newline="") as file:
        writer = csv.DictWriter(file, _COLUMNS, restval="")
        writer.writeheader()
        for customer, rows in events.items():
            traits = {"time": _text(_BEGIN), "kind": "TraitsIdentified", "sequence": 1, "traits": f"age={20 + age_offset(customer)}|gender=female"}
            writer.writerow({"customer_id": customer, **change(customer, _BEGIN, traits)})
            for sequence, (time, row) in enumerate(rows, 2):
                writer.writerow({"customer_id": customer, "sequence": sequence, **change(customer, time, {**row, "time": _text(time)})})
    columns = current_schema().columns
    for day in as_of:
        time = datetime.fromisoformat(day).replace(tzinfo=timezone.utc)
        with open(Path(path) / "features" / f"{day}.csv", "w", newline="") as file:
            writer = csv.DictWriter(file, ["customer_id", *columns], restval="0")
            writer.writeheader()
            for customer, rows in events.items():
                orders = [(t, float(r["amount"])) for t, r in rows if t < time and r["kind"] == "OrderCompleted"]
                if orders:
                    values = {
                        "recencyDays": (time - orders[-1][0]).days, "frequency": len(orders), "monetary": sum(a for _, a in orders),
                        "tenureDays": (time - orders[0][0]).days}
                    writer.writerow({"customer_id": customer, **change(customer, time, values)})
    folder = DatasetFolder(path, "tiny shop", "made up", CUTOFF, 30, as_of)
    save_folder(folder)
    return open_folder(path)


def age_offset(customer: str) -> int:
    """A number of the customer, 0 to 49, the same in every process."""
    return sum(customer.encode()) % 50


def _events(random: np.random.Generator, pace_days: float, spend: float):
    time, rows = _BEGIN + timedelta(days=float(random.uniform(0, pace_days))), []
    while time < _END:
        product = int(random.integers(0, 30))
        view = {
            "kind": "ProductViewed", "channel": "Web", "device": "Mobile", "product_ids": f"P{product}", "categories": _CATEGORIES[product % 3],
            "prices": "9.5"}
        order = {
            "kind": "OrderCompleted", "channel": "Web", "device": "Desktop", "amount": f"{spend * random.uniform(0.5, 2):.2f}",
            "product_ids": f"P{product}|P1", "categories": f"{_CATEGORIES[product % 3]}|Garden", "prices": "9.5|3", "quantities": "1|2"}
        rows += [(time, view), (time + timedelta(minutes=3), order)]
        time += timedelta(days=float(random.exponential(pace_days)) + 0.01)
    return [(t, r) for t, r in rows if t < _END]


def _text(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03d}Z"
