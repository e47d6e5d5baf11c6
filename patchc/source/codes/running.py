"""What can go wrong while a patch runs: values that do not fit, sizes, checkpoints, numbers that are not finite."""

from __future__ import annotations

from patchc.source.diagnostic import Category, Diagnostic, Severity


class PartialsPastNyquist(Diagnostic, code="P601"):
    """The highest partials of a cell can lie above the Nyquist limit.

    A sound sampled `rate` times a second holds frequencies up to half of that. Partials above it would come back as
    wrong notes, so they are muted. At the highest pitch the patch allows, some partials are silent and get no gradient.
    This is a note: nothing is wrong, but fewer partials or a higher sample rate may be what you want.

    At 16 kHz, 60 partials of 4.2 kHz reach 252 kHz, and all but the first are muted:

        input pitch : control = 220 Hz in 27.5 Hz .. 4.2 kHz log
        cell tone : harmonic(partials = 60) { freq = pitch }

    With a narrower range of pitch, or fewer partials, all of them are heard:

        input pitch : control = 100 Hz in 50 Hz .. 130 Hz log
        cell tone : harmonic(partials = 60) { freq = pitch }
    """

    severity = Severity.NOTE
    stage = "compile"
    title = "{pitch} with {partials} partials passes the Nyquist limit at {rate}"
    label = "{partials} partials of up to {pitch}"
    rule = "partials above half the sample rate are muted"
    help = "use fewer partials, a narrower range of pitch, or a higher sample rate"

    cell: str
    pitch: str
    partials: int
    rate: str


class NotFinite(Diagnostic, code="P602"):
    """A cell put out something that is not a finite number.

    The first cell, in layer order, whose signal holds an infinity or a NaN is named, with the first sample where that
    happens and the values its knobs had. What stands behind it in the chain only passes it on. Knobs inside their
    ranges never lead here: look for values that were handed in (a frequency of zero, a NaN from an encoder). If all
    values are ordinary, the cell itself is at fault.
    """

    stage = "run"
    title = "NaN or infinity in `{cell}` at {place}"
    label = "this cell"
    rule = "every signal is finite"
    help = "in effect were {values}; look at what was handed in for them"

    cell: str
    place: str
    values: str


class CheckpointName(Diagnostic, code="P603"):
    """A checkpoint and the patch do not have the same learned numbers.

    Numbers in a checkpoint go by name, so that a patch can grow and be reordered without losing what was learned. A
    name that only one of them has stops the loading. If a cell or param was renamed, say so in the patch, and the old
    checkpoint fits again:

        moved osc_a -> osc1

    If the number is really new (or gone), start again, or load with `strict=False`, which keeps the patch's own values
    where the checkpoint has none.
    """

    category = Category.OPTIONS
    stage = "checkpoint"
    title = "the checkpoint does not fit: {mismatch}"
    rule = "learned numbers are found by name"
    help = "if it was renamed, write `moved old -> new` into the patch; `strict=False` takes what fits"

    mismatch: str


class NoValue(Diagnostic, code="P604"):
    """A sound was asked for without a number that has to come from outside.

    A `predict` number is supplied for every sound, usually by an encoder: in the settings, or by name. A control input
    that has no default has to be given by name.

        synth(settings)                       # settings hold every knob
        synth(pitch=220.0, inputs={"tone.shape": weights})
        synth(synth.defaults())               # the values the patch starts from
    """

    category = Category.OPTIONS
    stage = "run"
    title = "no value for {names}"
    rule = "`predict` numbers, and inputs without a default, are supplied for every sound"
    help = "pass settings (`synth.defaults()` holds the starting values), or give them by name"

    names: str


class UnknownName(Diagnostic, code="P605"):
    """A value was given, or a tap asked for, by a name the patch does not have.

    Values go by the names of inputs (`pitch`), params (`detune`) and knobs (`vcf.cutoff`, `osc1.freq[lfo1].depth`);
    taps by the names of cells and outputs, or by `(channel, layer)`, both counted from 0.
    """

    category = Category.OPTIONS
    stage = "run"
    title = "this patch has no {kind} called `{name}`"
    rule = "values and taps go by the names the patch gives them"
    help = "it has {known}"

    kind: str
    name: str
    known: str


class WrongShape(Diagnostic, code="P606"):
    """A tensor has a shape that does not fit.

    Settings are `[batch, width]`, or `[batch, frames, width]` for numbers that move. A value given by name is one
    number, `[batch]` or `[batch, frames]`; for a choice or a vector there is one more axis at the end. All batches are
    the same size (or one), and a sound of some length has a fixed number of control frames: `synth.frames(seconds)`.
    """

    category = Category.OPTIONS
    stage = "run"
    title = "{what} is {shape}, which does not fit"
    rule = "it is {expected}"
    help = "`synth.width` is the number of columns, `synth.frames(seconds)` the number of frames"

    what: str
    shape: str
    expected: str


class BadValue(Diagnostic, code="P607"):
    """A value cannot be used.

    Settings are positions: 0 is the low end of a knob's range and 1 the high end. They are never NaN. Values given by
    name are in the base unit of their knob (Hz, seconds, dB, octaves, cycles), or text with a unit: `"1.2 kHz"`.
    """

    category = Category.OPTIONS
    stage = "run"
    title = "`{name}` cannot be {value}"
    rule = "it is {expected}"
    help = "look at where the value comes from; `synth.knobs` lists names, units and ranges"

    name: str
    value: str
    expected: str


