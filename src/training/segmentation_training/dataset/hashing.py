"""The stable 64-bit hash of the service (`Domain.Hashing.StableHash`), held to it by golden/hashes.json."""

from functools import lru_cache

_MASK = 0xFFFFFFFFFFFFFFFF
_SEED = 0x9E3779B97F4A7C15
_WORD_KEY = 0xD1B54A32D192ED03
_LENGTH_KEY = 0xAEF17502108EF2D9


def stable_hash(text: str) -> int:
    """64 bits over the UTF-16 code units of a text, little-endian."""
    data = text.encode("utf-16-le", "surrogatepass")
    whole = len(data) - len(data) % 8
    value = _SEED
    for i in range(0, whole, 8):
        value = (_fold(value ^ int.from_bytes(data[i:i + 8], "little"), _WORD_KEY) + _SEED) & _MASK
    value = (_fold(value ^ int.from_bytes(data[whole:], "little"), _WORD_KEY) + _SEED) & _MASK
    return _fold(value ^ (len(data) * _LENGTH_KEY & _MASK), _LENGTH_KEY)


@lru_cache(maxsize=1 << 18)
def stable_hash_32(text: str) -> int:
    """The upper 32 bits, never 0; 0 for an empty text."""
    return max(1, stable_hash(text) >> 32) if text else 0


def _fold(a: int, b: int) -> int:
    product = a * b
    return (product >> 64) ^ (product & _MASK)
