"""P2xx: what is plugged in where"""

from __future__ import annotations

from patchc.source.diagnostic import Category, Diagnostic, Severity


class NotPluggedIn(Diagnostic, code="P206"):
    """A port that must hear something hears nothing.

    Gates always must be plugged in, and the audio ports of cells that change a sound. A patch used as a cell type needs
    its gates, its control inputs without a default, and each audio input that is all that a cell inside would hear.

        cell env : adsr { }                    wrong
        cell env : adsr { gate <- gate }       right
    """

    stage = "names"
    title = "`{cell}` needs `{port}`, and nothing is plugged in"
    label = "`{port}` is missing"
    help = "plug something in: `{port} <- ...`"

    cell: str
    port: str


class UnusedCell(Diagnostic, code="P207"):
    """No cell, output or tap hears a cell.

    It costs time and is never heard. Often the cable that should hear it was forgotten.
    """

    severity = Severity.WARNING
    stage = "names"
    title = "`{name}` is unused: no cable and no tap leads from it"
    label = "no cable leads away from here"
    help = "delete it, or `tap {name}`"

    name: str


class Unused(Diagnostic, code="P425"):
    """Nothing uses an input or a param: whatever it is given, the sound is the same.

    Often a line was forgotten that should use it, or a cell was given a number of its own where this was meant.

        input pitch : control = 220 Hz
        cell osc : saw { freq = 440 Hz }      wrong: no pitch changes it
        cell osc : saw { freq = pitch }       right

    Said when a patch is checked and nothing in it is wrong: what is unused often follows from a mistake.
    """

    severity = Severity.WARNING
    stage = "names"
    title = "nothing uses the {kind} `{name}`"
    label = "whatever it is given, the sound is the same"
    help = "use it, for instance `{example}`, or delete its line"

    name: str
    kind: str
    example: str


class Unsupported(Diagnostic, code="P209"):
    """Something well-formed that this edition cannot do at the edge of a patch used as a cell type.

    A control input or a param of an instance takes a value: `pitch = base * 2`, or `pass pitch`. It may also hear one
    plain control cable, if the patch only uses it as the source of cables. It takes no modulation from outside: write
    the modulation inside the patch, where the depth and its law can be read.

        cell v : voice { cutoff += lfo * 2 st }                               wrong
        patch voice { input wobble : control ... cutoff += wobble * 2 st }    right, with `wobble <- lfo`
    """

    stage = "names"
    category = Category.UNSUPPORTED
    title = "{what}"
    label = "not possible here"

    what: str


class OperatorNotAllowed(Diagnostic, code="P211"):
    """A port is used with a verb that it does not take.

    Ports that hold a number take `=` (the number), `+=` (a modulation) and `*=` (a scaling). Ports that hear signals
    take `<-`.

        freq <- lfo        wrong
        freq += lfo * 2 st right
        in = osc           wrong
        in <- osc          right
    """

    stage = "names"
    title = "`{port}` {holds} and does not take `{verb}`"
    label = "operator not allowed here"
    rule = "`=` sets a number, `+=` and `*=` modulate it, `<-` plugs a signal in"

    port: str
    holds: str
    verb: str


class SetTwice(Diagnostic, code="P212"):
    """One port gets two values.

        cutoff = 800 Hz
        cutoff = 900 Hz        wrong: which one?

    Cables are different: `in <- a` and `in <- b` add up, and so do modulations.
    """

    stage = "names"
    title = "`{port}` of `{cell}` is set twice"
    label = "set again here"
    rule = "a port has one value; modulations come with `+=`"

    port: str
    cell: str


class NotASignal(Diagnostic, code="P213"):
    """A cable comes from something that is no signal, or a tap listens to it.

    Signals are cells, and the inputs of a patch. A param is a number: it may stand in a value or be a depth. Taps
    listen to cells and outputs.

        level *= amount              wrong, if `amount` is a param
        level *= env * amount        right
    """

    stage = "names"
    title = "`{name}` is {kind}, which {cannot}"
    label = "{kind}"

    name: str
    kind: str
    cannot: str


class SignalAsNumber(Diagnostic, code="P214"):
    """A cell stands where a number is expected.

    Arithmetic is over numbers, params, control inputs and loop variables. What a cell makes arrives only by cable.

        freq = pitch + lfo               wrong
        freq = pitch
        freq += lfo * 2 st               right
    """

    stage = "names"
    title = "`{name}` is a signal, not a number"
    label = "{kind}"
    rule = "signals of cells arrive by `<-`, `+=` and `*=` only"

    name: str
    kind: str


class OutputNotNamed(Diagnostic, code="P215"):
    """A cable reaches inside a patch used as a cell type, or does not say which of its outputs it hears.

    An instance is heard by its name where its patch has one output, and by `instance.output` where it has several. The
    cells inside are its own business; only taps may listen to them.

        in <- voice.osc       wrong, if `osc` is a cell inside
        in <- voice           right
    """

    stage = "names"
    title = "{problem}"
    label = "an instance is heard by its outputs"
    help = "the outputs of `{cell}` are {outputs}"

    problem: str
    cell: str
    outputs: str


class NoOutput(Diagnostic, code="P216"):
    """A patch says nowhere what is heard of it.

    No cell is the output by standing last; the most important cable is written: `output main <- vca`.
    """

    stage = "names"
    title = "patch `{patch}` has no output"
    label = "nothing of this is heard"
    help = "add `output main <- {last}`"

    patch: str
    last: str


class NotAKnob(Diagnostic, code="P217"):
    """`set` names something that holds no number.

    `set PATH = VALUE` gives a number another value, however deep it lies: what is learned starts there, what is fixed
    is that. The path leads to a param, a port or a size of a cell, or a cable: `bell[1].op4.ratio`, `vcf.cutoff`,
    `room.length`, `mixer.in[osc2].gain`, `osc1.freq[lfo1].depth`.
    """

    stage = "names"
    title = "`{name}` is no number of this patch"
    label = "nothing here can be set"
    rule = "`set` gives another value to a param, a port, a size, or the depth of a cable"

    name: str
