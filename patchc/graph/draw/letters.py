"""How wide a text will be: an estimate for proportional fonts, so that boxes fit what stands in them."""

from __future__ import annotations

_NARROW = frozenset("iljtfI.,:;'|![]()` ")
_WIDE = frozenset("mwMW@%")


def width(text: str, size: float) -> float:
    """Pixels that `text` takes at font size `size`, generously."""
    return size * sum(map(_share, text))


def _share(char: str) -> float:
    if char in _NARROW:
        return 0.34
    if char in _WIDE:
        return 0.92
    if ord(char) > 0x2E80:
        return 1.05  # ideographs are square
    return 0.69 if char.isupper() else 0.6


def shortened(text: str, longest: int) -> str:
    """`text` with its middle left out where it is longer than `longest` characters."""
    if len(text) <= longest:
        return text
    tail = (longest - 1) * 2 // 3
    return f"{text[: longest - 1 - tail]}…{text[-tail:]}"
