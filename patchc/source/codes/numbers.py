"""P4xx: units, ranges and modulation"""

from __future__ import annotations

from patchc.source.diagnostic import Diagnostic, Severity


class UnitMismatch(Diagnostic, code="P401"):
    """A number is in a unit of another dimension than its place needs.

    Frequencies, times, intervals, levels, phases and plain numbers are kept apart, because a slip between them is
    silent and sounds wrong. The unit of a modulation's depth also decides its law: a ratio (st, ct, oct) bends a
    frequency or a time, its own unit adds, `%` moves by a share of the range.

        cutoff = 800 ms                 wrong: a cutoff is a frequency
        cutoff = 800 Hz                 right

        cutoff += env * 5 ms            wrong: the cutoff cannot move by a time
        cutoff += env * 5 st            right: up by five semitones
        cutoff += env * 5 Hz            right: up by five Hertz

        freq = pitch + 5 ms             wrong
        freq = pitch + 5 ct             right
    """

    stage = "numbers"
    title = "{what} is {wanted}, but {given} is {got}"
    label = "{got}"
    rule = "{law}"

    what: str
    wanted: str
    given: str
    got: str
    law: str


class LogThroughZero(Diagnostic, code="P402"):
    """A `log` range reaches or crosses zero.

    On a logarithmic range equal steps are equal ratios, and no ratio leads to zero. Both ends must be above zero, or
    both below.

        cutoff = learn 800 Hz in 0 Hz .. 8 kHz log       wrong
        cutoff = learn 800 Hz in 20 Hz .. 8 kHz log      right
    """

    stage = "numbers"
    title = "`log` needs a range that excludes zero"
    label = "{end} end is {at}"
    rule = "a logarithmic range must lie strictly on one side of zero"
    help = "try `{nearest}`"

    end: str
    at: str
    nearest: str


class DefaultOutside(Diagnostic, code="P403"):
    """A number lies outside its own range.

    What is learned, predicted or drawn stays inside its range, so it cannot start outside, and nobody can put it there:
    not an instance or a `set` line, not `--set` in any command, not Python by name. Inputs are used as given (P807).

        cutoff = learn 12 kHz in 20 Hz .. 8 kHz log      wrong
        cutoff = learn 12 kHz in 20 Hz .. 16 kHz log     right
    """

    stage = "numbers"
    title = "{given} lies outside {range}"
    label = "outside the range"
    help = "give a value inside the range, or widen the range"

    given: str
    range: str


class EmptyRange(Diagnostic, code="P404"):
    """A range is empty, or its ends are the wrong way round.

    decay = learn 1 s in 4 s .. 50 ms log            wrong
    decay = learn 1 s in 50 ms .. 4 s log            right
    """

    stage = "numbers"
    title = "the range {range} is {how}"
    label = "{how}"
    rule = "the lower end of a range comes first, and the ends differ"
    help = "did you mean `{nearest}`?"

    range: str
    how: str
    nearest: str


class UnknownUnit(Diagnostic, code="P405"):
    """A unit is not known.

    Units are written as in physics, and case counts: Hz kHz bpm, s ms min, oct st ct, dB, cyc rad deg, %.

        cutoff = 800 hz        wrong
        cutoff = 800 Hz        right
    """

    stage = "numbers"
    title = "unknown unit `{unit}`"
    label = "not a unit"
    help = "the units are Hz kHz bpm, s ms min, oct st ct, dB, cyc rad deg, and %"

    unit: str


class FlatStart(Diagnostic, code="P407"):
    """The exponent of a `pow` range is below one.

    With an exponent below one the range leaves its lower end infinitely steeply, and the gradient there is no number.

        wet = learn 20 % in 0 % .. 100 % pow 0.5      wrong
        wet = learn 20 % in 0 % .. 100 % pow 2        right: finer steps at the lower end
    """

    stage = "numbers"
    title = "`pow {power}` has no finite gradient at the lower end"
    label = "the exponent must be 1 or more"
    rule = "every range has a finite gradient everywhere"
    help = "write `pow 2` for finer steps at the lower end, or leave it out"

    power: str


class DepthMissing(Diagnostic, code="P409"):
    """A modulation does not say how deep it goes.

    A source moves between -1 and 1, or 0 and 1. How far that moves a frequency, a time, a level or a phase is said by
    the depth, and its unit says by which law.

        freq += lfo              wrong: by how much?
        freq += lfo * 20 ct      right
    """

    stage = "numbers"
    title = "`{port}` is {dimension}, and nothing says how far `{source}` moves it"
    label = "a depth is missing"
    rule = "the depth of a modulation has a unit, and the unit decides the law"
    help = "write `{source} * {example}`"

    port: str
    dimension: str
    source: str
    example: str


class NoWeight(Diagnostic, code="P417"):
    """A weight is below zero, or all weights are zero.

    Weights say how strong parts are next to each other; they are scaled so that they add up to one.

        shape = [60 %, -20 %, 60 %]     wrong
        shape = [50 %, 0 %, 50 %]       right
    """

    stage = "numbers"
    title = "{what}"
    label = "no weight"
    rule = "weights are zero or more, and not all of them zero"

    what: str


class WeightsScaled(Diagnostic, code="P418"):
    """Weights do not add up to one, and are scaled until they do.

    So `[1, 0.5, 0.5]` sounds as `[50 %, 25 %, 25 %]`, and no louder. Within a tenth of a percent nothing is said.

        shape = [1, 0.5, 0.5]           scaled, which is said
        shape = [50 %, 25 %, 25 %]      the same sound
    """

    severity = Severity.WARNING
    stage = "numbers"
    title = "these weights add up to {sum}, and are scaled to add up to 100 %"
    label = "{sum} together"
    help = "write `{scaled}`"

    sum: str
    scaled: str


class NoSuchProduct(Diagnostic, code="P410"):
    """Two numbers are multiplied or divided that make nothing a patch knows.

    A plain number scales anything; equal dimensions divide to a plain number; `1 / pitch` is a time. The gain of a
    cable is decibels or a plain factor: `osc * -8 dB * -1` would be `+8 dB`, so both together are refused.

        freq = pitch * pitch          wrong
        freq = pitch * 2              right
        in <- osc * -8 dB * -1        wrong
        in <- osc * -0.398            right
    """

    stage = "numbers"
    title = "{left} cannot be {done} by {right}"
    label = "{left} {sign} {right}"
    rule = (
        "one of the two is a plain number, or both are of one dimension and divide to one; "
        "the gain of a cable is all in dB or all plain"
    )

    left: str
    done: str
    right: str
    sign: str


class NotScalable(Diagnostic, code="P411"):
    """`*=` stands on a port that has no natural zero to scale from.

    `*=` multiplies by 1 where its source is at the top and by 1 minus the depth where it is at the bottom. That is
    meant for levels, and works for plain numbers; a frequency or a time is bent by `+=` with a ratio.

        freq *= env             wrong
        freq += env * 12 st     right
    """

    stage = "numbers"
    title = "`{port}` is {dimension} and cannot be scaled with `*=`"
    label = "cannot be scaled"
    rule = "`*=` scales levels and plain numbers"
    help = "write `{port} += {source} * {example}`"

    port: str
    dimension: str
    source: str
    example: str
