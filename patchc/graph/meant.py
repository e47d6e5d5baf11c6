"""What an undeclared name was probably meant to be, beyond a slip of the fingers: a note, cells of a loop, a type."""

from __future__ import annotations

import re
from collections.abc import Collection

from patchc.syntax.phrase import cell_types
from patchc.units.unit import UNITS, note_frequency

SILENT = ("off", "mute", "muted", "silence", "silent", "none", "zero", "inf", "nothing")
SILENCE = "-120 dB"
_LETTER = re.compile(r"(?:[A-G][sb]?|[a-g][sb])$")
_RANDOM = "a number that is drawn for each sound has a prior: `= learn 440 Hz ~ uniform(220 Hz, 880 Hz)`"
_TEMPO = "a length by a tempo is written `1 / 120 bpm`, a rate `120 bpm / 1`"
_GATE = "a gate comes from outside: `input gate : gate` in the patch, then `gate <- gate`"
_SAID = {
    **dict.fromkeys(("rand", "random", "rnd", "randomize"), _RANDOM),
    **dict.fromkeys(("sync", "tempo", "bpm", "beat", "synced"), _TEMPO),
    **dict.fromkeys(("on", "trig", "trigger", "noteon", "note_on"), _GATE),
    **dict.fromkeys(
        ("inf", "infinity", "infinite", "forever"), "a number is finite: write the largest that the port takes"
    ),
    **dict.fromkeys(("velocity", "vel"), "it comes from outside: `input velocity : control = 80 % in 0 % .. 100 %`"),
}
_NUMBERED = re.compile(r"(.*?[A-Za-z])_?([0-9]+)$")
_INDEXED = re.compile(r"(.+)\[[^\]]*\]$")


def meant_by(name: str, names: Collection[str]) -> tuple[str, str] | None:
    """What to say of `name`, and the text to put in its place (empty where none is sure)."""
    note = _note(name)
    if note:
        return f"a note is written `{note}`", note
    if _LETTER.match(name):
        return f"a note has an octave: `{name[:1].upper()}{name[1:].replace('#', 's')}4`", ""
    if name.lower() in _SAID:
        return _SAID[name.lower()], ""
    cells = _cells(name, names)
    if cells:
        return f"write `{cells}`", cells
    if name in ("true", "false"):
        return "there are no truth values: a switch is a choice, as in `param on = yes in [yes, no]`", ""
    if name in cell_types():
        return f"`{name}` is a type of cell: write `cell osc : {name}`, and `osc` here", ""
    if name in UNITS:
        return f"a unit stands behind its number: `1 {name}`", ""
    if name == "pi":
        return "half a cycle is `180 deg`, a phase of pi `3.14159 rad`", ""
    return None


def _note(name: str) -> str:
    """`C4` for `c4`, `B4` for `h4`."""
    written = name[:1].upper() + name[1:].lower()
    written = f"B{written[1:]}" if written.startswith("H") else written
    return written if note_frequency(written) is not None and "#" not in written else ""


def _cells(name: str, names: Collection[str]) -> str:
    """The cells of a loop, or one of them, that go by a name like this one."""
    found = _NUMBERED.match(name)
    if found is not None and f"{found[1]}[{found[2]}]" in names:
        return f"{found[1]}[{found[2]}]"
    found = _INDEXED.match(name)
    if found is not None and found[1] in names:
        return found[1]
    head = found[1] if found is not None else name
    return f"{head}[*]" if any(known.startswith(f"{head}[") for known in names) else ""
