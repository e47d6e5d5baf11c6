"""The report of a match: one HTML file with both sounds, their spectrograms, the loss curve and the values found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from html import escape
from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePath
from typing import TYPE_CHECKING

import torch

from patchc.matching.fit import SEARCH_RATE
from patchc.matching.values import FoundValue
from patchc.media import html
from patchc.media.chart import line_chart
from patchc.media.picture import Signal, draw_pair

if TYPE_CHECKING:
    from patchc.matching.match import Match

_END = 0.01  # of a range: how near its end counts as at it


def report(match: Match) -> str:
    """The whole page; everything on it is embedded, and every name is escaped."""
    target, patch = PurePath(match.target.name).name, match.synth.graph.name
    summary = (
        f"<h1>{escape(target)}, matched by <code>{escape(patch)}</code></h1>\n"
        f'<p class="quiet">{_summary(match)}</p>' + "".join(f'<p class="note">{escape(n)}</p>' for n in match.notes)
    )
    parts = [summary, _listen(match), _course(match), _values(match), _inputs(match), _run(match), _text(match)]
    return html.page(f"{target} matched by {patch}", "\n".join(part for part in parts if part))


def _summary(match: Match) -> str:
    better = f", from {match.drawn_loss:.3f} of the best draw" if match.drawn_loss > match.loss else ""
    level = f"level: target {match.level.target_db:.1f} dBFS rms, match {match.level.match_db:.1f}"
    return f"Loss {match.loss:.3f}{better}, in {match.took:.0f} s and {len(match.history)} steps; {level}."


def _listen(match: Match) -> str:
    rate = match.synth.sample_rate
    audio = match.sound.audio[0].detach()
    mono = audio if audio.ndim == 1 else audio.mean(0)
    target = match.target.audio
    seen = draw_pair(
        Signal("Target", match.target.mono, rate, peak_db=match.target.peak_db), Signal("Match", mono, rate)
    )
    players = html.player(target, rate, "Target") + html.player(audio, rate, "Match")
    what = "Waveform and spectrogram of the target, left, and of the match, right"
    return html.card("Listen", f'<div class="row" style="margin-bottom:1rem">{players}</div>', html.picture(seen, what))


def _course(match: Match) -> str:
    if not match.history:
        return ""
    terms = ", ".join(f"{escape(name)} {value:.3f}" for name, value in match.terms.items())
    said = f'<p class="quiet">Each step, pale, and the best so far. In the end: {terms}.</p>'
    return html.card("Loss", said, *_curves(match))


def _curves(match: Match) -> Iterator[str]:
    """One curve for each rate that losses were measured at: values of different rates do not compare."""
    rate, cut = match.synth.sample_rate, match.full_rate_from
    parts = (
        (f"Search, at {min(rate, SEARCH_RATE):,} Hz", slice(0, cut)),
        (f"Last steps, at {rate:,} Hz", slice(cut, None)),
    )
    for title, part in parts:
        if match.history[part]:
            yield f"<h3>{title}</h3>"
            yield line_chart(match.history[part], match.best[part], "step", "loss")


def _at_limits(match: Match) -> str:
    """The numbers that were found at an end of their range, where a wider one might fit better."""
    names = [v.name for v in match.values if v.position is not None and not _END < v.position < 1 - _END]
    said = ", ".join(f"<code>{escape(name)}</code>" for name in names)
    return f'<p class="note">At an end of the range, so that a wider one may fit better: {said}.</p>' if names else ""


def _values(match: Match) -> str:
    rows = [_row(value) for value in match.values]
    head = ("Number", "Found", "Was", "From", "Range", "To")
    return html.card("Values found", html.table(head, rows, numbers=(1, 2, 3)), _at_limits(match))


def _row(value: FoundValue) -> tuple[str, ...]:
    bar = "" if value.position is None else html.bar(value.position, value.before)
    texts = (value.text, value.before_text, value.low)
    name = f"<code>{escape(value.name)}</code>"
    return (name, *(escape(text) for text in texts), bar, escape(value.high))


def _inputs(match: Match) -> str:
    told = match.analysis.facts()
    line = f"<pre>patchc render {escape(match.synth.graph.name)}.patch {escape(match.playing)}</pre>"
    return html.card("What the patch was told", html.facts(told), line if match.playing else "") if told else ""


def _run(match: Match) -> str:
    plan, synth = match.plan, match.synth
    mark = hashlib.sha256(match.text.encode()).hexdigest()[:16]
    return html.card(
        "The run",
        html.facts(
            [
                ("target", f"{match.target.name}, {match.target.seconds:.4g} s"),
                ("patch", f"{synth.graph.name}, sha256 of the fitted text {mark}…"),
                ("seed", str(plan.seed)),
                ("tried", f"{plan.draws} draws, {plan.children} children, {len(match.history)} of {plan.steps} steps"),
                ("sample rate", f"{synth.sample_rate:,} Hz, {synth.control_rate:.4g} control frames a second"),
                ("versions", f"patchc {_version('patchc')}, torch {torch.__version__}"),
            ]
        ),
    )


def _text(match: Match) -> str:
    inside = f"<details><summary>Show the text</summary><pre>{escape(match.text)}</pre></details>"
    return html.card("The fitted patch", inside)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "from a source tree"
