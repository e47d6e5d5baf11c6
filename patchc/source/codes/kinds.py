"""P30x: kinds of signals, and widths"""

from __future__ import annotations

from patchc.source.diagnostic import Diagnostic, Severity


class ControlIntoAudio(Diagnostic, code="P304"):
    """A control signal is plugged into a port that hears sound.

    Control signals have one value per control frame, some 750 a second. Between frames the value is interpolated, so
    what arrives is smooth and, as sound, nearly nothing. Usually an oscillator was meant. Where only numbers are moved
    by what comes out, nothing is said: a `gain` lets a vibrato grow.

        cell m : mix { in <- lfo1 }       wrong, if `lfo1` is a control signal
        cell m : mix { in <- osc1 }       right

        cell vibrato : gain { in <- lfo1; level *= env }
        cell osc     : saw { freq = pitch; freq += vibrato * 20 ct }      right
    """

    severity = Severity.WARNING
    stage = "kinds"
    title = "the control signal `{source}` is plugged into `{port}`, which hears sound"
    label = "a control signal"
    help = "it is interpolated between control frames; to modulate, use `+=` or `*=` on a number port"

    source: str
    port: str


class WidthsDiffer(Diagnostic, code="P305"):
    """A vector meets a port, or another vector, of another width.

    A port such as `shape` of `harmonic` holds as many numbers as the cell has partials. A single number stands for all
    of them; a vector must have just as many.

        param strengths : control[40] = predict in 0 .. 1
        cell tone : harmonic(partials = 60) { shape = strengths }      wrong
        cell tone : harmonic(partials = 40) { shape = strengths }      right
    """

    stage = "kinds"
    title = "widths differ: {what} takes {wanted}, {given} has {got}"
    label = "{got} wide"
    rule = "a vector has as many numbers as its port holds"

    what: str
    wanted: int
    given: str
    got: int


class AudioIntoControl(Diagnostic, code="P308"):
    """Sound is plugged into a cell that runs at the control rate.

    Such a cell looks at its ports once per control frame, some 750 times a second. Of a sound above half of that
    nothing is left but an alias.

        cell env : decay { gate <- gate; time += osc * 10 % }      wrong, if `osc` sounds
        cell env : decay { gate <- gate; time += lfo * 10 % }      right
    """

    severity = Severity.WARNING
    stage = "kinds"
    title = "`{cell}` runs at the control rate, and `{source}` is a sound"
    label = "looked at once per control frame"
    help = "plug in a control signal instead"

    cell: str
    source: str


class GateMismatch(Diagnostic, code="P309"):
    """A gate meets something that is none.

    A gate says when a note begins and ends; it is no signal that could be heard or added. Gates come from gate inputs
    of the patch, and go to gate ports, one to each, as they are: without depth, `maybe` or `when`.

        cell env : adsr { gate <- lfo1 }       wrong
        cell env : adsr { gate <- gate }       right
    """

    stage = "kinds"
    title = "{what}"
    label = "{found}"
    rule = "a gate port hears one gate, plugged in as it is, and nothing else hears gates"

    what: str
    found: str


class NotAMovable(Diagnostic, code="P310"):
    """A modulation arrives at a port that holds a choice.

    A choice has no direction in which it could be pushed. It may be learned or predicted, and cables may come and go
    with it by `when`.

        mode += lfo                    wrong
        mode  = learn lowpass          right
    """

    stage = "kinds"
    title = "`{port}` is a choice and cannot be modulated"
    label = "nothing to move here"
    rule = "modulation moves numbers"
    help = "`{port} = learn {member}` makes it learnable"

    port: str
    member: str
