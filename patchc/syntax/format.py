"""Tree to canonical text: one order of sections, one spacing; comments, blank lines and numbers stay as written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from patchc.syntax import spell, tree
from patchc.syntax.attach import Header, Item, Line, attach
from patchc.syntax.layering import with_layers, without_layers

WIDTH = 110  # columns a one-line cell may take
_INDENT = "  "
_SECTIONS: tuple[tuple[type[tree.Node], ...], ...] = (
    (tree.Meta,),
    (tree.Input,),
    (tree.Param,),
    (tree.Cell, tree.Layer, tree.Repeat),
    (tree.Output,),
    (tree.Moved,),
    (tree.Set,),
    (tree.Tap,),
)


def format_file(
    file: tree.File,
    *,
    layers: Mapping[str, Sequence[tuple[str, Sequence[str]]]] | None = None,
    no_layers: bool = False,
) -> str:
    """The canonical text of a file without syntax errors.

    `layers` names, per patch, the layers whose blocks are to be written: each with the cells of it, by the names they
    have inside the patch (`bell[k]` or just `bell` for the cells of a loop). Patches that have layers keep theirs.
    `no_layers` takes all layer blocks out. Raises `ValueError` for a tree that holds a `Broken` node.
    """
    whole = attach(file)
    for item in whole.items:
        if isinstance(item.node, tree.Patch):
            if no_layers:
                without_layers(item)
            elif layers and item.node.name.text in layers:
                with_layers(item, layers[item.node.name.text])
            _sort(item)
    return "".join(f"{line}\n" for line in _file(whole))


def _section(item: Item) -> int:
    kinds = (i for i, kinds in enumerate(_SECTIONS) if isinstance(item.node, kinds))
    section = next(kinds, None)
    if section is None:
        raise ValueError("a file with syntax errors cannot be formatted")
    return section


def _sort(patch: Item) -> None:
    """Brings the statements of a patch into the order of sections; one that moves gets a blank line before it."""
    before = {id(item): above for above, item in zip([None, *patch.items], patch.items, strict=False)}
    patch.items.sort(key=_section)
    for above, item in zip([None, *patch.items], patch.items, strict=False):
        if above is not None and before[id(item)] is not above and _section(above) != _section(item):
            _set_blank(item)


def _set_blank(item: Item) -> None:
    if item.lead:
        item.lead[0] = Line(item.lead[0].start, item.lead[0].text, True)
    else:
        item.blank = True


# --- blocks -----------------------------------------------------------------------------------------------------------


def _file(whole: Item) -> Iterator[str]:
    for index, item in enumerate(whole.items):
        above = whole.items[index - 1] if index else None
        if above is not None and not (isinstance(item.node, tree.Use) and isinstance(above.node, tree.Use)):
            _set_blank(item)
        yield from _lines(item, "", 0, first=index == 0)
    yield from _comments(whole.dangling, "", first=not whole.items)


def _block(items: Sequence[Item], dangling: Sequence[Line], indent: str, edge: int | None = None) -> Iterator[str]:
    """The lines between two braces. Names are brought to the width of their run, verbs of a cell to one edge."""
    first = True
    for run in _runs(items):
        pad = max(len(_name(item)) for item in run) if edge is None else edge
        for item in run:
            yield from _lines(item, indent, pad, first)
            first = False
    yield from _comments(dangling, indent, first)


def _runs(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Neighbours of one sort with nothing between them: their names are brought to one width."""
    run: list[Item] = []
    for item in items:
        if run and not (item.bare and type(item.node) is type(run[-1].node)):
            yield run
            run = []
        run.append(item)
    if run:
        yield run


def _lines(item: Item, indent: str, pad: int, first: bool) -> Iterator[str]:
    """An item with what stands above and behind it."""
    yield from _comments(item.lead, indent, first)
    if item.blank and (item.lead or not first):
        yield ""
    *lines, last = _statement(item, indent, pad)
    yield from lines
    reflowed = bool(lines) and "\n" not in item.span.text
    yield f"{last}  {item.tail.text}" if item.tail and reflowed else _with_tail(last, item.tail)


def _comments(lines: Sequence[Line], indent: str, first: bool) -> Iterator[str]:
    for index, line in enumerate(lines):
        if line.blank and not (first and index == 0):
            yield ""
        yield f"{indent}{line.text}"


def _with_tail(line: str, comment: tree.Comment | None) -> str:
    """A comment stays in its column, two spaces behind the code at least."""
    if comment is None:
        return line
    return f"{line}{' ' * max(comment.span.column - 1 - len(line), 2)}{comment.text}"


# --- statements -------------------------------------------------------------------------------------------------------


