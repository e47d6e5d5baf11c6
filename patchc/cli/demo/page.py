"""The page of the demo: what was rendered and matched, as one HTML file that needs only the files beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files
from math import log

from patchc.cli.demo.signals import Signal

_PLAY = (
    '<button class="play" aria-label="Play {name}">'
    '<svg class="go" viewBox="0 0 10 10"><path d="M2 0.6 9.4 5 2 9.4z"/></svg>'
    '<svg class="stop" viewBox="0 0 10 10"><path d="M1 1h3v8H1zM6 1h3v8H6z"/></svg></button>'
)


@dataclass(frozen=True)
class KnobRow:
    """One knob in the units of its patch; positions are 0..1 along its range, None where it has none."""

    name: str
    role: str
    value: str
    domain: str
    prior: str = ""
    start: float | None = None
    found: float | None = None
    was: str = ""


@dataclass(frozen=True)
class Example:
    """One example patch, rendered."""

    id: str
    title: str
    doc: str
    facts: tuple[tuple[str, str], ...]
    main: Signal
    layers: tuple[tuple[str, tuple[Signal, ...]], ...]
    variations: tuple[Signal, ...]
    drawing: str
    knobs: tuple[KnobRow, ...]
    text: str  # highlighted
    file: str


@dataclass(frozen=True)
class Matched:
    """One recording, matched by a patch."""

    id: str
    title: str
    doc: str
    facts: tuple[tuple[str, str], ...]
    target: Signal
    before: Signal
    after: Signal
    losses: tuple[float, ...]  # of each step
    best: tuple[float, ...]  # so far
    knobs: tuple[KnobRow, ...]
    text: str
    file: str


@dataclass(frozen=True)
class Whole:
    """Everything on the page; `failed` are examples that could not be shown, with the reason."""

    examples: tuple[Example, ...] = ()
    matches: tuple[Matched, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, str], ...] = field(default=())


def page(whole: Whole) -> str:
    """The HTML of the page."""
    entries = [*((one.id, one.title) for one in whole.examples), *((one.id, one.title) for one in whole.matches)]
    links = "".join(f'<li><a href="#{id_}">{escape(title)}</a></li>' for id_, title in entries)
    body = [
        _header(whole),
        f'<nav><ol class="page">{links}</ol></nav>',
        '<main class="page">',
        *map(_example, whole.examples),
        *map(_matched, whole.matches),
        *(
            f'<section class="example"><h2>{escape(name)}</h2><pre>{escape(why)}</pre></section>'
            for name, why in whole.failed
        ),
        f"</main><footer class='page'>Made by <code>patchc demo</code>. {_facts(whole.facts)}</footer>",
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>patchc: the examples</title>'
        f"<style>\n{_asset('page.css')}</style></head><body>\n{chr(10).join(body)}\n<script>\n{_asset('page.js')}</script></body></html>\n"
    )


def _asset(name: str) -> str:
    return files("patchc.cli.demo").joinpath(name).read_text(encoding="utf-8")


def _header(whole: Whole) -> str:
    many = f"are {len(whole.examples)} patches, each" if len(whole.examples) != 1 else "is one patch,"
    matched = " At the end, recordings of real instruments are matched by gradient descent." if whole.matches else ""
    return f"""<header class="page"><h1>Patches you can look into</h1>