class GateOrder(Diagnostic, code="P608"):
    """A note is let go before it is struck.

    A gate is note-on and note-off, in seconds from the start of the sound: `gate=1.5` is a note from 0 to 1.5 seconds,
    `gate=(0.2, 1.5)` one that begins later.
    """

    category = Category.OPTIONS
    stage = "run"
    title = "the note on `{name}` ends at {off} s, before it begins at {on} s"
    rule = "note-off is not before note-on"
    help = "{advice}"

    name: str
    on: str
    off: str
    advice: str


class TooLarge(Diagnostic, code="P609"):
    """A sound would take more memory than the limit.

    What a sound takes is estimated before anything is allocated: samples times sounds times cells times bytes. The
    limit is there so that a slip of a digit ends in this message and not in a machine that has to be restarted.
    """

    category = Category.OPTIONS
    stage = "run"
    title = "this takes about {asked} of memory, and the limit is {limit}"
    rule = "samples x sounds x cells is bounded before memory is taken"
    help = "render in smaller batches, or raise the limit: `patchc.load(path, memory_limit=...)`, in bytes"

    asked: str
    limit: str


class NoCheckpoint(Diagnostic, code="P610"):
    """A file could not be read as a checkpoint of patchc.

    A checkpoint is a safetensors file that patchc wrote: learned numbers by name, with the text of the patch and its
    hash. Pickled files (`.pt`, `.pth`) are never opened, because opening them runs what is inside.
    """

    category = Category.OPTIONS
    stage = "checkpoint"
    title = "`{path}` cannot be read as a checkpoint: {reason}"
    rule = "a checkpoint is a safetensors file written by `synth.save`"
    help = "check the path; write one with `synth.save(path)`"

    path: str
    reason: str


class UntraceableFormula(Diagnostic, code="P611"):
    """The formula of a cell does something with a signal that cannot be put into a kernel.

    Patches are played by native code that is made from the formulas of their cells: `forward` is run once, on signals
    that hold no samples yet and write down what is done to them. So a formula may calculate, compare, and call the
    methods of `dsp`; it cannot look at samples, ask whether a signal is true, or hand it to another library.

        if x > 0: return x                     # which sample is meant?
        return dsp.where(x > 0, x, 0.0)        # every one by itself
        return torch.sin(x)                    # torch knows no such signal
        return dsp.sin(x)

    What needs memory has primitives of its own (`dsp.onepole`, `dsp.delay`, `dsp.phase`). To try a formula out before
    it is written that way, `patchc.load(path, executor="reference")` plays it by plain torch, as it stands, slower.
    """

    category = Category.UNSUPPORTED
    stage = "compile"
    title = "the formula of `{cell}` cannot be put into a kernel: line {line} of {file} {what}"
    rule = "a formula is arithmetic, comparisons, `clamp`, and the methods of `dsp`: {allowed}"
    help = 'write it with those; or load the patch with `executor="reference"`, which plays any formula, slower'

    cell: str
    file: str
    line: int
    what: str
    allowed: str


class FrameTooLong(Diagnostic, code="P612"):
    """A control frame would be longer than a kernel can hold.

    Control signals are worked out every `sample_rate / control_rate` samples, which is one control frame, and kernels
    keep the samples of a frame side by side. A control rate of a few Hz, or a sample rate of many MHz, makes frames
    that do not fit, and nothing that is heard needs them:

        patchc render x.patch --rate 192000 --control-rate 1      # frames of 192,000 samples
        patchc render x.patch --rate 192000 --control-rate 100    # frames of 1,920 samples
    """

    category = Category.OPTIONS
    stage = "compile"
    title = "a control frame of {samples} samples is longer than {longest}"
    rule = "a control frame, `sample_rate / control_rate`, has at most {longest} samples"
    help = "at {rate} Hz use a control rate of at least {least} Hz"

    samples: str
    longest: str
    rate: str
    least: str


class NotOneSound(Diagnostic, code="P617"):
    """Settings cannot be written into a patch: a text holds one sound.

    `synth.text` writes the numbers of one setting, `[1, width]`. A batch is several sounds, settings with frames move,
    and NaN or a position outside 0..1 is no number of a patch.

        synth.text(synth.draw(8))         # wrong: eight sounds
        synth.text(synth.draw(8)[2:3])    # right: the third of them
    """

    category = Category.OPTIONS
    stage = "text"
    title = "these settings cannot be written into a patch: {problem}"
    rule = "a text holds the settings of one sound"
    help = "pick one, such as `settings[2:3]`"

    problem: str


class Internal(Diagnostic, code="P901"):
    """Something happened that no patch and no call should be able to cause.

    This is a bug in patchc, not in the patch. Please report it with the patch, the command, and what `patchc --version`
    prints. Until it is mended, a smaller patch that still fails is the quickest way round it.
    """

    category = Category.BUG
    stage = "internal"
    title = "internal error: {what}"
    rule = "this is a bug in patchc"
    help = "please report it, with the patch and the output of `patchc --version`"

    what: str