def _statement(item: Item, indent: str, pad: int) -> list[str]:
    node = item.node
    if isinstance(node, tree.Cell):
        return _cell(item, node, indent, pad)
    if isinstance(node, (tree.Meta, tree.Layer, tree.Repeat, tree.Patch)):
        lines = [_with_tail(f"{indent}{_head(node)} {{", item.head_tail)]
        return [*lines, *_block(item.items, item.dangling, indent + _INDENT), f"{indent}}}"]
    if isinstance(node, tuple):
        return [f"{indent}{node[0].text:<{pad}} = {spell.literal(node[1])}"]
    if isinstance(node, tree.Bind):
        return _bind_lines(node, indent, pad)
    return [indent + _leaf(node, pad)]


def _head(node: tree.Node) -> str:
    match node:
        case tree.Layer():
            return f"layer {node.name.text}"
        case tree.Repeat():
            return f"for {node.variable.text} in {spell.domain(node.over)}"
        case tree.Patch():
            return f"patch {node.name.text}{spell.generics(node.generics)}"
    return "meta"


def _name(item: Item) -> str:
    """The part of a statement that neighbours bring to one width."""
    match item.node:
        case tree.Input(name=name) | tree.Cell(name=name) | tree.Output(name=name):
            return name.text
        case tree.Param() as node:
            return node.name.text + (f" : {node.kind}{spell.width(node)}" if node.kind else "")
        case tree.Tap() as node:
            return ", ".join(ref.text for ref in node.refs) if node.losses else ""
        case tree.Moved(old=ref) | tree.Set(target=ref):
            return ref.text
        case (name, _):
            return name.text
    return ""


def _leaf(node: tree.Node, pad: int) -> str:
    name = f"{_name(Item(node, node.span)):<{pad}}"
    match node:
        case Header():
            return node.text
        case tree.Use():
            return f"use {spell.literal(node.path)} as {node.alias.text}"
        case tree.Input():
            start = f" = {spell.value(node.value)}" if node.value is not None else ""
            return f"input {name} : {node.kind}{spell.width(node)}{start}"
        case tree.Param():
            return f"param {name} = {spell.value(node.value)}"
        case tree.Output():
            return f"output {name} <- {', '.join(map(spell.cable, node.cables))}"
        case tree.Moved():
            return f"moved {name} -> {node.new.text}"
        case tree.Set():
            return f"set {name} = {spell.value(node.value)}"
        case tree.Tap():
            return _tap(node, name)
    raise ValueError("a file with syntax errors cannot be formatted")


def _tap(node: tree.Tap, name: str) -> str:
    after = f"  after {node.after} steps" if node.after else ""
    if not node.losses:
        return f"tap {', '.join(ref.text for ref in node.refs)}{after}"
    return f"tap {name} loss {' + '.join(map(spell.loss, node.losses))}{after}"


# --- cells ------------------------------------------------------------------------------------------------------------


def _cell(item: Item, node: tree.Cell, indent: str, pad: int) -> list[str]:
    head = f"{indent}cell {node.name.text:<{pad}} : {node.type.text}{spell.args(node.args)}{spell.guards(node.guards)}"
    if item.brace is None or not (node.binds or item.commented):
        return [head]
    one_line = f"{head} {{ {'; '.join(map(_bind, node.binds))} }}"
    if "\n" not in node.span.source.text[item.brace : node.span.end] and len(one_line) <= WIDTH:
        return [one_line]
    edge = max((len(port) + 1 + len(verb) for port, verb, _ in map(_parts, node.binds)), default=0)
    block = _block(item.items, item.dangling, indent + _INDENT, edge)
    return [_with_tail(f"{head} {{", item.head_tail), *block, f"{indent}}}"]


def _parts(node: tree.Bind) -> tuple[str, str, list[str]]:
    """Port, verb, and what stands behind it; `pass` has no verb."""
    match node:
        case tree.Base():
            return node.port.text, "=", [spell.value(node.value)]
        case tree.Modulate():
            return node.port.text, "+=", [spell.cable(node.cable)]
        case tree.Scale():
            return node.port.text, "*=", [spell.cable(node.cable)]
        case tree.Feed():
            return node.port.text, "<-", [spell.cable(cable) for cable in node.cables]
        case tree.PassThrough():
            return "", "", [f"pass {', '.join(name.text for name in node.names)}"]
    raise ValueError("a file with syntax errors cannot be formatted")


def _bind(node: tree.Bind, edge: int = 0) -> str:
    """A bind on one line; its verb ends in column `edge` of the cell's block."""
    port, verb, behind = _parts(node)
    return f"{port} {verb.rjust(edge - len(port) - 1)} {', '.join(behind)}" if verb else behind[0]


def _bind_lines(node: tree.Bind, indent: str, edge: int) -> list[str]:
    """A bind on one line, or a line for each cable where they do not fit."""
    line = indent + _bind(node, edge)
    if not isinstance(node, tree.Feed) or len(node.cables) == 1 or len(line) <= WIDTH:
        return [line]
    return [indent + _bind(tree.Feed(node.span, node.port, (cable,)), edge) for cable in node.cables]
