"""How often the pitch of generated sounds is found, and whether it is among those that a match tries.

    python benchmarks/pitch.py [FIRST_SEED]

Six kinds of sound, a hundred of each, from FIRST_SEED (default 1000: held out; 0 to 99 were used while building). Truth
is the fundamental; of frequency modulation that is not harmonic, the carrier; of a bar, its lowest mode. Writes
benchmarks/results/pitch.json.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from patchc.matching.candidates import pitch_candidates
from patchc.matching.pitch import find_pitch

HERE = Path(__file__).resolve().parent
RATE, SECONDS, COUNT = 22_050, 1.0, 100
WITHIN = 50.0  # cents
TIME = np.arange(int(RATE * SECONDS)) / RATE
Sound = tuple[np.ndarray, float]


def _log(random: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(random.uniform(np.log(low), np.log(high))))


def _partials(
    frequencies: np.ndarray, amplitudes: np.ndarray, decays: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    inside = frequencies < 0.45 * RATE
    phases = random.uniform(0, 2 * np.pi, len(frequencies))
    parts = zip(frequencies[inside], amplitudes[inside], decays[inside], phases[inside], strict=True)
    return sum((a * np.exp(-TIME / d) * np.sin(2 * np.pi * f * TIME + p) for f, a, d, p in parts), np.zeros_like(TIME))


def harmonic(random: np.random.Generator) -> Sound:
    """A falling spectrum with partials at random strengths, some missing."""
    pitch, tilt = _log(random, 40, 1500), random.uniform(0.5, 2)
    k = np.arange(1, 40)
    amplitudes = k**-tilt * 10 ** random.normal(0, 0.3, len(k)) * (random.random(len(k)) > 0.15)
    return _partials(pitch * k, amplitudes, np.full(len(k), _log(random, 0.2, 5)), random), pitch


def odd(random: np.random.Generator) -> Sound:
    """Odd partials, as of a square wave or a clarinet."""
    pitch, k = _log(random, 60, 1000), np.arange(1, 40, 2)
    return _partials(pitch * k, k ** -random.uniform(0.7, 1.5), np.full(len(k), 2.0), random), pitch


def vowel(random: np.random.Generator) -> Sound:
    """Pulses that glide by up to four semitones, through four resonances, with a little noise."""
    pitch, glide = _log(random, 70, 400), random.uniform(-4, 4) / 12
    track = pitch * 2 ** (glide * (TIME / SECONDS - 0.5)) * (1 + 0.005 * np.sin(2 * np.pi * 5 * TIME))
    phase = np.cumsum(track) / RATE
    peaks = [random.uniform(*ends) for ends in ((250, 850), (800, 2300), (2200, 3000), (3000, 4000))]
    sound = np.zeros_like(TIME)
    for k in range(1, int(5000 / pitch)):
        gains = [1 / (1 + ((k * track - peak) / random.uniform(40, 70)) ** 2) for peak in peaks]
        sound += k**-0.6 * np.sqrt(sum(gains)) * np.sin(2 * np.pi * k * phase)
    noise = random.normal(0, 1, len(TIME))
    return sound / np.abs(sound).max() + 0.01 * noise, pitch


def fm(random: np.random.Generator) -> Sound:
    """A carrier modulated at no simple ratio, by less and less."""
    pitch, ratio = _log(random, 150, 900), random.uniform(0.6, 3.7)
    index = random.uniform(0.5, 4) * np.exp(-TIME / _log(random, 0.1, 1))
    inner = index * np.sin(2 * np.pi * pitch * ratio * TIME)
    return np.exp(-TIME / _log(random, 0.3, 3)) * np.sin(2 * np.pi * pitch * TIME + inner), pitch


def bar(random: np.random.Generator) -> Sound:
    """The modes of a free bar, the higher the shorter."""
    pitch, ratios = _log(random, 150, 1200), np.array([1.0, 2.756, 5.404, 8.933])
    amplitudes = np.array([1.0, 0.5, 0.3, 0.15]) * 10 ** random.normal(0, 0.15, 4)
    return _partials(pitch * ratios, amplitudes, random.uniform(0.4, 1.0) / ratios, random), pitch


def stiff(random: np.random.Generator) -> Sound:
    """A stiff string, whose partials are stretched, as those of a piano."""
    pitch, k, bend = _log(random, 55, 1000), np.arange(1, 25), _log(random, 1e-4, 1e-3)
    frequencies = pitch * k * np.sqrt((1 + bend * k**2) / (1 + bend))
    return _partials(frequencies, k ** -random.uniform(0.8, 1.6), 2 / np.sqrt(k), random), pitch


KINDS: dict[str, Callable[[np.random.Generator], Sound]] = {
    one.__name__: one for one in (harmonic, odd, vowel, fm, bar, stiff)
}


def cents(found: float, true: float) -> float:
    return abs(1200 * math.log2(found / true))


def main() -> int:
    first = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    rows = []
    for name, make in KINDS.items():
        right = octave = among = tried = 0
        for seed in range(first, first + COUNT):
            sound, true = make(np.random.default_rng(seed))
            signal = torch.from_numpy(sound)
            found = find_pitch(signal, RATE)
            off = cents(found.frequency, true) if found else math.inf
            candidates = (found.frequency, *pitch_candidates(signal, RATE, found)) if found else ()
            right += off < WITHIN
            octave += abs(off - 1200) < WITHIN
            among += any(cents(one, true) < WITHIN for one in candidates)
            tried += len(candidates)
        rows.append({"kind": name, "right": right, "octave_off": octave, "tried": among, "candidates": tried / COUNT})
        print(
            f"{name:10} right {right:3} of {COUNT}, an octave off {octave:3}, among {tried / COUNT:.1f} tried {among:3}"
        )
    about = {"first_seed": first, "within_cents": WITHIN, "sounds_of_each": COUNT, "rows": rows}
    (HERE / "results/pitch.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
