"""Says what is wrong at a token that does not fit: from the table of mistakes, or what could stand there instead."""

from __future__ import annotations

from dataclasses import replace

from patchc.source.codes.syntax import BackwardCable, OpenString, RangeExpected, StrangeCharacter, TwoValues, Unexpected
from patchc.source.diagnostic import Diagnostic, Fix
from patchc.source.suggest import nearest
from patchc.source.text import Span
from patchc.syntax.grammar import load_tables
from patchc.syntax.hints import hint_of
from patchc.syntax.lexer import END, EOF, WORD
from patchc.syntax.lr_parser import LRParser
from patchc.syntax.mistakes import Mistake, find_mistake
from patchc.syntax.phrase import PATCH
from patchc.syntax.rewrite import place_of, rewritten, statement
from patchc.syntax.wiring import outside_its_cell

_LOOKALIKES = {
    "\u2212": "-",
    "\u2013": "-",
    "\u2014": "-",
    "\u00d7": "*",
    "\u2190": "<-",
    "\u2192": "->",
    "\u2026": "..",
    "\u201c": '"',
    "\u201d": '"',
    "\u201e": '"',
    "\u2018": '"',
    "\u2019": '"',
    "\u00a0": " ",
    "\uff0c": ",",
    "\uff1a": ":",
    "\uff1b": ";",
    "\uff08": "(",
    "\uff09": ")",
    "\uff1d": "=",
    "\u223c": "~",
    "\u266f": "s",
    "\u266d": "b",
    "\u00b0": " deg",
    "\u2215": "/",
    "\u00f7": "/",
    "\u22c5": "*",
    "\u00b7": "*",
}


def describe(automaton: LRParser) -> Diagnostic:
    """What to say about the token at `automaton.index`, which does not fit; the automaton has settled."""
    said, wrong = _described(automaton), statement(automaton)
    if wrong is None:
        return said
    meant = rewritten(automaton, wrong)
    if meant is None:
        outside = outside_its_cell(automaton.tokens, wrong.span) if wrong.kind == PATCH and not wrong.block else None
        plain = isinstance(said, Unexpected | StrangeCharacter) and outside is None
        hint = hint_of(wrong.span.text, place_of(automaton, wrong)) if plain else ""
        return outside or (replace(said, hint=hint, fixes=()) if hint else said)
    hint = meant.hint if said.fixes != (meant.fix,) else said.hint
    return replace(said, hint=hint, fixes=(meant.fix,))


def _described(automaton: LRParser) -> Diagnostic:
    index = automaton.index
    kind = automaton.tokens.kinds[index]
    if kind == "STRANGE":
        return _strange(automaton.tokens.texts[index], _span(automaton))
    if kind == "OPEN_STRING":
        return _open_string(_span(automaton))
    mistake = find_mistake(automaton)
    return _generic(automaton) if mistake is None else _MAKE[mistake.code](automaton, mistake)


def _span(automaton: LRParser) -> Span:
    toks, index = automaton.tokens, automaton.index
    return toks.source.span(toks.starts[index], toks.end(index))


def _strange(character: str, span: Span) -> Diagnostic:
    name = f"`{character}`" if character.isprintable() else f"U+{ord(character):04X}"
    likeness = _LOOKALIKES.get(character) or _digits(character)
    if character == "^":
        power = "a power of two is an interval: `pitch + 7 st` for `pitch * 2 ^ (7 / 12)`; other powers are written out"
        return StrangeCharacter(span=span, character=name, hint=power)
    if likeness is None:
        return StrangeCharacter(span=span, character=name, fixes=(Fix(span, ""),))
    what = f"write `{likeness.strip()}`" if likeness.strip() else "write a plain space"
    return StrangeCharacter(span=span, character=name, hint=what, fixes=(Fix(span, likeness, safe=True),))


def _digits(written: str) -> str | None:
    """A number in the digits of another script, in those of a patch."""
    from unicodedata import decimal

    return "".join(str(decimal(sign, sign)) for sign in written) if written[0].isdecimal() else None


def _open_string(span: Span) -> Diagnostic:
    end = span.start + len(span.text.rstrip())
    return OpenString(span=span, fixes=(Fix(span.source.span(end, end), '"'),))


# --- entries of the table ---------------------------------------------------------------------------------------------


def _plain(automaton: LRParser, mistake: Mistake) -> Diagnostic:
    span, found = _span(automaton), _found(automaton)
    sentence = mistake.sentence.replace("`{found}", "`" + found.strip("`")).format(found=found)
    word = _meant(automaton)
    if word is not None:
        return _misspelt(span, sentence, word)
    fixes = () if mistake.fix is None else (Fix(span, mistake.fix),)
    hint = _misplaced(automaton) or mistake.help
    return Unexpected(span=span, sentence=sentence, place=mistake.place, hint=hint, fixes=fixes)


def _backward(automaton: LRParser, mistake: Mistake) -> Diagnostic:
    """Either the arrow is the wrong one, or (before `in`) its two ends are in the wrong order."""
    span = _span(automaton)
    toks, index = automaton.tokens, automaton.index
    before, after = toks.texts[index - 1], toks.texts[index + 1]
    if toks.kinds[index + 1] != WORD:
        return BackwardCable(span=span)
    if after == "in":
        both = toks.source.span(toks.starts[index - 1], toks.end(index + 1))
        return BackwardCable(span=span, hint=f"write `in <- {before}`", fixes=(Fix(both, f"in <- {before}"),))
    return BackwardCable(span=span, hint=f"write `{before} <- {after}`", fixes=(Fix(span, "<-"),))


