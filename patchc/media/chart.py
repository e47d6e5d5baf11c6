"""Curves over steps as an SVG drawing, stage by stage: each value, and the best so far."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDE, _HIGH = 880, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 16, 24, 34
_GAP = 22  # between two panels
_LEAST = 0.6  # of an even share: the width of the shortest panel


@dataclass(frozen=True)
class Panel:
    """One stretch of steps under a title: each value, and the best so far."""

    title: str
    values: Sequence[float]
    best: Sequence[float]

    @property
    def last(self) -> int:
        """The number of its last step, counted from 0."""
        return max(len(self.values) - 1, len(self.best) - 1, 1)


def line_chart(values: Sequence[float], best: Sequence[float], across: str, up: str) -> str:
    """`values` and `best` against their place from 0, on a logarithmic axis; what is not finite is left out."""
    return panel_chart([Panel("", values, best)], across, up)


def panel_chart(panels: Sequence[Panel], across: str, up: str) -> str:
    """Panels side by side on one logarithmic axis, each as wide as it is long; nothing joins one to the next."""
    axis = _Axis.of([value for panel in panels for value in (*panel.values, *panel.best)])
    inner = "".join(_panel(panel, axis, *place) for panel, place in zip(panels, _places(panels), strict=True))
    return (
        f'<svg viewBox="0 0 {_WIDE} {_HIGH}" role="img" aria-label="{escape(up)} over {escape(across)}" '
        'font-family="system-ui, sans-serif" font-size="11" fill="#68717b">'
        f"{axis.labels()}{inner}"
        f'<text x="{_WIDE - _RIGHT}" y="{_HIGH - 4}" text-anchor="end">{escape(across)}</text>'
        f'<text x="{_LEFT}" y="{_HIGH - 4}">{escape(up)}</text>'
        "</svg>"
    )


@dataclass(frozen=True)
class _Axis:
    """The logarithmic axis that all panels share."""

    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> _Axis:
        seen = [value for value in values if math.isfinite(value) and value > 0]
        return cls(min(seen) / 1.15, max(seen) * 1.15) if seen else cls(0.1, 1.0)

    def y(self, value: float) -> float:
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return _HIGH - _BOTTOM - (_HIGH - _TOP - _BOTTOM) * share

    @property
    def rungs(self) -> list[float]:
        return _round_values(self.low, self.high)

    def labels(self) -> str:
        return "".join(
            f'<text x="{_LEFT - 8}" y="{self.y(v) + 4:.1f}" text-anchor="end">{v:g}</text>' for v in self.rungs
        )


def _places(panels: Sequence[Panel]) -> list[tuple[float, float]]:
    """Where each panel begins and ends."""
    width = _WIDE - _LEFT - _RIGHT - _GAP * (len(panels) - 1)
    least = _LEAST * width / max(len(panels), 1)
    free, total = width - least * len(panels), sum(panel.last for panel in panels)
    places, start = [], float(_LEFT)
    for panel in panels:
        end = start + least + free * panel.last / total
        places.append((start, end))
        start = end + _GAP
    return places


def _panel(panel: Panel, axis: _Axis, left: float, right: float) -> str:
    def x(step: float) -> float:
        return left + (right - left) * step / panel.last

    def path(line: Sequence[float]) -> str:
        points = [f"{x(i):.1f},{axis.y(v):.1f}" for i, v in enumerate(line) if math.isfinite(v) and v > 0]
        return "M" + " L".join(points) if points else ""

    rungs = "".join(
        f'<line x1="{left:.1f}" x2="{right:.1f}" y1="{axis.y(v):.1f}" y2="{axis.y(v):.1f}" stroke="#e2e5e9"/>'
        for v in axis.rungs
    )
    steps = "".join(
        f'<text x="{x(s):.1f}" y="{_HIGH - _BOTTOM + 17}" text-anchor="middle">{s}</text>'
        for s in _round_steps(panel.last, most=max(2, round((right - left) / 90)))
    )
    title = f'<text x="{left:.1f}" y="{_TOP - 6}" fill="#22262b">{escape(panel.title)}</text>' if panel.title else ""
    return (
        f'{title}{rungs}{steps}<path d="{path(panel.values)}" fill="none" stroke="#9db8c6" stroke-width="1.2" '
        'stroke-linejoin="round"/>'
        f'<path d="{path(panel.best)}" fill="none" stroke="#b4552d" stroke-width="1.8" stroke-linejoin="round"/>'
    )


def _round_values(low: float, high: float) -> list[float]:
    """1, 2, 5, 10, ... between two values; finer where that gives fewer than three."""
    for digits in ((1, 2, 5), (1, 1.5, 2, 3, 4, 5, 7), tuple(d / 10 for d in range(10, 100))):
        powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        found = [float(f"{d * 10.0**p:.12g}") for p in powers for d in digits if low <= d * 10.0**p <= high]
        if len(found) >= 3:
            break
    return found[:: -(-len(found) // 7)] if found else []


def _round_steps(last: int, most: int) -> list[int]:
    raw = max(last / most, 1)
    unit = 10 ** math.floor(math.log10(raw))
    step = next(int(unit * m) for m in (1, 2, 5, 10) if unit * m >= raw)
    return list(range(0, last + 1, step))
