"""What a statement that could not be parsed may have declared: names that later messages stay silent about."""

from __future__ import annotations

import re
from collections.abc import Iterable

from patchc.source.text import Source
from patchc.syntax import tree

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DECLARES = frozenset({"input", "param", "cell", "for", "layer", "patch", "use", "output"})


def words_of(node: tree.Broken) -> set[str]:
    """Every word that `node` declares or has in its text."""
    return {name.partition("[")[0].partition(".")[0] for name in node.declares} | set(_WORD.findall(node.span.text))


def may_declare_anything(node: tree.Broken) -> bool:
    """Whether `node` declares something whose name cannot be read: any unknown name may be that one."""
    first = _WORD.search(node.span.text)
    return first is not None and first[0] in _DECLARES and set(node.declares) <= {first[0]}


def words_on(source: Source, lines: Iterable[int]) -> frozenset[str]:
    """Every word on lines that the parser complains about; a mended line may have lost the name it declares."""
    return frozenset(word for line in lines for word in _WORD.findall(source.line(line)))
