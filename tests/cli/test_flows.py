"""What a render does with lengths, ends, channels, recordings and noise."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

Run = Callable[..., Any]
RATE = 16_000
STEREO = """patchc 1

patch rl {
  cell a : sine { freq = 220 Hz }
  cell b : sine { freq = 440 Hz; level = -6 dB }
  output %s <- b
  output %s <- a
}
"""
NOTE = """patchc 1

patch t {
  input pitch : control = A3
  input gate : gate
  cell e : adsr { gate <- gate; release = 2 s }
  cell o : saw { freq = pitch; level *= e }
  output main <- o * -6 dB
}
"""
EFFECT = """patchc 1

patch fx {
  input sound : audio
  cell d : delay { in <- sound; time = 200 ms }
  output main <- d
}
"""
NOISE = """patchc 1

patch p {
  cell n : noise { level = learn -20 dB in -40 dB .. 0 dB }
  output main <- n
}
"""


@pytest.fixture
def written(run: Run, tmp_path: Path) -> Callable[..., Any]:
    """Renders a text at 16 kHz: what was said, and the sound `[samples]` or `[samples, channels]`."""

    def call(text: str, *words: str) -> tuple[Any, Any]:
        (tmp_path / "p.patch").write_text(text)
        said = run("render", "p.patch", "--rate", "16k", "-o", "p.wav", *words)
        assert said.code == 0, said.err
        return said, soundfile.read(tmp_path / "p.wav")[0] if (tmp_path / "p.wav").exists() else None

    return call


def recording(path: Path, *channels: float, seconds: float = 1.0) -> None:
    tone = 0.5 * np.sin(2 * np.pi * 220 * np.arange(round(seconds * RATE)) / RATE)
    soundfile.write(path, np.stack([gain * tone for gain in channels], 1), RATE)


def frequency(samples: Any) -> float:
    return float(np.abs(np.fft.rfft(samples)).argmax() / len(samples) * RATE)


@pytest.mark.parametrize("names", [("right", "left"), ("R", "L"), ("Right", "Left")])
def test_left_is_left_whatever_the_order_of_lines(written: Callable[..., Any], names: tuple[str, str]) -> None:
    _, sound = written(STEREO % names, "--seconds", "1")
    assert [frequency(sound[:, channel]) for channel in (0, 1)] == [220, 440]


def test_other_names_keep_the_order_of_lines(written: Callable[..., Any]) -> None:
    _, sound = written(STEREO % ("one", "two"), "--seconds", "1")
    assert [frequency(sound[:, channel]) for channel in (0, 1)] == [440, 220]


def test_mid_and_side_are_decoded(written: Callable[..., Any]) -> None:
    _, sound = written(STEREO % ("side", "mid"), "--seconds", "1")
    mid, side = (sound[:, 0] + sound[:, 1]) / 2, (sound[:, 0] - sound[:, 1]) / 2
    assert (frequency(mid), frequency(side)) == (220, 440)


def test_python_has_left_first(tmp_path: Path) -> None:
    from patchc.compiler.load import load

    (tmp_path / "p.patch").write_text(STEREO % ("right", "left"))
    synth = load(tmp_path / "p.patch", sample_rate=RATE)
    sound = synth(seconds=1.0)
    assert frequency(sound.audio[0, 0].numpy()) == 220
    assert bool((sound.audio[:, 0] == sound.tap("left")).all())


def test_a_note_fades_and_its_end_is_said(written: Callable[..., Any]) -> None:
    said, sound = written(NOTE)
    assert len(sound) > 3.2 * RATE
    assert np.abs(sound[-200:]).max() <= 1.1e-3 * np.abs(sound).max()
    assert "note-off at 1.5 s, 75 % of the length; `--gate 1.5s`" in said.err
    assert "with a tail of" in said.err
    assert "P716" not in said.err


def test_a_tail_changes_nothing_before_it(written: Callable[..., Any]) -> None:
    _, long = written(NOTE)
    _, short = written(NOTE, "--no-tail")
    assert len(short) == 2 * RATE
    assert np.array_equal(long[: len(short)], short)


def test_a_given_length_is_exact_and_the_cut_is_said(written: Callable[..., Any]) -> None:
    said, sound = written(NOTE, "--seconds", "1s")
    assert len(sound) == RATE
    assert "note[P716]: `p.wav` is cut at 1 s" in said.err


def test_a_tail_that_was_asked_for_is_there_even_if_nothing_fades_in_it(written: Callable[..., Any]) -> None:
    said, sound = written(NOTE, "--seconds", "1s", "--tail", "500ms")
    assert len(sound) == RATE * 3 // 2
    assert "is cut at 1.5 s" in said.err
    assert "it does not fade within 0.5 s of tail" in said.err
    assert "`--tail" not in said.err


def test_what_sounds_for_ever_gets_no_tail(written: Callable[..., Any]) -> None:
    drone = NOTE.replace("level *= e", "freq += e * 1 st")
    said, sound = written(drone)
    assert len(sound) == 2 * RATE
    assert "P716" in said.err


def test_an_effect_lasts_as_long_as_its_recording_and_its_echoes(written: Callable[..., Any], tmp_path: Path) -> None:
    recording(tmp_path / "three.wav", 1.0, seconds=3.0)
    _, sound = written(EFFECT, "--set", "sound=three.wav")
    assert 3.19 * RATE < len(sound) < 6 * RATE
    assert len(written(EFFECT, "--set", "sound=three.wav", "--seconds", "1")[1]) == RATE


def test_stereo_stays_stereo(written: Callable[..., Any], tmp_path: Path) -> None:
    recording(tmp_path / "anti.wav", 1.0, -1.0)
    said, sound = written(EFFECT, "--set", "sound=anti.wav")
    assert sound.shape[1] == 2
    assert np.abs(sound).max() > 0.4
    np.testing.assert_allclose(sound[:, 0], -sound[:, 1], atol=1e-4)
    assert "P715" not in said.err


TWO = EFFECT.replace("output main <- d", "cell e : gain { in <- d }\n  output one <- d\n  output two <- e")


def test_channels_that_cancel_are_said(written: Callable[..., Any], tmp_path: Path) -> None:
    recording(tmp_path / "anti.wav", 1.0, -1.0)
    said, _ = written(TWO, "--set", "sound=anti.wav")
    assert "warning[P715]: the channels of `anti.wav` cancel each other" in said.err


def test_two_outputs_take_one_channel_and_say_so(written: Callable[..., Any], tmp_path: Path) -> None:
    recording(tmp_path / "stereo.wav", 1.0, 0.5)
    said, _ = written(TWO, "--set", "sound=stereo.wav")
    assert "note[P714]: the 2 channels of `stereo.wav` are mixed to one" in said.err


def test_inputs_called_l_and_r_take_these_channels(written: Callable[..., Any], tmp_path: Path) -> None:
    recording(tmp_path / "stereo.wav", 1.0, 0.25)
    text = (
        "patchc 1\n\npatch fx {\n  input r : audio\n  input l : audio\n  cell a : gain { in <- l }\n"
        "  cell b : gain { in <- r }\n  output right <- b\n  output left <- a\n}\n"
    )
    _, sound = written(text, "--set", "l=stereo.wav", "r=stereo.wav", "--no-tail")
    assert np.abs(sound[:, 0]).max() == pytest.approx(0.5, abs=0.01)
    assert np.abs(sound[:, 1]).max() == pytest.approx(0.125, abs=0.01)


def test_every_drawn_sound_has_its_own_noise(written: Callable[..., Any], tmp_path: Path) -> None:
    written(NOISE, "--n", "18", "--seed", "4", "--seconds", "200ms")
    sounds = np.stack([soundfile.read(tmp_path / f"p-{i:03}.wav")[0] for i in range(1, 19)])
    others = np.abs(np.corrcoef(sounds) - np.eye(18))
    assert others.max() < 0.1
    written(NOISE, "--n", "2", "--seed", "4", "--seconds", "200ms")
    assert np.array_equal(soundfile.read(tmp_path / "p-002.wav")[0], sounds[1])


def test_many_sounds_take_one_line(written: Callable[..., Any], tmp_path: Path) -> None:
    said, _ = written(NOISE, "--n", "20", "--seconds", "50ms")
    assert said.err.startswith("20 sounds, p-001.wav to p-020.wav, peaks from")
    assert len(said.err.splitlines()) <= 3


def test_names_sort() -> None:
    from patchc.cli.files import numbered

    names = [numbered("a.wav", number, 1000) for number in (0, 998, 999)]
    assert names == ["a-0001.wav", "a-0999.wav", "a-1000.wav"]


def test_draws_are_in_the_units_of_the_patch(run: Run, good: str) -> None:
    whole = json.loads(run("draw", good, "--n", "2").out)
    units = {knob["name"]: knob["unit"] for knob in whole["knobs"]}
    assert units["env.attack"] == "ms"
    assert all(one["values"]["env.attack"] > 0.5 for one in whole["settings"])  # in seconds it would be thousandths


def test_each_draw_can_be_kept_as_a_patch(run: Run, good: str, tmp_path: Path) -> None:
    said = run("draw", good, "--n", "2", "--patches", "kept")
    cutoffs = [one["values"]["vcf.cutoff"] for one in json.loads(said.out)["settings"]]
    assert "wrote 2 patches" in said.err
    for number, cutoff in enumerate(cutoffs, 1):
        text = (tmp_path / f"kept/tone-{number:03}.patch").read_text()
        written = re.search(r"cutoff = learn ([\d.]+) Hz", re.sub(r" +", " ", text))
        assert written
        assert float(written[1]) == pytest.approx(cutoff, rel=1e-5)
        assert run("check", f"kept/tone-{number:03}.patch").code == 0


def test_a_missing_folder_is_said_before_anything_is_drawn(run: Run, good: str) -> None:
    said = run("draw", good, "--n", "10000000", "-o", "missing/x.csv")
    assert said.code == 1
    assert "there is no folder `missing`" in said.err


def test_a_render_takes_a_gate_and_writes_its_patches(run: Run, good: str, tmp_path: Path) -> None:
    said = run("render", good, "--n", "2", "--gate", "20ms", "--patches", "kept", "--seconds", "50ms")
    assert said.code == 0, said.err
    assert "note-off" not in said.err
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == ["tone-001.patch", "tone-002.patch"]
    assert run("render", good, "--gate", "2Hz").code == 2


@pytest.mark.parametrize(
    "line",
    [
        "render p.patch --n 2 --manifest p.patch -o x.wav",
        "render fx.patch --set sound=p.wav -o p.wav",
        "draw p.patch -o p.patch",
        "draw p.patch -o x.json --patches .",
        "draw p.patch -o x.json --render ./p.patch",
        "graph p.patch --format json -o p.patch",
        "match p.wav p.patch --steps 1 -o .",
        "match other.wav p.patch --steps 1 -o .",
        "match p.wav used.patch --steps 1 -o .",
    ],
)
def test_what_a_command_reads_is_never_written_over(run: Run, tmp_path: Path, line: str) -> None:
    (tmp_path / "p.patch").write_text(NOISE)
    (tmp_path / "fx.patch").write_text(EFFECT)
    used = NOISE.replace("patchc 1\n", 'patchc 1\nuse "p.patch" as parts\n').replace(
        "output main <- n", "output main <- n"
    )
    (tmp_path / "used.patch").write_text(used)
    for name in ("p.wav", "other.wav"):
        soundfile.write(tmp_path / name, np.random.default_rng(0).uniform(-0.1, 0.1, 8000), RATE)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    said = run(*line.split())
    assert (said.code, said.out) == (2, ""), said.err
    assert said.err.startswith("error[P808]")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
