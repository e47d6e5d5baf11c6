"""The language by topic, for `patchc explain WORD`: how a thing is written, and the words that ask for it."""

from __future__ import annotations

from patchc.source.synonyms.table import Table, here

TOPICS = Table(
    here(
        "freq += lfo1 * 20 ct",
        "modulation modulate mod matrix depth vibrato plus += amount",
        "modulation: the unit of the depth decides the law",
    ),
    here("level *= env", "scale scaling times tremolo velocity vca *= amplitude", "scaling, from 1 down to the signal"),
    here(
        "in <- osc * -6 dB, noise1",
        "cable cables connect connection patchcord wire wiring route routing plug send <- feed",
        "a cable, written where it arrives; several add up",
    ),
    here(
        "cutoff = learn 800 Hz in 60 Hz .. 4 kHz log",
        "learn learnable train parameter parameters knob knobs range ranges fit predict role",
        "a number that may change, and its range",
    ),
    here(
        "~ normal(800 Hz, 1 oct)",
        "prior priors distribution random draw normal uniform halfnormal categorical",
        "a prior behind a range: how sounds are drawn",
    ),
    here(
        "input pitch : control = 110 Hz in 27.5 Hz .. 4.2 kHz log",
        "input inputs pitch note argument midi key cv",
        "what comes from outside, set by `--set pitch=C4`",
    ),
    here("input gate : gate", "gate trigger noteon noteoff", "when a note starts and ends: `--set gate=1.2s`"),
    here("input take : audio", "sample audio recording file import", "a recording: `--set take=voice.wav`"),
    here(
        "param bright = 2 kHz in 200 Hz .. 8 kHz log",
        "param variable var let const constant macro define",
        "a number with a name, used in several places",
    ),
    here(
        "output main <- vca",
        "output outputs out dac speaker stereo left right channel channels master",
        "one line for each channel",
    ),
    here(
        "cell vcf : svf { in <- osc; cutoff = 1 kHz }",
        "cell cells module modules node object ugen unit instance",
        "a cell: its name, its type, its ports",
    ),
    here(
        "for k in 1 .. 3 { cell v[k] : saw { } }",
        "for loop loops repeat unison voices array index polyphony",
        "repetition; `v[*]` is all of them",
    ),
    here('use "rooms.patch" as rooms', "use import include library require reuse", "the patches of another file"),
    here("layer voices { ... }", "layer layers order column grid", "written layers; `patchc fmt --layers` writes them"),
    here("in <- osc  maybe 25 %", "maybe optional probability chance bypass", "a cable or cell that may be absent"),
    here(
        "in <- osc  when wave is saw",
        "when if switch case conditional select choice choices enum member",
        "tied to one member of a choice",
    ),
    here("tap vcf loss mss * 0.5", "tap taps loss losses compare target objective", "what is compared when fitting"),
    here("moved hall -> room", "moved rename renaming move checkpoint", "old names go on working"),
    here("set bell[1].decay = 310 ms", "set override preset presets start", "another start for a number inside"),
    here("C4, Db3, Cs5", "notes notename notenames tuning accidental sharp flat", "a note is a frequency"),
    here(
        "Hz kHz bpm, s ms min, oct st ct, dB, cyc rad deg, %",
        "unit units hertz decibel semitone cent percent seconds dimension",
        "the units",
    ),
    here("# comment, ## documentation", "comment comments doc documentation hash remark", "the rest of the line"),
    here("patchc 1", "header edition first", "the first line of every patch"),
    here(
        "cell d : delay { feedback = 40 % }",
        "feedback loop circle cycle recursion",
        "feedback lives inside cells that own memory",
    ),
)
