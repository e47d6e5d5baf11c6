"""Readable text of the first two stages: the tokens of a source, and its tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from patchc.syntax import spell, tree
from patchc.syntax.lexer import END, EOF, Tokens
from patchc.syntax.lr_parser import LRParser

_WORDS = ("NAME", "NUMBER", "SIGNED", "INT", "UNIT", "STRING", "KIND", "GKIND", "ROLE", "STRANGE", "OPEN_STRING")


def show_tokens(tokens: Tokens) -> str:
    """One line per line of the source: its number, and its tokens by the terminals they are taken for.

    Names, numbers and texts are followed by what was written; `END` is the end of a statement. Whether a word is a
    keyword depends on where it stands: behind the first mistake all words are names.
    """
    automaton = LRParser(tokens)
    automaton.run()
    lines: dict[int, list[str]] = {}
    for kind, text, start in zip(automaton.read, tokens.texts, tokens.starts, strict=True):
        if kind != EOF:
            lines.setdefault(tokens.source.place(start)[0], []).append(_token(kind, text))
    return "".join(f"{number:>4}  {' '.join(words)}\n" for number, words in lines.items())


def _token(kind: str, text: str) -> str:
    if kind == END:
        return "END"
    if kind in _WORDS:
        return f"{kind}({text})"
    return text if text and not text[0].isalpha() else kind


def show_tree(file: tree.File) -> str:
    """The tree, a node to a line, each with the place it was written at; short nodes are written out in one line."""
    edition = "none" if file.edition is None else str(file.edition)
    return "".join(f"{line}\n" for line in [f"File edition={edition}", *_nodes(file.items, "  ")])


def _nodes(nodes: tuple[object, ...], indent: str) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, tuple):
            name, literal = node
            yield f"{indent}{name.text} = {spell.literal(literal)}"
        elif isinstance(node, tree.Node):
            yield from _node(node, indent)


def _node(node: tree.Node, indent: str, name: str = "") -> Iterator[str]:
    simple, nested = [], []
    for field in fields(node):
        value = getattr(node, field.name)
        if field.name == "span" or value is None or value in ("", ()):
            continue
        text = _short(value)
        if text is None:
            nested.append((field.name, value))
        else:
            simple.append(f"{field.name}={text}")
    place = f"{node.span.line}:{node.span.column}"
    yield f"{indent}{f'{name}: ' if name else ''}{' '.join([type(node).__name__, *simple])}  @{place}"
    for key, value in nested:
        yield from _nested(key, value, indent + "  ")


def _nested(key: str, value: object, indent: str) -> Iterator[str]:
    if isinstance(value, tree.Node):
        yield from _node(value, indent, key)
    elif isinstance(value, tuple):
        yield from _nodes(value, indent)


def _short(value: object) -> str | None:
    """What fits behind an `=` on the line of its node."""
    match value:
        case str():
            return repr(value) if " " in value or "\n" in value else value
        case tree.Name() | tree.Ref():
            return value.text
        case tree.Str() | tree.Number() | tree.ListLiteral() | tree.Binary():
            return spell.literal(value)
        case tree.Vector():
            return spell.vector(value)
        case tree.Interval():
            return spell.domain(value)
        case tuple() if all(isinstance(item, tree.Ref | tree.Name) for item in value):
            return ",".join(item.text for item in value)
        case tuple() if all(isinstance(item, str) for item in value):
            return ",".join(value)
        case tree.Node() | tuple():
            return None
    return f"{value:g}" if isinstance(value, float) else str(value)
