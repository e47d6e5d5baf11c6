"""A patch with `--set`: numbers go into its text; what no text holds, and what is played, goes into the call."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from patchc.cli.loading import graph_of, patch_source
from patchc.cli.values import read_settings
from patchc.graph.settable import Settable, settable, unfolded
from patchc.source.codes.options import BadSetting, UnknownWord
from patchc.source.codes.plugs import NotAKnob
from patchc.source.diagnostic import Diagnostic, has_errors
from patchc.source.error import PatchError
from patchc.source.suggest import nearest
from patchc.source.synonyms.settable import setting_hint
from patchc.source.text import SET, Source

if TYPE_CHECKING:
    from patchc.cli.screen import Screen
    from patchc.cli.values import Settings
    from patchc.graph.model import Graph

_LISTED = 12
_FEW = 4


def preset(
    source: Source, patch: str | None, words: Sequence[str], *, locked: bool = False, screen: Screen | None = None
) -> tuple[Graph, Source, Settings]:
    """The graph of `source`, and its text, with everything that `words` name set in it.

    What is learned or drawn starts there; `locked`, it is fixed there. Notes and recordings, which no text holds, are
    read by the same rules, and come back as settings. A `screen` shows warnings about what was set. Raises `PatchError`
    with everything that is wrong: in the patch, or else in `words`.
    """
    from patchc.compiler.knobs import knobs_of

    graph = graph_of(source, patch)
    pairs = unfolded(graph, _pairs(words))
    if locked:
        pairs |= {knob.name: f"fixed {pairs[knob.name]}" for knob in knobs_of(graph) if knob.name in pairs}
    only_played = [item.name for item in graph.inputs if item.kind in ("gate", "audio")]
    graph, source, settings, found = _set(graph, source, pairs, only_played)
    if screen is not None:
        screen.report([one for one in found if one.span is not None and one.span.source.name == SET])
    return graph, source, settings


def opened(
    screen: Screen, source: Source, patch: str | None, words: Sequence[str], gate: str | None = None
) -> tuple[Graph, Source, Settings]:
    """As `preset`, for what is to be played: inputs and knobs are not written, but come back as settings.

    `gate` is that of every gate input.
    """
    from patchc.compiler.knobs import knobs_of

    graph = graph_of(source, patch)
    gates = [f"{item.name}={gate}" for item in graph.inputs if gate is not None and item.kind == "gate"]
    played = [*(item.name for item in graph.inputs), *(knob.name for knob in knobs_of(graph))]
    graph, source, settings, _ = _set(graph, source, unfolded(graph, _pairs([*gates, *words])), played)
    screen.report(settings.notes)
    return graph, source, settings


def _set(
    graph: Graph, source: Source, pairs: dict[str, str], played: Collection[str]
) -> tuple[Graph, Source, Settings, list[Diagnostic]]:
    """What is `played` as settings, the rest written into the text, and all that is said about that."""
    from patchc.compiler.knobs import knobs_of

    fixed = {name: text for name, text in pairs.items() if name not in played}
    given = [f"{name}={text}" for name, text in pairs.items() if name in played]
    wrong: list[Diagnostic] = []
    found: list[Diagnostic] = []
    if fixed:
        try:
            graph, source, found = _written(graph, source, fixed, played)
        except PatchError as error:
            wrong += error.diagnostics
    try:
        settings = read_settings(given, graph, knobs_of(graph))
    except PatchError as error:
        wrong += error.diagnostics
    if wrong:
        raise PatchError(wrong)
    return graph, source, settings, found


def _pairs(words: Iterable[str]) -> dict[str, str]:
    """Texts by name. Raises `PatchError` for a word without `=`, and for a name that comes twice."""
    pairs: dict[str, str] = {}
    wrong: list[Diagnostic] = []
    for word in words:
        name, equals, text = (part.strip() for part in word.partition("="))
        if not equals or not name:
            wrong.append(_bad(name, text, "written `name=value`", name or "vcf.cutoff"))
        elif name in pairs:
            hint = f"set `{name}` once; several sounds are several calls"
            wrong.append(_bad(name, text, f"`{pairs[name]}` already", name, hint))
        else:
            pairs[name] = text
    if wrong:
        raise PatchError(wrong)
    return pairs


def _bad(name: str, text: str, expected: str, shown: str, hint: str = "") -> BadSetting:
    hint = hint or f"for example `--set {shown}=440Hz`"
    return BadSetting(span=None, name=name, value=text, expected=expected, example="", hint=hint)


def _written(
    graph: Graph, source: Source, pairs: dict[str, str], played: Collection[str]
) -> tuple[Graph, Source, list[Diagnostic]]:
    """The graph with `pairs` set in its text, that text, and all that is said about it. Raises `PatchError`."""
    from patchc.graph.open import set_in

    after, found, text = set_in(graph, patch_source(source), pairs)
    if after is None or has_errors(found):
        raise PatchError([_unknown(one, graph, played) if isinstance(one, NotAKnob) else one for one in found])
    return after, text, found


def _unknown(wrong: NotAKnob, graph: Graph, played: Collection[str]) -> UnknownWord:
    """A name that nothing has, with the nearest of those that can be set, inputs among them."""
    every = list(settable(graph))
    names = list(dict.fromkeys([*(item.name for item in graph.inputs), *played, *(one.name for one in every)]))
    some = [*dict.fromkeys([*(item.name for item in graph.inputs), *(f"{cell.name}.…" for cell in graph.cells)])]
    known = _of_cable(wrong.name, every) or _of_instance(wrong.name, graph) or setting_hint(wrong.name, names)
    known = known or (wrong.hint if wrong.fixes or "did you mean" in wrong.hint else "")
    more = ", ..." if len(some) > _LISTED else ""
    known = known or f"it has {', '.join(some[:_LISTED])}{more}; `patchc plan` prints all of it"
    return UnknownWord(span=None, kind="knob, input or number", word=wrong.name, known=known)


def _of_cable(name: str, every: Sequence[Settable]) -> str:
    """What `left.gain` and `left[hall].gain` may have meant: the cables that arrive at `left`."""
    arrivals = [one for one in every if one.into and name.startswith((f"{one.into}.", f"{one.into}["))]
    known = [one.name for one in arrivals]
    if not known:
        return ""
    near = nearest(name, known)
    shown = ([near] if near else []) + [one for one in known if one != near]
    more = ", ..." if len(shown) > _FEW else ""
    return f"a cable is named by what it brings: {', '.join(f'`{one}`' for one in shown[:_FEW])}{more}"


def _of_instance(name: str, graph: Graph) -> str:
    """What is to be said of a size of a patch inside the patch, and of what else an instance has no number for."""
    owner, _, last = name.rpartition(".")
    inside = [cell.name for cell in graph.cells if owner and cell.name.startswith(f"{owner}.")]
    if not inside or any(cell.name == owner for cell in graph.cells):
        return ""
    meant = setting_hint(name, [one.name for one in settable(graph) if one.name.startswith(f"{owner}.")])
    sizes = f"a size of `{owner}` is written where that is placed, as in `cell {owner} : TYPE({last} = ...)`"
    return f"{meant} {sizes}" if meant else f"{sizes}; its numbers are those of its cells, such as `{inside[0]}.…`"
