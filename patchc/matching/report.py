"""The report of a match: one HTML file with both sounds, their spectrograms, the loss curve and the values found."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from html import escape
from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePath
from typing import TYPE_CHECKING

import torch

from patchc.matching.course import Progression
from patchc.matching.values import FoundValue
from patchc.matching.wording import idle_in_words, level_in_words, loss_in_words, meaning_in_words, percent
from patchc.media import html
from patchc.media.chart import Panel, panel_chart
from patchc.media.picture import Signal, draw_pair

if TYPE_CHECKING:
    from patchc.matching.match import Match

_CODE = re.compile(r"`([^`]+)`")


def report(match: Match) -> str:
    """The whole page; everything on it is embedded, and every name is escaped."""
    target, patch = PurePath(match.target.name).name, match.synth.graph.name
    summary = (
        f"<h1>{escape(target)}, matched by <code>{escape(patch)}</code></h1>\n"
        f'<p class="quiet">{_summary(match)}</p>' + "".join(f'<p class="note">{_words(n)}.</p>' for n in match.notes)
    )
    parts = [summary, _listen(match), _apart(match), _course(match), _values(match), _inputs(match), _run(match)]
    return html.page(f"{target} matched by {patch}", "\n".join(part for part in (*parts, _text(match)) if part))


def _words(sentence: str) -> str:
    """A sentence as markup: it begins with a capital, and names between backticks are code."""
    text = escape(sentence)
    return _CODE.sub(r"<code>\1</code>", text[:1].upper() + text[1:])


def _summary(match: Match) -> str:
    return f"{_words(loss_in_words(match))}; {level_in_words(match)}. {match.took:.0f} s, {_steps(match)}."


def _steps(match: Match) -> str:
    return f"{len(match.history)} of {match.plan.steps} steps"


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


def _apart(match: Match) -> str:
    """What the match does not do that the target does, and what may stand in its way."""
    said = [*match.contrasts, *(limit.text for limit in match.limits), *idle_in_words(match)]
    items = "".join(f"<li>{_words(sentence)}.</li>" for sentence in said)
    return html.card("What keeps it from coming nearer", f"<ul>{items}</ul>") if said else ""


def _course(match: Match) -> str:
    if not match.history:
        return ""
    panels = [
        Panel(_title(number, one), _percents(one.losses), _percents(one.best))
        for number, one in enumerate(match.progressions, 1)
    ]
    chart = panel_chart(panels, "step of each stage", "% of the way from the start to the floor that is left")
    said = f"{meaning_in_words(match)} Each step is pale, the best so far dark."
    return html.card("Loss", f'<p class="quiet">{said}</p>', chart, _stages(match), f"<p>{_terms(match)}</p>")


def _title(number: int, one: Progression) -> str:
    return f"{number}. at {one.descent.rate:,} Hz, {_settings(one.descent.starts)}"


def _settings(count: int) -> str:
    return "from the best" if count == 1 else f"from {count} settings"


def _percents(shares: Sequence[float]) -> list[float]:
    return [100 * share for share in shares]


def _stages(match: Match) -> str:
    """A table of the stages: what was descended, what was measured, and how far each came."""
    scored = " + ".join(name.rpartition(".")[2] for name in match.terms)
    rows = [
        (
            f"{number}. {_settings(one.descent.starts)}",
            one.descent.measure,
            f"{escape(scored)} at {one.descent.rate:,} Hz",
            str(len(one.losses)),
            f"{one.descent.best[0]:.3f} to {one.descent.best[-1]:.3f}",
            f"{100 * one.best[0]:.1f} to {percent(one.best[-1], 1)}",
        )
        for number, one in enumerate(match.progressions, 1)
    ]
    return html.table(("Stage", "Descends", "Measured", "Steps", "Best loss", "Left"), rows, numbers=(3, 4, 5))


def _terms(match: Match) -> str:
    terms = ", ".join(f"{escape(name)} {value:.3f}" for name, value in match.terms.items())
    return f"In the end, of the patch as it is written: {terms}."


def _values(match: Match) -> str:
    rows = [_row(value) for value in match.values]
    head = ("Number", "Found", "Was", "From", "Range", "To")
    return html.card("Values found", html.table(head, rows, numbers=(1, 2, 3)))


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
                ("tried", f"{plan.draws} draws, {plan.children} children, {_steps(match)}"),
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
