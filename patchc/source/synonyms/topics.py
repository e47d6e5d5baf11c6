"""The language by topic, for `patchc explain WORD`: how a thing is written, and the words that ask for it."""

from __future__ import annotations

from patchc.source.synonyms.table import Table, here

TOPICS = Table(
    here(
        "in <- osc * -1",
        "invert inverted inverting inversion inverse polarity phaseinvert negate negative flip minus opposite",
        "a negative gain inverts; a gain is in dB or plain, never both",
    ),
    here(
        "cell a : delay { in <- osc; time = 300 ms; feedback = 0 %; wet = 100 % }",
        "pingpong",
        "ping-pong, each echo 60 % of the last; then `cell b : delay { in <- a; time = 600 ms; feedback = 36 %; wet = 100 % }`, "
        "`cell c : delay { in <- osc; time = 600 ms; feedback = 36 %; wet = 100 % }`, "
        "`output left <- osc, a * 60 %, b * 22 %`, `output right <- osc, c * 36 %`",
    ),
    here(
        "input velocity : control = 80 % in 0 % .. 100 %",
        "velocity vel aftertouch pressure modwheel expression touch",
        "from outside, `--set velocity=50%`; `level *= velocity` in a `gain` makes it louder",
    ),
    here(
        "input pitch : control = 220 Hz",
        "glide portamento glissando legato slide bend pitchbend slew",
        "no cell slides; from Python `pitch` may be a curve; `freq += env * 12 st` with a `decay` slides into a note",
    ),
    here(
        "cell slow : adsr { gate <- gate; attack = 2 s; release = 3 s }",
        "fade fadein fadeout swell crescendo ramp slow",
        "a slow envelope, then `level *= slow`; for a vibrato `cell vib : gain { in <- lfo1; level *= slow }`",
    ),
    here(
        "level *= lfo1 * 30 %",
        "depth amount intensity tremolo ducking",
        "`*=` goes from 1 down by the depth; above 100 % it inverts, at 200 % it is ring modulation",
    ),
    here(
        "level *= osc2 * 200 %",
        "ringmod ringmodulation ringmodulator ring rm am multiply product",
        "in a `gain`: the product of two signals; at 100 % the carrier stays",
    ),
    here(
        "for k in 1 .. 5 { cell v[k] : saw { freq = pitch + (k - 3) * 8 ct } }",
        "unison detune supersaw detuned spread fat thick swarm",
        "several, a little apart, then `in <- v[*] * -12 dB` in a `mix`",
    ),
    here(
        "level += env * -20 dB",
        "duck sidechain pump pumping compressor compression gate",
        "lowers it while `env` is up; no cell follows the level of a sound",
    ),
    here(
        "cutoff = pitch * 4",
        "keytrack keytracking tracking keyfollow keyboard follow",
        "numbers may be reckoned from inputs",
    ),
    here(
        "output left <- a; output right <- b",
        "stereo pan panning panorama balance width left right midside ms mid side channel haas",
        "channels by name; `output mid` and `output side`: left = mid + side, right = mid - side",
    ),
    here(
        "time = 0.5 / 120 bpm",
        "tempo sync bpm beat beats synced swing shuffle rhythm clock notelength delaytime dotted triplet",
        "half a beat; `rate = 120 bpm / 2` is one cycle in two beats, `param tempo = 120 bpm` names it",
    ),
    here(
        "level = -120 dB",
        "silence silent mute off zero inf infinity quiet nothing",
        "silence; `maybe 0 %` leaves a cell out",
    ),
    here(
        "level = -6 dB",
        "loud louder quieter quiet level volume loudness gain amplitude headroom clipping clip peak rms lufs normalize db",
        "0 dB is full scale, 50 % are -6 dB; `render` says the peak and never clips silently",
    ),
    here(
        "--set gate=0.2s..1.5s",
        "hold sustain noteoff notelength length duration release choke retrigger legato polyphony note chord melody notes",
        "one note: its start and end; `render --gate 1s` is the same",
    ),
    here(
        "q = 12",
        "resonance selfoscillation oscillate peak emphasis squelch q bandwidth",
        "a `svf` rings at its cutoff and stays stable; it does not start by itself",
    ),
    here(
        "in <- a, b * -3 dB",
        "crossfade xfade blend parallel layer layering dry wet drywet",
        "several cables add up; `when wave is saw` and `maybe 30 %` choose",
    ),
    here(
        "patchc draw voice.patch --n 8",
        "seed variation variations randomize random presets preset bank",
        "sounds drawn from the priors, again with the same `--seed`",
    ),
    here(
        "cell w : harmonic(partials = 8) { shape = [50 %, 30 %, 20 %, 0 %, 0 %, 0 %, 0 %, 0 %] }",
        "wavetable additive spectrum partials harmonics overtones drawbars vector list weights",
        "a spectrum by its weights",
    ),
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
