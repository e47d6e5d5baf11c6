"""P4xx: what is held at a limit, as written or somewhere in the declared ranges"""

from __future__ import annotations

from patchc.source.diagnostic import Diagnostic, Severity


class PushedPastLimit(Diagnostic, code="P406"):
    """At full depth the modulation pushes a port past its hard limit.

    Nothing breaks: the value is held at the limit. But while it is held it does not move and has no gradient. Computed
    from the values in the patch, with every source at full swing, in the order in which a port applies its cables:
    ratios, additions, shares, scalings. `patchc render` says what is held in one sound.

        cutoff  = 8 kHz
        cutoff += env * 5 oct       past 96 kHz: wrong
        cutoff += env * 1 oct       right
    """

    severity = Severity.WARNING
    stage = "numbers"
    title = "the modulation can push `{port}` of `{cell}` past {limit} at full depth"
    label = "up to here it reaches {reach}"
    help = "it will be held at {limit}; reduce the depth"

    cell: str
    port: str
    limit: str
    reach: str


class HeldAtLimit(Diagnostic, code="P408"):
    """A number lies beyond the hard limits of its port.

    Whatever reaches a port is held to its limits, so this number can never be heard, and a range that goes beyond them
    has a part where nothing changes. `patchc cells TYPE` prints the limits.

        sustain = 120 %                                    wrong: an envelope's sustain ends at 100 %
        sustain = 100 %                                    right
    """

    severity = Severity.WARNING
    stage = "numbers"
    title = "{what} is beyond {limit}, the limit of `{port}`"
    label = "held at {limit}"
    help = "it will be held at {limit}"

    what: str
    port: str
    limit: str


class ComesToLimit(Diagnostic, code="P420"):
    """A value that is worked out lies beyond the hard limits of its port, as the patch is written.

    Whatever reaches a port is held to its limits, so the sound does not have the value that the arithmetic says. Often
    a unit is another one than was thought: 120 bpm are 2 Hz, so 60 divided by that are 30 seconds and not half of one.

        param tempo = 120 bpm
        time = 60 / tempo       wrong: 30 s, and a delay reaches 2 s
        time = 1 / tempo        right: one beat, 500 ms
    """

    severity = Severity.WARNING
    stage = "numbers"
    title = "{what} comes to {value}, beyond {limit}, the limit of `{port}`"
    label = "{value}"
    rule = "whatever reaches a port is held to its limits"
    help = "it will be held at {limit}"

    what: str
    value: str
    limit: str
    port: str


class CanComeToLimit(Diagnostic, code="P421"):
    """A value that is worked out can lie beyond the hard limits of its port, somewhere in the declared ranges.

    As the patch is written all is well. With an input or param at an end of its range the value would be held, so part
    of that range sounds alike: a string tuned by `1 / pitch` stops rising where its delay cannot be shorter. This is a
    note; a narrower range, or other arithmetic, makes it go away. Cables are not reckoned with here (see P406).

        input pitch : control = 110 Hz in 27.5 Hz .. 4.2 kHz log
        time = 1 / pitch        a delay is 1 ms or longer: held above 1 kHz
    """

    severity = Severity.NOTE
    stage = "numbers"
    title = "{what} comes to {value} where {where}, beyond {limit}, the limit of `{port}`"
    label = "{value} at an end of the range"
    rule = "whatever reaches a port is held to its limits"
    help = "it is held at {limit} there; narrow the range"

    what: str
    value: str
    where: str
    limit: str
    port: str


class DividesByZero(Diagnostic, code="P422"):
    """A division whose divisor is zero, or can be zero somewhere in the declared ranges.

    There is no such number. What comes near it is held at a limit where the port has one, and elsewhere the sound ends
    in values that are no numbers.

        param speed = 1 Hz in 0 Hz .. 10 Hz
        time = 1 / speed        wrong: at 0 Hz there is no such time
    """

    severity = Severity.WARNING
    stage = "numbers"
    title = "{what} divides by zero where {where}"
    label = "divided by zero"
    rule = "a divisor keeps to one side of zero"
    help = "give what is divided by a range that excludes zero"

    what: str
    where: str


class CutAtSize(Diagnostic, code="P423"):
    """What a cell is asked for lasts longer than what the cell computes.

    A room is computed for its `length`, a size. A tail that takes longer to die away is cut there, and that can be
    audible where it has not fallen far.

        cell room : fir_reverb { in <- x; decay = 4 s }                   wrong: 1 s of it is computed, 15 dB down
        cell room : fir_reverb(length = 4 s) { in <- x; decay = 4 s }     right
    """

    severity = Severity.WARNING
    stage = "numbers"
    title = "`{port}` is {value}, and `{size}` computes {length} of it"
    label = "{value}"
    rule = "a tail is computed for the `{size}` of its cell"
    help = "write `{size} = {value}` in the sizes of the cell, or a shorter `{port}`"

    port: str
    value: str
    size: str
    length: str


class CanBeCutAtSize(Diagnostic, code="P424"):
    """What a cell can be asked for, at an end of a range, lasts longer than what the cell computes.

    The tail is cut at the size, which can be audible where it has not fallen far. As the patch is written all is well,
    so this is a note.

        cell room : fir_reverb { in <- x; decay = learn 800 ms in 50 ms .. 4 s log }                  ends at 1 s
        cell room : fir_reverb(length = 4 s) { in <- x; decay = learn 800 ms in 50 ms .. 4 s log }    right
    """

    severity = Severity.NOTE
    stage = "numbers"
    title = "`{port}` can be {value}, and `{size}` computes {length} of it"
    label = "up to {value}"
    rule = "a tail is computed for the `{size}` of its cell"
    help = "write `{size} = {value}` in the sizes of the cell, or a range of `{port}` that ends at {length}"

    port: str
    value: str
    size: str
    length: str
