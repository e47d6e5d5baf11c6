"""A curve over steps as an SVG drawing: each value, and the best so far."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

_WIDE, _HIGH = 880, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 16, 14, 34


def line_chart(values: Sequence[float], best: Sequence[float], across: str, up: str) -> str:
    """`values` and `best` against their place from 0, on a logarithmic axis; what is not finite is left out."""
    seen = [value for value in (*values, *best) if math.isfinite(value) and value > 0]
    low, high = (min(seen), max(seen)) if seen else (0.1, 1.0)
    low, high = (low / 1.15, high * 1.15)
    last = max(len(values) - 1, len(best) - 1, 1)

    def x(place: float) -> float:
        return _LEFT + (_WIDE - _LEFT - _RIGHT) * place / last

    def y(value: float) -> float:
        share = math.log(value / low) / math.log(high / low)
        return _HIGH - _BOTTOM - (_HIGH - _TOP - _BOTTOM) * share

    def path(line: Sequence[float]) -> str:
        points = [f"{x(i):.1f},{y(v):.1f}" for i, v in enumerate(line) if math.isfinite(v) and v > 0]
        return "M" + " L".join(points) if points else ""

    rungs = "".join(
        f'<line x1="{_LEFT}" x2="{_WIDE - _RIGHT}" y1="{y(v):.1f}" y2="{y(v):.1f}" stroke="#e2e5e9"/>'
        f'<text x="{_LEFT - 8}" y="{y(v) + 4:.1f}" text-anchor="end">{v:g}</text>'
        for v in _round_values(low, high)
    )
    steps = "".join(
        f'<text x="{x(s):.1f}" y="{_HIGH - _BOTTOM + 17}" text-anchor="middle">{s}</text>' for s in _round_steps(last)
    )
    return (
        f'<svg viewBox="0 0 {_WIDE} {_HIGH}" role="img" aria-label="{escape(up)} over {escape(across)}" '
        'font-family="system-ui, sans-serif" font-size="11" fill="#68717b">'
        f"{rungs}{steps}"
        f'<text x="{_WIDE - _RIGHT}" y="{_HIGH - 4}" text-anchor="end">{escape(across)}</text>'
        f'<text x="{_LEFT}" y="{_HIGH - 4}">{escape(up)}</text>'
        f'<path d="{path(values)}" fill="none" stroke="#9db8c6" stroke-width="1.2" stroke-linejoin="round"/>'
        f'<path d="{path(best)}" fill="none" stroke="#b4552d" stroke-width="1.8" stroke-linejoin="round"/>'
        "</svg>"
    )


def _round_values(low: float, high: float) -> list[float]:
    """1, 2, 5, 10, ... between two values; finer where that gives fewer than three."""
    for digits in ((1, 2, 5), (1, 1.5, 2, 3, 4, 5, 7), tuple(d / 10 for d in range(10, 100))):
        powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        found = [float(f"{d * 10.0**p:.12g}") for p in powers for d in digits if low <= d * 10.0**p <= high]
        if len(found) >= 3:
            break
    return found[:: -(-len(found) // 7)] if found else []


def _round_steps(last: int) -> list[int]:
    raw = max(last / 8, 1)
    unit = 10 ** math.floor(math.log10(raw))
    step = next(int(unit * m) for m in (1, 2, 5, 10) if unit * m >= raw)
    return list(range(0, last + 1, step))
