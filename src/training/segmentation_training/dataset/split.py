"""Who is in which part: by a hash of the customer id alone, so that every tool draws the same line."""

import hashlib


def bucket(customer_id: str) -> int:
    """md5 of the id modulo 10: 0 to 9."""
    return int(hashlib.md5(customer_id.encode()).hexdigest(), 16) % 10


def in_test(customer_id: str) -> bool:
    """Buckets 0 to 2 are the test part: about 30 % of the customers, never seen in training."""
    return bucket(customer_id) < 3


def in_training(customer_id: str) -> bool:
    """Buckets 3 to 9."""
    return not in_test(customer_id)


def fold(customer_id: str, folds: int) -> int:
    """The fold of a training customer for cross-validation and early stopping, 0 to folds - 1, independent of the bucket."""
    return int(hashlib.md5(b"fold " + customer_id.encode()).hexdigest(), 16) % folds