def _no_range(automaton: LRParser, mistake: Mistake) -> Diagnostic:
    read, index = automaton.read, automaton.index
    first = index - read[:index][::-1].index("IN")
    if first == index:
        return RangeExpected(span=_span(automaton), found=_found(automaton))
    toks = automaton.tokens
    span = toks.source.span(toks.starts[first], toks.end(index - 1))
    return RangeExpected(span=span, found=f"only `{span.text}`")


def _two_values(automaton: LRParser, mistake: Mistake) -> Diagnostic:
    span, text = _span(automaton), automaton.tokens.texts[automaton.index]
    before = automaton.tokens.texts[automaton.index - 1]
    if automaton.read[automaton.index - 1] == "UNIT":
        before = f"{automaton.tokens.texts[automaton.index - 2]} {before}"
    sign, digits = text[0], text[1:]
    fix = Fix(span, f"{sign} {digits}", safe=True)
    return TwoValues(span=span, before=before, number=text, sign=sign, digits=digits, fixes=(fix,))


_MAKE = {"P100": _plain, "P101": _backward, "P102": _no_range, "P104": _two_values}


# --- what could stand here --------------------------------------------------------------------------------------------

_PHRASES = {
    "a statement": {"CELL", "OUTPUT"},
    "`patch` or `use`": {"PATCH", "USE"},
    "a value": {"ROLE", "NUMBER"},
    "a number or a name": {"NUMBER", "LPAR"},
    "a text, a number, a name or a list": {"STRING", "NUMBER", "LSQB"},
    "a name": {WORD},
    "a whole number": {"INT"},
    "a number": {"NUMBER"},
    "a text in quotation marks": {"STRING"},
    "`audio`, `control` or `gate`": {"KIND"},
    "`int`, `float` or `time`": {"GKIND"},
}
_SWALLOWS = {
    "a statement": {"META", "INPUT", "PARAM", "LAYER", "FOR", "TAP", "MOVED", "SET", "AT", "RBRACE"},
    "`patch` or `use`": {"AT", EOF},
    "a value": {"LPAR", WORD, "IN"},
    "a number or a name": {WORD},
    "a text, a number, a name or a list": {WORD},
}
_MINOR = {"PLUS", "MINUS", "STAR", "SLASH", "UNIT", "DOT", "LSQB", "AT", "TILDE"}
_MOST = 4
_SHOWN = 40  # characters of a word
_STATEMENTS = ("meta", "input", "param", "cell", "layer", "for", "output", "tap", "moved", "set")


def _generic(automaton: LRParser) -> Diagnostic:
    span = _span(automaton)
    sentence = f"expected {listed(_expected(set(automaton.accepts())))}, found {_found(automaton)}"
    word = _meant(automaton)
    if word is not None:
        return _misspelt(span, sentence, word)
    return Unexpected(span=span, sentence=sentence, hint=_misplaced(automaton))


def _misspelt(span: Span, sentence: str, word: str) -> Diagnostic:
    return Unexpected(span=span, sentence=sentence, hint=f"did you mean `{word}`?", fixes=(Fix(span, word),))


def _meant(automaton: LRParser) -> str | None:
    """The keyword that a word may be a misspelling of."""
    if automaton.tokens.kinds[automaton.index] != WORD:
        return None
    literals = load_tables().literals
    keywords = [literals[name] for name in automaton.accepts() if name in literals and literals[name].isalpha()]
    return nearest(automaton.tokens.texts[automaton.index], keywords)


def _misplaced(automaton: LRParser) -> str:
    """A statement inside a cell reads as a port of that name; says so."""
    word = automaton.tokens.texts[automaton.index - 1]
    if "FEED" in automaton.moves[automaton.stack[-1]] and word in _STATEMENTS:
        return f"`{word}` cannot stand inside a cell; is a `}}` missing above?"
    return ""


def _expected(names: set[str]) -> list[str]:
    """Terminals in human words, few of them."""
    phrases = []
    if "PATCH" in names and "USE" not in names:
        names = names | {"USE"}
    for phrase, needed in _PHRASES.items():
        if needed <= names:
            phrases.append(phrase)
            names = names - needed - _SWALLOWS.get(phrase, set())
    if len(names) + len(phrases) > _MOST and names - _MINOR:
        names = names - _MINOR
    literals = load_tables().literals
    phrases += [f"`{literals[name]}`" for name in literals if name in names]
    if len(phrases) > _MOST:
        del phrases[_MOST:]
    if END in names:
        phrases.append("the end of the line")
    return phrases or ["something else"]


def _found(automaton: LRParser) -> str:
    kind, text = automaton.tokens.kinds[automaton.index], automaton.tokens.texts[automaton.index]
    if kind == END:
        return "the end of the line"
    if len(text) > _SHOWN:
        text = text[:_SHOWN] + "…"
    return f"`{text}`" if text else "the end of the file"


def listed(phrases: list[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    return phrases[0] if len(phrases) == 1 else f"{', '.join(phrases[:-1])} or {phrases[-1]}"
