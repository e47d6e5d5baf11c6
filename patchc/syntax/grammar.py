"""Where the grammar folder is, and the parse tables made from it, kept in the user's cache folder."""

from __future__ import annotations

import json
import os
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parent.parent


@dataclass(frozen=True)
class Rule:
    """`origin` is made of `size` symbols, of which those at `keep` are handed to the tree builder's `action`.

    `action` is None where the one kept child stands for itself, and empty where a list grows by the kept children.
    """

    origin: str
    size: int
    action: str | None
    keep: tuple[int, ...]
    lists: tuple[int, ...]  # of these, the ones that are such growing lists


@dataclass(frozen=True)
class Tables:
    """An LALR automaton: `moves[state][symbol]` is the state to go to, or `-1 - rule` to reduce by."""

    moves: list[dict[str, int]]
    start: int
    end: int
    rules: list[Rule]
    patterns: dict[str, str]  # terminals as regular expressions, strongest first
    literals: dict[str, str]  # terminals that are one fixed text


def grammar_file(name: str) -> Path:
    """A file of the grammar folder: inside the installed package, or beside it in a source tree."""
    packed = _PACKAGE / "grammar" / name
    return packed if packed.exists() else _PACKAGE.parent / "grammar" / name


@cache
def load_tables() -> Tables:
    """The tables of grammar/patch.lark, from the cache where it holds them."""
    text = grammar_file("patch.lark").read_text(encoding="utf-8")
    key = _key(text)
    data = _read_cache(key)
    if data is None:
        data = _generate(text)
        _write_cache(key, data)
    return _tables(data)


def _tables(data: dict[str, Any]) -> Tables:
    rules = [
        Rule(origin, size, action, tuple(keep), tuple(lists)) for origin, size, action, keep, lists in data["rules"]
    ]
    return Tables(data["moves"], data["start"], data["end"], rules, data["patterns"], data["literals"])


# --- the cache --------------------------------------------------------------------------------------------------------


def cache_folder() -> Path:
    """`patchc` in the folder the system keeps caches in. Raises `RuntimeError` where there is no home."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "patchc"


def _key(text: str) -> str:
    """Another grammar, lark, Python, or another version of this very file: another entry."""
    lark = find_spec("lark")
    files = [__file__, *([lark.origin] if lark and lark.origin else [])]
    parts = [text.encode(), str(sys.version_info[:2]).encode(), *(Path(file).read_bytes() for file in files)]
    everything = b"\0".join(parts)
    return f"{zlib.crc32(everything):08x}{zlib.adler32(everything):08x}{len(everything):x}"


def _read_cache(key: str) -> dict[str, Any] | None:
    try:
        checksum, _, payload = (cache_folder() / f"{key}.json").read_bytes().partition(b"\n")
    except (OSError, RuntimeError):
        return None
    if checksum != _checksum(payload):
        return None
    data: dict[str, Any] = json.loads(payload)
    return data


def _checksum(payload: bytes) -> bytes:
    return f"{zlib.crc32(payload):08x}-{len(payload)}".encode()


def _write_cache(key: str, data: dict[str, Any]) -> None:
    from tempfile import NamedTemporaryFile

    payload = json.dumps(data, separators=(",", ":")).encode()
    try:
        folder = cache_folder()
        folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=folder, delete=False) as file:
            file.write(_checksum(payload) + b"\n" + payload)
        os.replace(file.name, folder / f"{key}.json")
    except (OSError, RuntimeError):
        return  # no cache only costs time


# --- making the tables ------------------------------------------------------------------------------------------------


def _generate(text: str) -> dict[str, Any]:
    """Has lark make the tables; strictly, so that a grammar with a conflict is refused."""
    from lark import Lark
    from lark.lexer import Lexer, PatternStr

    class NoLexer(Lexer):
        """Patches have a lexer of their own, which knows where statements end."""

        def __init__(self, conf: object) -> None: ...

        def lex(self, lexer_state: object, parser_state: object) -> Iterator[Any]:
            return iter(())

    made: Any = Lark(text, parser="lalr", lexer=NoLexer, start="file", maybe_placeholders=False, strict=True)
    table = made.parser.parser._parse_table
    rules = {rule: index for index, rule in enumerate(made.rules)}
    states = _numbered(table.states, table.start_states["file"])
    moves = [
        {
            symbol: states[arg] if arg in states else -1 - rules[arg]
            for symbol, (_, arg) in sorted(table.states[old].items())
        }
        for old in states
    ]
    words = sorted(made.terminals, key=lambda t: (not isinstance(t.pattern, PatternStr), -t.priority))
    return {
        "moves": moves,
        "start": 0,
        "end": states[table.end_states["file"]],
        "rules": [list(_rule(rule)) for rule in made.rules],
        "patterns": {t.name: t.pattern.to_regexp() for t in words},
        "literals": {t.name: t.pattern.value for t in words if isinstance(t.pattern, PatternStr)},
    }


def _numbered(states: dict[int, Any], start: int) -> dict[int, int]:
    """The automaton's states in the order they are first reached from `start`, so that the tables come out the same."""
    order = {start: 0}
    for old in (queue := [start]):
        for _, (_, new) in sorted(states[old].items()):
            if new in states and new not in order:
                order[new] = len(order)
                queue.append(new)
    return order


def _rule(rule: Any) -> tuple[str, int, str | None, list[int], list[int]]:
    origin = str(rule.origin.name)
    keep = [i for i, symbol in enumerate(rule.expansion) if not (symbol.is_term and symbol.filter_out)]
    action: str | None = rule.alias or origin
    if origin.startswith("__"):
        action = ""
    elif rule.options.expand1 and not rule.alias and len(keep) == 1:
        action = None
    lists = [i for i in keep if rule.expansion[i].name.startswith("__")]
    return origin, len(rule.expansion), action, keep, lists
