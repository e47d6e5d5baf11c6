"""What a word has to do with: parts of the language, cells, diagnostic codes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from patchc.source.about import Code, headline

_CODE = re.compile(r"[Pp]?\d+$")


def about(word: str, codes: Mapping[str, Code]) -> str:
    """Lines for a terminal; empty for a misspelt code, and for a word that nothing has to do with."""
    return "" if _CODE.match(word) else "".join(f"{line}\n" for line in _lines(word, codes))


def _lines(word: str, codes: Mapping[str, Code]) -> Iterator[str]:
    from patchc.cells.page import line
    from patchc.cli.searching import search
    from patchc.source.synonyms.topics import TOPICS

    topics = TOPICS.find(word) or TOPICS.find(TOPICS.misspelt(word) or "")
    yield from (f"{entry.target}   ({entry.note})" for entry in topics)
    found = search(word)
    yield from [found.remark] if found.remark and found.names else []
    yield from (f"patchc cells {line(name)}" for name in found.names)
    yield from (f"patchc explain {code}: {headline(cls)}" for code, cls in codes.items() if _says(cls, word))


def _says(cls: Code, word: str) -> bool:
    wanted = rf"\b{re.escape(word.lower())}"
    return len(word) > 2 and re.search(wanted, f"{headline(cls)} {cls.title} {cls.rule}".lower()) is not None
