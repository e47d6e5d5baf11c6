"""Names of inputs and knobs, given from outside: `cutoff` where only `vcf.cutoff` exists, `note` where `pitch` does."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from patchc.source.suggest import nearest
from patchc.source.synonyms.ports import PORTS
from patchc.source.synonyms.table import folded

_MOST = 3


def setting_hint(name: str, known: Collection[str]) -> str:
    """Which of `known` was probably meant by `name`; empty where nobody knows."""
    plain = [one for one in known if "." not in one]
    last = name.rpartition(".")[2]
    same = [one for one in known if folded(one.rpartition(".")[2]) == folded(last)]
    whole = PORTS.guess(name, plain).name if "." not in name and PORTS.find(name) else ""
    if same or whole:
        return _offered(_closest(name, same) or [whole])
    if near := nearest(name, known):
        return _offered([near])
    ports = list(dict.fromkeys(one.rpartition(".")[2] for one in known))
    guess = PORTS.guess(last, ports)
    if guess.name:
        return _offered(_closest(name, [one for one in known if one.rpartition(".")[2] == guess.name]))
    return guess.hint


def _closest(name: str, found: Sequence[str]) -> Sequence[str]:
    """Those of `found` in the cell that is named, if it is one of theirs."""
    cell = name.rpartition(".")[0]
    near = nearest(cell, [one.rpartition(".")[0] for one in found]) if cell else None
    return [one for one in found if one.rpartition(".")[0] == near] or found


def _offered(names: Sequence[str]) -> str:
    more = ", ..." if len(names) > _MOST else ""
    return f"did you mean {' or '.join(f'`{name}`' for name in names[:_MOST])}{more}?"
