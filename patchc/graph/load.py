"""From source text to a graph with everything checked: parse, resolve, expand, layers, rules."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from patchc.graph.body import Body
from patchc.graph.expand import expand
from patchc.graph.imports import Module, load_modules
from patchc.graph.model import Graph
from patchc.graph.report import Report, listed
from patchc.graph.resolve import Resolver
from patchc.graph.rules import IN_EFFECT, RULES, Rule
from patchc.source.codes.names import NoPatch
from patchc.source.diagnostic import Diagnostic, has_errors
from patchc.source.text import Source
from patchc.syntax import tree

MAX_CELLS = 100_000
"""What a patch may unroll to, unless the caller says otherwise."""

MOST_OF_HUGE = 2000
"""A patch that is too large itself is not looked at by rules; one that only contains such a patch is, up to here."""


def load_graph(
    source: Source, *, patch: str | None = None, root: Path | None = None, max_cells: int = MAX_CELLS
) -> tuple[Graph | None, list[Diagnostic]]:
    """The graph of the last patch in `source`, or of the one called `patch`, and all that is to be said about it.

    Files are used from inside `root` only (the folder of `source` by default). The graph is None where there are
    errors. Never raises for a wrong patch: every mistake that can be found is found in one run. What a statement with a
    mistake says is left out, and the rules run on the rest.
    """
    with _collector_at_rest():
        return _load(source, patch, root, max_cells)


def _load(
    source: Source, patch: str | None, root: Path | None, max_cells: int
) -> tuple[Graph | None, list[Diagnostic]]:
    report = Report(source)
    module = load_modules(source, root, report)
    resolver = Resolver(report, max_cells)
    chosen = _choose(module, patch, report)
    graph = _graph(resolver.main(module, chosen, alone=False), report) if chosen is not None else None
    _check_definitions(resolver, report)
    diagnostics = report.sorted()
    return (None if has_errors(diagnostics) else graph), diagnostics


def check_source(
    source: Source, root: Path | None = None, max_cells: int = MAX_CELLS, *, unused: bool = False
) -> list[Diagnostic]:
    """All that is to be said about `source`: about each patch in it by itself, and about those that no other contains
    with all that they contain; where nothing is wrong also, if asked for, inputs and params that are `unused`.
    """
    with _collector_at_rest():
        return _check(source, root, max_cells, unused)


def _check(source: Source, root: Path | None, max_cells: int, unused: bool) -> list[Diagnostic]:
    report = Report(source)
    module = load_modules(source, root, report)
    resolver = Resolver(report, max_cells)
    if not module.patches:
        _choose(module, None, report)
    bodies = [resolver.main(module, patch, alone=True) for patch in module.patches.values()]
    for body in bodies:
        if id(body.patch) not in resolver.contained:
            _graph(body, report)
    _check_definitions(resolver, report)
    return report.sorted(unused=unused)


def _graph(body: Body, report: Report) -> Graph | None:
    """Unrolls and checks one patch; not one that is too large or contains itself."""
    if body.partial:
        return None
    graph = expand(body, report)
    _run_rules(graph, report)
    return graph


def _check_definitions(resolver: Resolver, report: Report) -> None:
    """Each definition by itself, once, without the patches in it: what an instance overrides must be right as well."""
    for body in resolver.definitions():
        if body.huge and len(body.cells) > MOST_OF_HUGE:
            continue
        if any(cell.body is not None for cell in body.cells.values()) or id(body.patch) in resolver.contained:
            _run_rules(
                expand(body, report, shallow=True), report, tuple(rule for rule in RULES if rule not in IN_EFFECT)
            )


def _run_rules(graph: Graph, report: Report, rules: Sequence[Rule] = RULES) -> None:
    for rule in rules:
        report.extend(rule(graph))


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Trees and graphs only grow here and hold no garbage; looking through them again and again doubles the time."""
    working = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if working:
            gc.enable()


def _choose(module: Module, name: str | None, report: Report) -> tree.Patch | None:
    """The patch called `name`, or the last one. One whose text could not be parsed is not missed."""
    if name is None and module.patches:
        return list(module.patches.values())[-1]
    if name in module.patches:
        return module.patches[name]
    if not module.error_lines:
        meant = report.guess(name, module.patches) if name else None
        hint = f"did you mean `{meant}`?" if meant else ""
        called = f" called `{name}`" if name else ""
        patches = f"its patches are {listed(list(module.patches))}" if module.patches else ""
        report(NoPatch(span=None, file=module.name, called=called, hint=hint or patches))
    return None
