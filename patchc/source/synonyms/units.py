"""Units: what other languages call them."""

from __future__ import annotations

from patchc.source.synonyms.table import Table, here, none

UNITS = Table(
    here("Hz", "hertz cps herz hz's"),
    here("kHz", "kilohertz kilohz khertz k"),
    here("s", "sec second secs seconds"),
    here("ms", "msec millisecond millisec millis msecs"),
    here("min", "minute mins minutes"),
    here("oct", "octave octaves octs 8ve"),
    here("st", "semitone semi semis semitones halftone halfstep halfsteps"),
    here("ct", "cent cents ¢"),
    here("dB", "decibel decibels dbfs dbs dbv"),
    here("cyc", "cycle cycles turn turns period periods"),
    here("rad", "radian radians rads"),
    here("deg", "degree degrees ° degs"),
    here("%", "percent pct procent percentage"),
    none(
        "",
        "beat beats bar bars crotchet quarter quarters eighth note notes",
        "at 120 bpm a beat is `1 / 120 bpm`, half of one `0.5 / 120 bpm`",
    ),
    none("ms", "us µs microsecond microseconds usec", "`500 us` is `0.5 ms`"),
    none("ms", "sample samples smp samps frames", "a patch has no sample rate"),
    none("kHz", "mhz megahertz ghz", "`1 MHz` would be `1000 kHz`"),
    none("min", "h hour hours", ""),
    none("oct", "v volt volts", "one volt is an octave"),
    none("st", "tone tones wholetone step steps", "a whole tone is `2 st`"),
    none("", "x times ratio", "write the plain number"),
    none("", "exp exponential logarithmic expo geometric", "the curve of a range is `log`: `in 20 Hz .. 20 kHz log`"),
    none("", "linear straight", "a range is linear where no curve is written"),
)
