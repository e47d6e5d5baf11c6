"""What a word has to do with: parts of the language, cells, diagnostic codes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from patchc.source.about import Code, body, headline

_CODE = re.compile(r"[Pp]?\d+$")
_SHORT = 3  # letters of a word that is not searched for in whole pages


def about(word: str, codes: Mapping[str, Code]) -> str:
    """Lines for a terminal; empty for a misspelt code, and for a word that nothing has to do with."""
    if _CODE.match(word):
        return ""
    lines = list(dict.fromkeys(_lines(word, codes)))
    return "".join(f"{line}\n" for line in lines)


def _lines(word: str, codes: Mapping[str, Code]) -> Iterator[str]:
    from patchc.cells.page import line
    from patchc.cli.searching import search
    from patchc.source.synonyms.topics import TOPICS

    topics = TOPICS.find(word) or TOPICS.find(TOPICS.misspelt(word) or "")
    yield from (f"{entry.target}   ({entry.note})" for entry in topics)
    known = [*_units(word), *_ports(word)]
    found = search(word)
    yield from known
    yield from [found.remark] if found.remark and found.names and not topics and not known else []
    yield from (f"patchc cells {line(name)}" for name in found.names)
    told = [code for code, cls in codes.items() if _says(cls, word)]
    if not topics and not found.names and not known and not told:
        told = [code for code, cls in codes.items() if len(word) > _SHORT and word.lower() in body(cls).lower()]
    yield from (f"patchc explain {code}: {headline(codes[code])}" for code in told)
    yield from _commands(word)


def _units(word: str) -> Iterator[str]:
    """A unit, by its symbol or by what other languages call it; a member of a choice; a loss or a prior."""
    from patchc.source.synonyms.losses import LOSSES, PRIORS
    from patchc.source.synonyms.members import MEMBERS
    from patchc.source.synonyms.units import UNITS as WORDS
    from patchc.units.unit import UNITS

    if word in UNITS:
        yield f"`1 {word}` is a unit of {UNITS[word].dimension}"
    for table, what in ((WORDS, ""), (MEMBERS, ""), (LOSSES, "as a loss, "), (PRIORS, "as a prior, ")):
        for entry in table.find(word)[:1]:
            yield what + entry.said(word)


def _ports(word: str) -> Iterator[str]:
    """The cells that have a port or size of that very name."""
    from patchc.cells.registry import cell_names, find_cell

    cells = [cell.spec for name in cell_names() if (cell := find_cell(name)) is not None]
    found = [spec.name for spec in cells if spec.port(word) or spec.size(word)]
    if found:
        yield f"`{word}` is a port or size of {', '.join(found)}"


def _commands(word: str) -> Iterator[str]:
    from patchc.source.synonyms.commands import COMMANDS

    for entry in COMMANDS.find(word)[:1]:
        yield f"patchc {entry.target.partition(' ')[0]} --help"


def _says(cls: Code, word: str) -> bool:
    wanted = rf"\b{re.escape(word.lower())}"
    return len(word) > 2 and re.search(wanted, f"{headline(cls)} {cls.title} {cls.rule}".lower()) is not None
