"""Events as rows of 11 numbers, version 1 of the token layout in SPECIFICATION.md. Held to the service by golden/tokens.json."""

import math

import numpy as np

from .hashing import stable_hash_32

TOKENS_VERSION = 1
COLUMNS = ("kind", "gap", "hour", "weekday", "amount", "quantity", "category", "product", "channel", "device", "discounted")
KIND, GAP, HOUR, WEEKDAY, AMOUNT, QUANTITY, CATEGORY, PRODUCT, CHANNEL, DEVICE, DISCOUNTED = range(len(COLUMNS))

KINDS = (
    "Custom", "ProductListViewed", "ProductViewed", "ProductsSearched", "ProductAdded", "ProductRemoved", "ProductAddedToWishlist", "CartViewed",
    "CheckoutStarted", "OrderCompleted", "OrderRefunded", "OrderCancelled", "ProductReviewed", "CouponApplied", "CouponDenied", "PageViewed",
    "ScreenViewed", "TraitsIdentified", "Grouped", "Aliased", "MergedInto",
)
CHANNELS = ("Unknown", "Web", "MobileApp", "Email", "Store", "Service", "Server")
DEVICES = ("Unknown", "Desktop", "Mobile", "Tablet", "Other")
NOT_BEHAVIOUR = frozenset(("TraitsIdentified", "Grouped", "Aliased", "MergedInto"))

CATEGORY_SLOTS = 256
PRODUCT_SLOTS = 1024

_KIND_NUMBER = {name: i for i, name in enumerate(KINDS)}
_CHANNEL_NUMBER = {name: i for i, name in enumerate(CHANNELS)}
_DEVICE_NUMBER = {name: i for i, name in enumerate(DEVICES)}
_EARLIEST_MS, _LATEST_MS = -62_135_596_800_000, 253_402_300_799_999
_DAY_MS, _HOUR_MS = 86_400_000, 3_600_000


def category_slot(category: str) -> int:
    """0 for none, else 1 to 255."""
    bits = stable_hash_32(category) >> 16
    return 0 if bits == 0 else 1 + bits % (CATEGORY_SLOTS - 1)


def product_slot(product: str) -> int:
    """0 for none, else 1 to 1023."""
    bits = stable_hash_32(product)
    return 0 if bits == 0 else 1 + bits % (PRODUCT_SLOTS - 1)


def token_row(event: dict) -> list:
    """
    One event as a row; its gap is 0 until `add_gaps`. Keys: timeMs, kind, channel, device, amount, discount, coupon, and products: a list of
    (product id, name, category, price, quantity), where numbers are None when absent.
    """
    time = clamp_time(event["timeMs"])
    products = event["products"]
    first = products[0] if products else ("", "", "", None, None)
    money = event["amount"] if event["amount"] is not None else first[3]
    units = min(65_535, math.ceil(sum(_bounded(line[4], 1e9, absent=1.0) for line in products)))
    return [
        _number(_KIND_NUMBER, event["kind"], "kind"),
        0.0,
        time % _DAY_MS // _HOUR_MS,
        (time // _DAY_MS + 3) % 7,
        float(np.float16(np.float32(math.log(1 + _bounded(money, 1e12, absent=0.0))))),
        math.log(1 + units),
        category_slot(first[2]),
        product_slot(first[0] or first[1]),
        _number(_CHANNEL_NUMBER, event["channel"] or "Unknown", "channel"),
        _number(_DEVICE_NUMBER, event["device"] or "Unknown", "device"),
        1.0 if (event["discount"] or 0) > 0 or event["coupon"] else 0.0,
    ]


def add_gaps(rows: np.ndarray, times_ms: np.ndarray) -> np.ndarray:
    """Fills the gap column of rows in the order of time, in place: ln(1 + seconds since the event before), 0 for the first."""
    if len(rows) > 1:
        rows[1:, GAP] = np.log1p(np.diff(times_ms) / 1000.0)
    return rows


def clamp_time(time_ms: int) -> int:
    """Brings a time into the years 1 to 9999."""
    return min(max(time_ms, _EARLIEST_MS), _LATEST_MS)


def _number(numbers: dict, name: str, column: str) -> int:
    if name not in numbers:
        raise ValueError(f"{column} '{name}' is none of {', '.join(numbers)}")
    return numbers[name]


def _bounded(value, highest: float, absent: float) -> float:
    return absent if value is None or not math.isfinite(value) else min(max(value, 0.0), highest)