<p class="lead">A patch is a text file. patchc compiles it into a differentiable instrument: a torch module whose every
cell can be tapped, heard, seen and learned.</p>
<p>Below {many} rendered with the numbers the text starts from. Sound travels through the layers from left to
right, and each cell of the grid is shown by its own signal: click a picture to hear it from there. Cells that make
control signals are drawn as curves; they are seen, not heard.{matched}</p></header>"""


def _example(one: Example) -> str:
    wide = ' wide"' if len(one.layers) > 7 else '"'
    parts = [
        f'<section class="example" id="{one.id}"><h2>{escape(one.title)}</h2><p>{escape(one.doc)}</p>',
        sound(one.main, "main"),
        _facts(one.facts),
        f'<h3>The graph</h3><div class="graph{wide}>{one.drawing}</div>',
        "<h3>Cell by cell <small>columns are layers, rows are channels</small></h3>",
        _grid(one.layers),
    ]
    if one.variations:
        shown = "".join(sound(signal) for signal in one.variations)
        parts.append(
            f'<h3>Other sounds it makes <small>drawn from its priors</small></h3><div class="row">{shown}</div>'
        )
    if one.knobs:
        parts.append(_details(f"Knobs ({len(one.knobs)})", _knob_table(one.knobs)))
    parts.append(_details(f"The patch: {one.file}", f"<pre><code>{one.text}</code></pre>"))
    return "\n".join([*parts, "</section>"])


def _matched(one: Matched) -> str:
    parts = [
        f'<section class="example" id="{one.id}"><h2>{escape(one.title)}</h2><p>{escape(one.doc)}</p>',
        f'<div class="pair">{sound(one.target, "main")}{sound(one.after, "main")}</div>',
        _facts(one.facts),
        "<h3>Where it began, and how it got there</h3>",
        f'<div class="pair">{sound(one.before, "main")}{_loss(one.losses, one.best)}</div>',
        _details(f"What was found ({len(one.knobs)} numbers)", _knob_table(one.knobs), opened=True),
        _details(f"The patch with the found numbers written in: {one.file}", f"<pre><code>{one.text}</code></pre>"),
    ]
    return "\n".join([*parts, "</section>"])


def _grid(layers: Sequence[tuple[str, tuple[Signal, ...]]]) -> str:
    cells = []
    for column, (name, signals) in enumerate(layers, start=1):
        cells.append(
            f'<div class="layer" style="grid-column:{column}"><b>{escape(name)}</b> {column} of {len(layers)}</div>'
        )
        cells += [sound(signal, place=(column, row)) for row, signal in enumerate(signals, start=2)]
    return f'<div class="grid">{"".join(cells)}</div>'


def sound(signal: Signal, style: str = "", place: tuple[int, int] | None = None) -> str:
    """A card of one signal: its name, a button, its picture."""
    where = f' style="grid-column:{place[0]};grid-row:{place[1]}"' if place else ""
    kind = "control" if signal.curve else "audio"
    data = f' data-sound="{escape(signal.sound)}"' if signal.sound else ""
    button = _PLAY.format(name=escape(signal.name)) if signal.sound else '<span class="dot"></span>'
    head = f"{button}<span>{_name(signal.name)}{_level(signal)}</span>"
    picture = _curve(signal) if signal.curve else _sound_picture(signal, large=style == "main")
    return f'<figure class="sound {kind} {style}"{data}{where}><figcaption>{head}</figcaption>{picture}</figure>'


def _name(name: str) -> str:
    """The last word of a path stands out."""
    path, dot, last = name.rpartition(".")
    shown = f'<span class="path">{escape(path + dot)}</span><b>{escape(last)}</b>'
    return f'<span class="name" title="{escape(name)}">{shown}</span>'


def _level(signal: Signal) -> str:
    kind = f"<b>{escape(signal.type)}</b> · " if signal.type else ""
    return f'<span class="level" title="{escape(signal.hint or signal.note)}">{kind}{escape(signal.note)}</span>'


def _sound_picture(signal: Signal, large: bool) -> str:
    box = "0 -1 900 2" if large else "0 -1 150 2"
    wave = f'<svg viewBox="{box}" preserveAspectRatio="none"><path d="{signal.wave}"/></svg>'
    image = f'<img src="{escape(signal.picture)}" alt="Spectrogram of {escape(signal.name)}" loading="lazy">'
    return f'<div class="wave">{wave}<i class="head"></i></div><div class="picture">{image}<i class="head"></i></div>'


def _curve(signal: Signal) -> str:
    lines = '<line x1="0" y1="0" x2="300" y2="0"/>'
    return (
        f'<div class="curve"><svg viewBox="0 -1.06 300 2.12" preserveAspectRatio="none">{lines}'
        f'<path d="{signal.curve}"/></svg></div>'
    )


def _facts(facts: Iterable[tuple[str, str]]) -> str:
    shown = "".join(f"<span>{escape(name)} <b>{escape(value)}</b></span>" for name, value in facts)
    return f'<div class="facts">{shown}</div>'


def _details(title: str, content: str, opened: bool = False) -> str:
    return f"<details{' open' if opened else ''}><summary>{escape(title)}</summary>{content}</details>"


def _knob_table(knobs: Sequence[KnobRow]) -> str:
    matched = any(knob.was for knob in knobs)
    heads = ["knob", "role", *(["before"] if matched else []), "found" if matched else "value", "", "range", "prior"]
    rows = "".join(_knob_row(knob, matched) for knob in knobs)
    return f'<div class="table"><table><tr>{"".join(f"<th>{head}</th>" for head in heads)}</tr>{rows}</table></div>'


def _knob_row(knob: KnobRow, matched: bool) -> str:
    was = f'<td class="mono">{escape(knob.was)}</td>' if matched else ""
    dots = [(knob.start, "was" if matched else ""), (knob.found, "now")]
    bar = "".join(f'<i class="{style}" style="left:{100 * at:.1f}%"></i>' for at, style in dots if at is not None)
    shown = f'<span class="bar">{bar}</span>' if bar else ""
    return (
        f'<tr><td class="mono">{escape(knob.name)}</td><td><span class="role">{escape(knob.role)}</span></td>{was}'
        f'<td class="mono">{escape(knob.value)}</td><td>{shown}</td><td class="mono">{escape(knob.domain)}</td>'
        f'<td class="mono">{escape(knob.prior)}</td></tr>'
    )


def _loss(losses: Sequence[float], best: Sequence[float]) -> str:
    """The loss of each step, pale, and the best so far, on a logarithmic axis."""
    if len(best) < 2 or min(*losses, *best) <= 0:
        return ""
    low, high = log(min(best)), log(max(best)) + 0.1
    said = (
        f"loss over {len(best)} steps, as a share of the starting loss: {best[0]:.1%} at first, {best[-1]:.1%} at last"
    )
    lines = f'<path class="each" d="{_line(losses, low, high)}"/><path d="{_line(best, low, high)}"/>'
    return f'<div class="loss">{said}<svg viewBox="0 0 600 210" preserveAspectRatio="none">{lines}</svg></div>'


def _line(values: Sequence[float], low: float, high: float) -> str:
    """An SVG path from left to right, 600 wide and 200 high, the lower value the lower; what is higher is cut off."""
    heights = [205 - 200 * min(1.0, (log(value) - low) / (high - low)) for value in values]
    return "M" + "L".join(f"{600 * i / (len(values) - 1):.4g},{y:.4g}" for i, y in enumerate(heights))
