"""What happens at a token that does not fit: the header of a block is mended, any other statement is given up."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from patchc.syntax import tree
from patchc.syntax.lexer import END, EOF, WORD, Tokens
from patchc.syntax.lr_parser import LRParser, Symbol

_LOOK_AHEAD = 8
_FOREIGN = ("if", "else", "while", "repeat", "loop", "switch", "do", "times")
_UNGUESSED = (WORD, "NUMBER", "STRING", "INT", "ROLE", "KIND", "GKIND")
_READ = 10_000  # characters of a statement that are searched for names
_DECLARED = re.compile(r"\b(?:cell|param|input|output)\s+([\w.\[\]*]+)|^\s*([\w.\[\]*]+)\s*:", re.MULTILINE)


def recover(automaton: LRParser) -> None:
    """Brings the automaton past the mistake at `automaton.index`; at least one token further than it was."""
    if _forgotten_end(automaton):
        return
    base = automaton.base()
    first = first_token(automaton, base)
    if (foreign := _foreign_block(automaton.tokens, first)) is not None:
        _give_up(automaton, base, first, foreign)
        return
    brace = _header_brace(automaton.tokens, first)
    if brace is not None and automaton.index <= brace:
        _mend_header(automaton, base, first, brace)
    else:
        _give_up(automaton, base, first)


def first_token(automaton: LRParser, base: int) -> int:
    """The token that the statement under way starts with."""
    if base == len(automaton.values):
        return automaton.index
    tokens = automaton.tokens
    first = bisect_left(tokens.starts, automaton.starts[base])
    while first < automaton.index and not tokens.texts[first] and tokens.kinds[first] == END:
        first += 1
    return first


def _forgotten_end(automaton: LRParser) -> bool:
    """Ends the statement here, if it may end here and a whole statement (or the next block) follows."""
    tokens, index = automaton.tokens, automaton.index
    if not automaton.eats([(END, "")]):
        return False
    stop = next(i for i in range(index, len(tokens.kinds)) if tokens.kinds[i] in (END, "LBRACE", EOF))
    follows = [(END, ""), *((tokens.kinds[i], tokens.texts[i]) for i in range(index, stop + 1))]
    if tokens.kinds[index - 1] != "RBRACE" and automaton.eats(follows) < len(follows):
        return False
    _insert(automaton, index, END, tokens.end(index - 1))
    return True


def _insert(automaton: LRParser, index: int, kind: str, place: int) -> None:
    automaton.tokens.kinds.insert(index, kind)
    automaton.tokens.texts.insert(index, "")
    automaton.tokens.starts.insert(index, place)
    automaton.read.insert(index, kind)


# --- one statement ----------------------------------------------------------------------------------------------------


def _give_up(automaton: LRParser, base: int, first: int, inside: int | None = None) -> None:
    """Leaves the statement out; `inside` is a token of it that the automaton has not reached yet."""
    tokens, start = automaton.tokens, automaton.index
    stop = _statement_end(tokens, start if inside is None else inside)
    last = stop - 1 if stop > first else first
    span = tokens.source.span(tokens.starts[first], max(tokens.end(last), tokens.starts[first]))
    automaton.drop(base)
    automaton.put_broken(tree.Broken(span, declared(span.text[:_READ])), span.start)
    automaton.last_end = span.end
    automaton.index = stop + (tokens.kinds[stop] == END)
    if automaton.index == start and tokens.kinds[stop] != EOF and not automaton.eats([("RBRACE", "}")]):
        automaton.index += 1


def _statement_end(tokens: Tokens, index: int) -> int:
    """The end of the statement that `index` is in, or the `}` around it; blocks inside it are passed over."""
    depth = 0
    while (kind := tokens.kinds[index]) != EOF:
        if kind == "LBRACE":
            depth += 1
        elif depth == 0 and kind in (END, "RBRACE"):
            break
        elif kind == "RBRACE":
            depth -= 1
        index += 1
    return index


def abandon(automaton: LRParser) -> None:
    """Gives up the rest of the file: closes what is open and ends."""
    tokens, index = automaton.tokens, automaton.index
    place = tokens.starts[index]
    for row in (tokens.kinds, tokens.texts, tokens.starts, automaton.read):
        del row[index:]
    automaton.drop(automaton.base())
    braces = [tokens.kinds[value] for value in automaton.values if isinstance(value, int)]
    for kind in [END, *(["RBRACE", END] * (braces.count("LBRACE") - braces.count("RBRACE"))), EOF]:
        tokens.add(kind, "", place)
    automaton.read += tokens.kinds[index:]
    automaton.put_broken(tree.Broken(tokens.source.span(place, len(tokens.source.text))), place)
    automaton.index = index + 1


def declared(text: str) -> tuple[str, ...]:
    """The names that a stretch of text seems to declare."""
    return tuple(dict.fromkeys(match[1] or match[2] for match in _DECLARED.finditer(text)))


# --- the first line of a block ----------------------------------------------------------------------------------------


def _foreign_block(tokens: Tokens, first: int) -> int | None:
    """The `{` of a block of another language, such as `if x { }` or `for (i = 0; i < 3; i++) { }`: one mistake."""
    word, follows = tokens.texts[first : first + 2] or ("", "")
    if word not in _FOREIGN and (word, follows) != ("for", "("):
        return None
    for index in range(first, len(tokens.kinds)):
        if tokens.kinds[index] == "LBRACE":
            return index
        if tokens.kinds[index] in (EOF, "RBRACE") or tokens.texts[index] == "\n":
            return None
    return None


def _header_brace(tokens: Tokens, first: int) -> int | None:
    for index in range(first, len(tokens.kinds)):
        if tokens.kinds[index] == "LBRACE":
            return index
        if tokens.kinds[index] in (END, EOF, "RBRACE"):
            break
    return None


def _mend_header(automaton: LRParser, base: int, first: int, brace: int) -> None:
    """Puts a header in the place of the broken one, so that the block behind it is read."""
    tokens = automaton.tokens
    last = min(brace + 1, len(tokens.kinds) - 2)
    last += tokens.kinds[last + 1] == END
    header = [(tokens.kinds[i], tokens.texts[i]) for i in range(first, last + 1)]
    behind = [(tokens.kinds[i], tokens.texts[i]) for i in range(last + 1, min(last + _LOOK_AHEAD, len(tokens.kinds)))]
    if END in (kinds := [kind for kind, _ in behind]):
        del behind[kinds.index(END) + 1 :]
    stack = automaton.stack[: base + 1]
    best, best_eaten = None, -1
    for symbols in map(_tidy, _repairs(automaton, stack, header, automaton.index - first)):
        if ("LBRACE", "{") not in symbols:
            continue
        eaten = automaton.eats([*symbols, *behind], stack) - len(symbols)
        if eaten > best_eaten:
            best, best_eaten = symbols, eaten
        if eaten == len(behind):
            break
    if best is None:
        best, last = _template(automaton, stack, header[: brace + 1 - first]), brace
    if best is None:
        _give_up(automaton, base, first)
    else:
        _replace(automaton, base, first, last, best)


def _tidy(symbols: list[Symbol]) -> list[Symbol]:
    """Without statement ends right behind a `{`, as the lexer leaves them out."""
    return [symbol for i, symbol in enumerate(symbols) if symbol[0] != END or i == 0 or symbols[i - 1][0] != "LBRACE"]


def _repairs(automaton: LRParser, stack: list[int], header: list[Symbol], wrong: int) -> Iterator[list[Symbol]]:
    """The header with one token left out, put in, exchanged or replaced near the mistake, likely ones first."""
    for i in (wrong, wrong - 1):
        if 0 < i < len(header) - 1 and header[i][1] == header[i - 1][1]:
            yield header[:i] + header[i + 1 :]
    fitting = _fitting(automaton, stack, header[:wrong])
    for name in fitting:
        yield [*header[:wrong], (name, ""), *header[wrong:]]
    if wrong < len(header) - 1:
        yield header[:wrong] + header[wrong + 1 :]
    for i in (wrong, wrong - 1):
        if 0 <= i < len(header) - 1:
            yield [*header[:i], header[i + 1], header[i], *header[i + 2 :]]
    if wrong < len(header) - 1:
        for name in fitting:
            yield [*header[:wrong], (name, ""), *header[wrong + 1 :]]
    if wrong > 0:
        yield header[: wrong - 1] + header[wrong:]
        for name in _fitting(automaton, stack, header[: wrong - 1]):
            yield [*header[: wrong - 1], (name, ""), *header[wrong - 1 :]]


def _fitting(automaton: LRParser, stack: list[int], before: list[Symbol]) -> list[str]:
    """What may stand behind some symbols; names last, since nobody can guess them."""
    reached = automaton.after(before, stack)
    if reached is None:
        return []
    return sorted(automaton.accepts(reached), key=lambda name: name in _UNGUESSED)


_TEMPLATES = {
    "layer": ["LAYER", WORD],
    "for": ["FOR", WORD, "IN", "LSQB", "NUMBER", "RSQB"],
    "meta": ["META"],
    "patch": ["PATCH", WORD],
    "cell": ["CELL", WORD, "COLON", ""],
}


def _template(automaton: LRParser, stack: list[int], header: list[Symbol]) -> list[Symbol] | None:
    """A header of the same sort with the name it seems to have."""
    words = [text for kind, text in header if kind == WORD]
    sort = next((word for word in words if word in _TEMPLATES), "cell")
    names = [word for word in words if word not in _TEMPLATES]
    for word in (sort, "cell", "patch"):
        kinds = _TEMPLATES[word]
        symbols: list[Symbol] = [(kind or WORD, names[0] if kind == WORD and names else "") for kind in kinds]
        symbols.append(header[-1])
        if automaton.eats(symbols, stack) == len(symbols):
            return symbols
    return None


def _replace(automaton: LRParser, base: int, first: int, brace: int, symbols: list[Symbol]) -> None:
    """Puts `symbols` in the place of the tokens `first` to `brace`, and the automaton before them."""
    tokens = automaton.tokens
    places = _places(tokens, first, brace, symbols)
    tokens.kinds[first : brace + 1] = [kind for kind, _ in symbols]
    tokens.texts[first : brace + 1] = [text for _, text in symbols]
    tokens.starts[first : brace + 1] = places
    automaton.read[first : brace + 1] = [kind for kind, _ in symbols]
    automaton.drop(base)
    automaton.index = first


def _places(tokens: Tokens, first: int, brace: int, symbols: list[Symbol]) -> list[int]:
    """Where the symbols stand: those that were there where they were, the others before the next of those."""
    places = []
    at = brace
    old = [(tokens.kinds[i], tokens.texts[i]) for i in range(first, brace + 1)]
    for symbol in reversed(symbols):
        if symbol in old:
            index = len(old) - 1 - old[::-1].index(symbol)
            at = min(at, first + index)
            places.append(tokens.starts[first + index])
        else:
            places.append(tokens.starts[at])
    return places[::-1]
