"""Codes about sound files, read and written, and about the sound that is to be matched: P701 to P710, P714 to P717."""

from __future__ import annotations

from patchc.source.diagnostic import Category, Diagnostic, Severity


class NoSoundFile(Diagnostic, code="P701"):
    """There is no sound file at the path given.

    Paths are looked up from the folder the command runs in; `-` reads a sound file from standard input.
    """

    category = Category.OPTIONS
    stage = "media"
    title = "there is no sound file `{path}`"
    help = "check the path; it is looked up from the folder the command runs in"

    path: str


class NotASound(Diagnostic, code="P702"):
    """A file was expected to be a recording and cannot be read as one.

    WAV, FLAC, OGG, AIFF and MP3 files are read. A file that was cut off while it was copied often ends here too.
    """

    category = Category.OPTIONS
    stage = "media"
    title = "`{path}` cannot be read as a sound file"
    rule = "a recording is a WAV, FLAC, OGG, AIFF or MP3 file"
    help = "{reason}"

    path: str
    reason: str


class EmptySound(Diagnostic, code="P703"):
    """A sound file is well formed and holds no samples.

    A recording that was stopped before it began, or a file whose copy was cut off after its header, looks so.
    """

    category = Category.OPTIONS
    stage = "media"
    title = "`{path}` holds no samples"
    help = "record it again, or give another file"

    path: str


class SoundTooLong(Diagnostic, code="P704"):
    """A sound file lasts longer than a command is ready to hold in memory.

    The length is read from the file's header, before memory is taken.
    """

    category = Category.OPTIONS
    stage = "media"
    title = "`{path}` lasts {seconds:.4g} s, longer than {limit:.4g} s"
    rule = "the length of a recording is bounded before it is read"
    help = "cut out the part that matters, or raise the limit"

    path: str
    seconds: float
    limit: float


class NotFiniteSound(Diagnostic, code="P705"):
    """A sound to read or to write holds a value that is not a number, or an infinite one.

    Only float files can hold such values. The place of the first one is said; a program that wrote the file has divided
    by zero, or run away, a little before it.
    """

    category = Category.OPTIONS
    stage = "media"
    title = "`{path}` has a sample that is not a finite number, at {seconds:.4g} s"
    help = "nothing can be compared with it, and no player would take it"

    path: str
    seconds: float


class CannotWriteSound(Diagnostic, code="P706"):
    """A sound file cannot be put where it was to go.

    Files are written beside their place under another name and moved when they are whole, so an old file is never left
    half overwritten.
    """

    category = Category.ENVIRONMENT
    stage = "media"
    title = "`{path}` cannot be written"
    help = "{reason}"

    path: str
    reason: str


class UnknownSoundFormat(Diagnostic, code="P707"):
    """The end of a file name says how a sound is to be written, and this one says nothing patchc writes.

    `.wav` holds 16 or 24 bits or float32; `.flac` holds 16 or 24 bits, losslessly packed.
    """

    category = Category.OPTIONS
    stage = "media"
    title = "`{path}` cannot hold {wanted}"
    rule = "sounds are written as .wav (float32, 24 or 16 bits) or .flac (24 or 16 bits)"
    help = "{reason}"

    path: str
    wanted: str
    reason: str


class SilentTarget(Diagnostic, code="P708"):
    """The sound to be matched is silent.

    Every patch matches silence by being turned down, and nothing is learned from it. Where a recording is long, its
    part that sounds may lie behind what is matched: `--seconds` says how much of it is taken.
    """

    category = Category.OPTIONS
    stage = "matching"
    title = "the target `{path}` {what}"
    rule = "the sound of a target reaches at least {least_db:.0f} dBFS"
    help = "{advice}"

    path: str
    what: str
    least_db: float
    advice: str


class OddSampleRate(Diagnostic, code="P709"):
    """A sound file claims a sample rate that no recording has.

    Everything that is measured in seconds and hertz would be wrong with it, so the file is not used. Rates from those
    of old telephones to several times those of studios are believed.
    """

    category = Category.OPTIONS
    stage = "media"
    title = "`{path}` claims a sample rate of {rate:,} Hz"
    rule = "sample rates lie between {low:,} Hz and {high:,} Hz"
    help = "the header is probably damaged; resample the recording with an audio editor"

    path: str
    rate: int
    low: int
    high: int


class LoudSound(Diagnostic, code="P710"):
    """A sound goes beyond full scale, where a player or an integer format would clip it.

    A float32 file keeps it as it is. A 16 or 24 bit file cannot; there the whole sound is turned down to -1 dBFS.
    """

    severity = Severity.WARNING
    stage = "media"
    title = "`{path}` peaks at {peak_db:+.1f} dBFS: {action}"
    rule = "sound is never clipped silently"
    help = "lower a level in the patch by {over_db:.1f} dB"

    path: str
    peak_db: float
    over_db: float
    action: str


class MixedDown(Diagnostic, code="P714"):
    """A recording has several channels, and the patch takes one.

    A patch with one output is played once for each channel of a recording. With several outputs nothing says which
    channel belongs to which; two audio inputs called `l` and `r`, or `left` and `right`, do.
    """

    severity = Severity.NOTE
    stage = "media"
    title = "the {channels} channels of `{path}` are mixed to one"
    rule = "a patch with several outputs takes one channel for each audio input"
    help = "declare `input l : audio` and `input r : audio`, and give both the file"

    path: str
    channels: int


class ChannelsCancel(Diagnostic, code="P715"):
    """The channels of a recording cancel each other where they are mixed to one.

    One channel is the other turned upside down, or nearly so: a wrongly wired cable, or an effect that widens. Mixed to
    one channel, little or nothing is left.
    """

    severity = Severity.WARNING
    stage = "media"
    title = "the channels of `{path}` cancel each other: mixed to one they lose {lost_db:.0f} dB"
    rule = "channels are mixed to one where a patch takes one"
    help = "declare `input l : audio` and `input r : audio`, or give a file of one channel"

    path: str
    lost_db: float


class CutAtEnd(Diagnostic, code="P716"):
    """A sound is cut while it still sounds.

    Its length was given, or it does not fade by itself within the tail that `render` allows. Without `--seconds`,
    `render` goes on after the note until the sound stays 60 dB below its peak, for at most 10 s.
    """

    severity = Severity.NOTE
    stage = "media"
    title = "`{path}` is cut at {seconds:.4g} s, where it is at {level_db:.1f} dBFS"
    rule = "an end that still sounds is said"
    help = "{advice}"

    path: str
    seconds: float
    level_db: float
    advice: str


class OneSide(Diagnostic, code="P717"):
    """An output is called after one side of a stereo pair, and the other side is missing.

    Outputs called left and right (or l and r), or mid and side, are these channels in whatever order their lines stand.
    One alone is no side: its file plays on both speakers, or holds its channels in the order of their lines.

    Wrong:

        output right <- vca

    Right:

        output left  <- vca
        output right <- echo
    """

    severity = Severity.WARNING
    stage = "rules"
    title = "output `{name}` has no `{other}` beside it"
    label = "one side of a pair"
    rule = "left and right, and mid and side, are channels by name where both are there"
    help = "add `output {other}`, or call it `main`"

    name: str
    other: str
