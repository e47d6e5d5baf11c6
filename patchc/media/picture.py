"""Pictures of signals: waveform and spectrogram, one signal, a whole patch tap by tap, or two sounds side by side."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from torch import Tensor

from patchc.cells.spec import Kind
from patchc.media.spectrogram import spectrogram

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_ROWS = 80
"""Signals one picture shows; of more, the rest is counted in the last line."""

_INK, _PALE, _WAVE, _CURVE = "#22262b", "#8a929c", "#2f6f8f", "#b4552d"
_RANGE_DB = 80.0  # from the loudest point of a spectrogram down to black
_FAINTEST = -60.0
_WIDTH, _DPI = 9.0, 110
_TICKS = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)


@dataclass(frozen=True)
class Signal:
    """Something to draw: `values` `[time]` at `rate` values a second, audio or control.

    `peak_db` is what is said of the peak, in dBFS, where `values` are a file at another rate or mixed to one channel.
    """

    title: str
    values: Tensor
    rate: float
    kind: Kind = Kind.AUDIO
    peak_db: float | None = None


def draw_signals(signals: Sequence[Signal], heading: str = "") -> bytes:
    """Signals above each other on one time axis, as a PNG: audio as waveform and spectrogram, control as a curve."""
    shown, left = signals[:MOST_ROWS], len(signals) - MOST_ROWS
    heights = [height for signal in shown for height in ((0.42, 1.25) if signal.kind is Kind.AUDIO else (0.85,))]
    figure = _figure(sum(heights) + 0.32 * len(shown) + (0.45 if heading else 0.1) + 0.5)
    last = max(signal.values.shape[-1] / signal.rate for signal in shown)
    place = _Placer(figure, top=0.45 if heading else 0.1)
    for signal in shown:
        _draw_one(place, signal, last, final=signal is shown[-1])
    if heading:
        _write(figure, 0.62, 0.28, heading, size=12, weight="bold")
    if left > 0:
        _write(figure, 0.5, figure.get_figheight() - 0.12, f"and {left} more", size=8, color=_PALE)
    return _png(figure)


def draw_pair(left: Signal, right: Signal) -> bytes:
    """Two sounds side by side as a PNG, with the same level, time and frequency axes."""
    figure = _figure(3.35)
    loudest = max(_top(side) for side in (left, right))
    peak = max(_peak(side.values) for side in (left, right))
    last = max(side.values.shape[-1] / side.rate for side in (left, right))
    for column, side in enumerate((left, right)):
        place = _Placer(figure, top=0.1, left=0.62 + column * 4.2, width=3.98)
        place.title(side.title, _level_text(side))
        _draw_wave(place.axes(0.75), side, last, peak)
        axes = place.axes(1.95)
        _draw_spectrogram(axes, side, last, loudest)
        _time_axis(axes)
        if column:
            axes.set_yticklabels([])
            axes.set_ylabel("")
    return _png(figure)


class _Placer:
    """Puts axes under each other, in inches from the top."""

    def __init__(self, figure: Figure, *, top: float, left: float = 0.62, width: float = _WIDTH - 0.8) -> None:
        self._figure, self._next, self._left, self._width = figure, top, left, width

    def title(self, text: str, note: str) -> None:
        self._next += 0.2
        _write(self._figure, self._left, self._next - 0.05, text, size=9.5, weight="bold")
        _write(self._figure, self._left + self._width, self._next - 0.05, note, size=7.5, color=_PALE, ha="right")
        self._next += 0.03

    def axes(self, height: float) -> Axes:
        wide, high = self._figure.get_figwidth(), self._figure.get_figheight()
        bottom = high - self._next - height
        self._next += height + 0.03
        return self._figure.add_axes((self._left / wide, bottom / high, self._width / wide, height / high))

    def gap(self) -> None:
        self._next += 0.06


def _figure(height: float) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH, height), dpi=_DPI, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def _png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")  # a name in another script is drawn as boxes
        figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def _write(figure: Figure, x: float, y: float, text: str, **style: Any) -> None:
    """`text` with its base line `y` inches below the top, as it stands: a dollar sign begins no formula."""
    wide, high = figure.get_figwidth(), figure.get_figheight()
    figure.text(x / wide, 1 - y / high, text, parse_math=False, **{"color": _INK, **style})


def _draw_one(place: _Placer, signal: Signal, last: float, final: bool) -> None:
    if signal.kind is Kind.AUDIO:
        place.title(signal.title, _level_text(signal))
        _draw_wave(place.axes(0.42), signal, last, _peak(signal.values))
        axes = place.axes(1.25)
        _draw_spectrogram(axes, signal, last, _top(signal))
    else:
        low, high = float(signal.values.min()), float(signal.values.max())
        place.title(signal.title, f"control, {low:.3g} .. {high:.3g}")
        axes = place.axes(0.85)
        _draw_curve(axes, signal, last)
    if final:
        _time_axis(axes)
    place.gap()


def _level_text(signal: Signal) -> str:
    peak = _peak(signal.values)
    if peak <= 0:
        return "silent"
    return f"peak {20 * np.log10(peak) if signal.peak_db is None else signal.peak_db:+.1f} dBFS"


def _peak(values: Tensor) -> float:
    return float(values.detach().abs().nan_to_num().max())


def _top(signal: Signal) -> float:
    """Where a spectrogram's colours end, in dB: silence stays black."""
    return max(float(spectrogram(signal.values, signal.rate).decibels.max()), _FAINTEST)


