"""P2xx: sizes, loops and limits"""

from __future__ import annotations

from patchc.source.diagnostic import Diagnostic


class TooMany(Diagnostic, code="P210"):
    """A patch would unroll to more than the limit.

    Loops and patches inside patches are counted before anything is made. The limit keeps a slip of the finger, or a
    patch from a stranger, from taking all memory; it is raised with `--max-cells N` (in Python: `max_cells=N`).
    For every allowed cell there may be 10 ports, cables and taps, and 200 characters in names.
    """

    stage = "expand"
    title = "`{patch}` would have {count:,} {things}; the limit is {limit:,}"
    label = "{here:,} of them are from here"
    rule = "what a patch unrolls to is bounded before it is made"
    help = "make the sizes smaller, or raise the limit with `--max-cells`"

    patch: str
    count: int
    things: str
    limit: int
    here: int


class UnknownSize(Diagnostic, code="P219"):
    """A size is given that this cell type does not have.

    Sizes stand in round brackets and are fixed when the patch is compiled; values stand in braces.

        cell tone : harmonic(partial = 60) { }         wrong
        cell tone : harmonic(partials = 60) { }        right
    """

    stage = "names"
    title = "`{type}` has no size `{size}`"
    label = "no such size"

    type: str
    size: str


class BadSize(Diagnostic, code="P220"):
    """A size is not the number it must be.

    A size has a dimension, is whole if it counts something, and lies in its range.

        cell tone : harmonic(partials = 2.5) { }       wrong
        cell room : fir_reverb(length = 3) { }         wrong: `length` is a time
    """

    stage = "names"
    title = "`{size}` must be {wanted}, and {value} is not"
    label = "not possible as `{size}`"

    size: str
    wanted: str
    value: str


class SizeMissing(Diagnostic, code="P221"):
    """A size without a default gets no value.

        patch chime(n : int) { ... }
        cell a : chime { }               wrong
        cell a : chime(n = 3) { }        right

    The main patch is used by nobody, so its sizes need defaults: `patch chime(n : int = 3)`.
    """

    stage = "names"
    title = "`{patch}` needs a value for its size `{size}`"
    label = "no value for `{size}`"
    help = "`{patch}({size} = ...)`, or give the size a default"

    patch: str
    size: str


class BadLoop(Diagnostic, code="P222"):
    """A loop runs over something it cannot count, or its variable stands where it cannot name a cell.

    A loop runs over whole numbers (`1 .. n`, `0 .. 8 step 2`), or over a list of numbers or of names. Cells are named
    by the value: `bell[3]`, `osc[left]`. Numbers with a unit cannot stand in a name.

        for k in 1 Hz .. 3 Hz { }             wrong
        for k in [100 Hz, 200 Hz] { cell osc[k] : sine { freq = k } }   wrong
        for k in [1, 2] { cell osc[k] : sine { freq = k * 100 Hz } }    right
    """

    stage = "names"
    title = "{what}"
    label = "not possible in a loop"
    rule = "a loop counts whole numbers, or goes through a list of numbers or names"

    what: str


class EmptyLoop(Diagnostic, code="P235"):
    """A loop has no number to count: its first end lies above its last.

    A loop counts upwards from its first number to its last, both included. Only an end that depends on a size of the
    patch may lie below: then the loop stays empty for small sizes.

        for k in 3 .. 1 { cell osc[k] : sine }      wrong
        for k in 1 .. 3 { cell osc[k] : sine }      right
    """

    stage = "names"
    title = "`{low} .. {high}` is empty: the loop makes nothing"
    label = "counts upwards only"
    rule = "a loop counts from its first number up to its last"
    help = "write `{high} .. {low}`"

    low: str
    high: str


class TooDeep(Diagnostic, code="P223"):
    """Patches, loops or expressions lie inside each other deeper than the limit.

    Thirty-two patches or loops inside each other are allowed, and a hundred operations in one expression, counting the
    expressions of the params in it.

        param b = a + a + a + a + a + a + a + a + a + a
        param c = b + b + b + b + b + b + b + b + b + b       wrong: a hundred times `a` and more
        param c = a * 100                                     right
    """

    stage = "expand"
    title = "{what}; the limit is {limit}"
    label = "too deep here"

    what: str
    limit: int
