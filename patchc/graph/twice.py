"""What is given twice where it can be given once: sizes, settings, entries, members of a choice, names of a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from patchc.source.codes.names import GivenTwice
from patchc.source.diagnostic import Label
from patchc.source.text import Span
from patchc.syntax import tree

Named = tuple[str, Span]


def given_twice(patch: tree.Patch) -> Iterator[GivenTwice]:
    """P234 for each name of `patch` that stands a second time in the same list."""
    yield from _repeated("the size", ((generic.name.text, generic.name.span) for generic in patch.generics))
    yield from _arguments("the setting", patch.decos)
    entries: list[Named] = []
    for node in statements(patch.body):
        if isinstance(node, tree.Meta):
            entries += [(name.text, name.span) for name, _ in node.entries]
        else:
            yield from _of_statement(node)
    yield from _repeated("the entry", entries)


def statements(body: Iterable[tree.Stmt]) -> Iterator[tree.Stmt]:
    """All statements of a patch in the order of the text, those in blocks before their block."""
    for node in body:
        if isinstance(node, tree.Layer | tree.Repeat):
            yield from statements(node.body)
        yield node


def _of_statement(node: tree.Stmt) -> Iterator[GivenTwice]:
    match node:
        case tree.Cell():
            yield from _arguments("the size", [node])
            yield from _arguments("the setting", node.decos)
            for bind in node.binds:
                yield from _of_bind(bind)
        case tree.Param() | tree.Input():
            yield from _arguments("the setting", node.decos)
            yield from _of_value(node.value)
        case tree.Set():
            yield from _of_value(node.value)
        case tree.Tap():
            yield from _arguments("the setting", node.losses)
            yield from _repeated("the cell", ((ref.text, ref.span) for ref in node.refs))


def _of_bind(bind: tree.Bind) -> Iterator[GivenTwice]:
    if isinstance(bind, tree.Base):
        yield from _of_value(bind.value)
    elif isinstance(bind, tree.PassThrough):
        yield from _repeated("the input", ((name.text, name.span) for name in bind.names))


def _of_value(value: tree.Value | None) -> Iterator[GivenTwice]:
    if value is not None and isinstance(value.domain, tree.ListLiteral):
        yield from _members("the member", value.domain)


def _members(what: str, members: tree.ListLiteral) -> Iterator[GivenTwice]:
    yield from _repeated(what, ((item.span.text, item.span) for item in members.items))


def _arguments(what: str, nodes: Iterable[tree.Cell | tree.Deco | tree.LossUse]) -> Iterator[GivenTwice]:
    for node in nodes:
        if len(node.args) > 1:
            yield from _repeated(what, ((arg.name.text, arg.name.span) for arg in node.args))


def _repeated(what: str, names: Iterable[Named]) -> Iterator[GivenTwice]:
    places: dict[str, Span] = {}
    for name, span in names:
        first = places.setdefault(name, span)
        if first is not span and name:
            yield GivenTwice(span=span, what=what, name=name, labels=(Label(first, "first given here"),))