def _bare(axes: Axes, last: float) -> None:
    axes.set_xlim(0, last)
    axes.set_xticks([])
    axes.tick_params(labelsize=7, colors=_PALE, length=2, pad=2)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _time_axis(axes: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(9))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.4g} s")


def _draw_wave(axes: Axes, signal: Signal, last: float, peak: float) -> None:
    values = signal.values.detach().cpu().float().nan_to_num().numpy()
    columns = min(len(values), 1600)
    starts = np.linspace(0, len(values), columns, endpoint=False).astype(int)
    low, high = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    reach = max(peak, 1e-9)
    thin = 0.006 * reach  # so that silence is a line
    axes.fill_between(starts / signal.rate, low - thin, high + thin, color=_WAVE, linewidth=0)
    _bare(axes, last)
    axes.set_ylim(-1.05 * reach, 1.05 * reach)
    axes.set_yticks([])


def _draw_curve(axes: Axes, signal: Signal, last: float) -> None:
    values = signal.values.detach().cpu().float().nan_to_num().numpy()
    axes.plot(np.arange(len(values)) / signal.rate, values, color=_CURVE, linewidth=1.2)
    _bare(axes, last)
    low, high = float(values.min()), float(values.max())
    margin = 0.08 * (high - low) or 0.5
    axes.set_ylim(low - margin, high + margin)
    axes.set_facecolor("#f7f4f1")
    axes.locator_params(axis="y", nbins=4)


def _draw_spectrogram(axes: Axes, signal: Signal, last: float, top: float) -> None:
    seen = spectrogram(signal.values, signal.rate)
    rows = (0, len(seen.decibels))
    axes.imshow(
        seen.decibels,
        origin="lower",
        aspect="auto",
        extent=(0, seen.seconds, *rows),
        cmap="magma",
        vmin=top - _RANGE_DB,
        vmax=top,
        interpolation="bilinear",
    )
    _bare(axes, last)
    axes.set_facecolor("black")
    ticks = [f for f in _TICKS if seen.low <= f <= seen.high]
    octaves = np.log(seen.high / seen.low)
    axes.set_yticks([rows[1] * np.log(f / seen.low) / octaves for f in ticks])
    axes.set_yticklabels([f"{f // 1000} kHz" if f >= 1000 else f"{f} Hz" for f in ticks])
    axes.set_ylim(*rows)
