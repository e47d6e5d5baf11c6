"""P62x: what is worth knowing about one sound: what was held or cut in it, its offset, its channels"""

from __future__ import annotations

from patchc.source.diagnostic import Diagnostic, Severity


class WasHeld(Diagnostic, code="P620"):
    """In this sound a value went beyond a limit and was held there.

    Whatever reaches a port is held to its limits, some of which are sizes of the cell (`longest` of a delay) or shares
    of the sample rate (the cutoff of `svf`). `check` says what is held as a patch is written; inputs, settings and
    modulation decide the rest, so it is said of the sound: each place once, with the farthest value that was asked for
    and the time at which the limit was first passed. In Python `synth.held(settings, seconds=..., inputs=...)` says it.
    """

    severity = Severity.WARNING
    stage = "run"
    title = "`{place}` was held at {limit} (asked {asked}){when}"
    label = "held at {limit}"
    rule = "whatever reaches a port is held to its limits"
    help = "give a value within the limit; `patchc cells` prints the limits of a cell"

    place: str
    limit: str
    asked: str
    when: str


class WasCut(Diagnostic, code="P621"):
    """In this sound something lasts longer than what is computed, and was cut there.

    A room is computed for its `length`, and a sound has an end: a tail that dies away more slowly, and a note that ends
    later, are cut; so is one that begins before the sound does. In Python
    `synth.held(settings, seconds=..., inputs=...)` says it.

        synth(seconds=1.0, gate=1.5)     # the note is cut at 1 s
        synth(seconds=2.5, gate=1.5)     # the note and what follows it
    """

    severity = Severity.WARNING
    stage = "run"
    title = "`{place}` = {asked} is cut at {limit}, {why}"
    label = "cut at {limit}"
    rule = "what lies beyond is not computed"
    help = "give a value up to {limit}, or a longer sound or size"

    place: str
    asked: str
    limit: str
    why: str


class ConstantOffset(Diagnostic, code="P622"):
    """A sound has a constant offset: its samples do not lie around zero.

    Nobody hears it, but it takes away headroom, clicks where the sound starts and stops, and hides the note from
    analyses. It comes from waves that are up for longer than they are down, as `pulse` at any width but 50 %.
    """

    severity = Severity.NOTE
    stage = "run"
    title = "`{path}` has a constant offset of {level_db:.1f} dBFS"
    rule = "an offset above {least_db:.0f} dBFS is said"
    help = "end the patch in a high-pass filter at 20 Hz, or make the wave even"

    path: str
    level_db: float
    least_db: float


class ChannelsCancel(Diagnostic, code="P623"):
    """The two channels of a sound are inverted copies of each other, nearly.

    Played by one loudspeaker, or mixed to one channel, they leave almost nothing.
    """

    severity = Severity.NOTE
    stage = "run"
    title = "the channels of `{path}` cancel: as one channel they are {below_db:.0f} dB quieter"
    rule = "channels that lose more than {least_db:.0f} dB as one are said"
    help = "turn the sign of one channel: `* -1` at its output"

    path: str
    below_db: float
    least_db: float
