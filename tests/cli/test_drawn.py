"""Drawn sounds: what stays, what is near, having one again, and what is said and written about them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import soundfile
import torch

from patchc.cli.words import arranged

Run = Callable[..., Any]
SHORT = ("--rate", "16k", "--seconds", "50ms")
PATCH = """patchc 1

patch p {
  cell n : noise { level = learn -20 dB in -40 dB .. 0 dB }
  cell f : svf {
    in <- n
    mode = learn lowpass
    cutoff = learn 1 kHz in 100 Hz .. 4 kHz log
    q = learn 1 in 0.5 .. 8 log
  }
  output main <- f
}
"""


@pytest.fixture
def patch(tmp_path: Path) -> str:
    (tmp_path / "p.patch").write_text(PATCH)
    return "p.patch"


@pytest.fixture
def values(run: Run, patch: str) -> Callable[..., list[dict[str, Any]]]:
    """What `patchc draw` draws with some options, by name."""

    def call(*words: str) -> list[dict[str, Any]]:
        said = run("draw", patch, *words)
        assert said.code == 0, said.err
        return [one["values"] for one in json.loads(said.out)["settings"]]

    return call


def test_what_is_set_is_the_same_in_all(values: Callable[..., Any]) -> None:
    found = values("--n", "3", "--set", "f.cutoff=2kHz", "f.mode=notch")
    assert not any(name in one for one in found for name in ("f.cutoff", "f.mode"))
    assert len({one["f.q"] for one in found}) == 3


def test_what_is_locked_is_as_the_patch_has_it(values: Callable[..., Any]) -> None:
    free, found = values("--n", "3"), values("--n", "3", "--lock", "f.cutoff", "n.level")
    for one, other in zip(found, free, strict=True):
        assert (one["f.cutoff"], one["n.level"]) == pytest.approx((1, -20))
        assert (one["f.q"], one["f.mode"]) == (other["f.q"], other["f.mode"])


def test_a_cell_locks_all_its_knobs(values: Callable[..., Any]) -> None:
    found = values("--n", "3", "--lock", "f")
    assert [(one["f.mode"], round(one["f.q"], 5)) for one in found] == [("lowpass", 1)] * 3
    assert len({one["n.level"] for one in found}) == 3


@pytest.mark.parametrize("command", ["draw", "render"])
def test_a_lock_that_is_no_knob(run: Run, patch: str, command: str) -> None:
    said = run(command, patch, "--n", "2", "--lock", "f.cutof")
    assert said.code == 2
    assert "there is no knob called `f.cutof`" in said.err
    assert "did you mean `f.cutoff`?" in said.err


def test_a_lock_without_a_draw(run: Run, patch: str) -> None:
    said = run("render", patch, "--lock", "f")
    assert said.code == 2
    assert "give `--n 8`" in said.err


def test_locks_are_told_from_the_patch() -> None:
    words = ["draw", "--lock", "a.b", "c", "x.patch", "--n", "2"]
    assert arranged(words) == ["draw", "--lock", "a.b", "--lock", "c", "x.patch", "--n", "2"]
    assert arranged(["render", "--set", "a=1", "b=2", "p"]) == ["render", "--set", "a=1", "--set", "b=2", "p"]


def test_a_draw_goes_on_where_another_ended(run: Run, patch: str, values: Callable[..., Any]) -> None:
    assert values("--n", "2", "--first", "3", "--seed", "5") == values("--n", "4", "--seed", "5")[2:]
    rows = run("draw", patch, "--n", "2", "--first", "3", "--format", "csv").out.splitlines()
    assert [row.split(",")[0] for row in rows] == ["index", "2", "3"]


@pytest.mark.parametrize("way", [[], ["--around"]])
def test_one_sound_can_be_had_again(run: Run, patch: str, tmp_path: Path, way: list[str]) -> None:
    said = run("render", patch, *SHORT, "--n", "3", "--seed", "7", "--patches", "kept", *way)
    assert "p-002.wav: again with `--seed 7 --first 2 --n 1`; the seed of its noise is" in said.err
    whole = (tmp_path / "p-002.wav").read_bytes()
    run("render", patch, *SHORT, "--n", "1", "--seed", "7", "--first", "2", "-o", "again.wav", *way)
    assert (tmp_path / "again-002.wav").read_bytes() == whole
    noise = said.err.split("--first 2 --n 1`; the seed of its noise is ")[1].split()[0]
    run("render", "kept/p-002.patch", *SHORT, "--seed", noise, "-o", "patch.wav")
    assert (soundfile.read(tmp_path / "patch.wav")[0] == soundfile.read(tmp_path / "p-002.wav")[0]).all()


def test_what_was_drawn_is_said_in_units(run: Run, patch: str, values: Callable[..., Any]) -> None:
    said = run("render", patch, *SHORT, "--n", "2", "--set", "n.level=-12dB")
    cutoff = values("--n", "1")[0]["f.cutoff"]
    assert f"f.cutoff {cutoff:.4g} kHz" in said.err
    assert "n.level -12 dB" in said.err
    said = run("draw", patch, "--n", "2", "-o", "d.json")
    assert f"f.cutoff {cutoff:.4g} kHz" in said.err


def test_of_many_one_line_is_said(run: Run, patch: str) -> None:
    said = run("draw", patch, "--n", "9", "-o", "d.json", "--seed", "3", "--first", "11")
    assert said.err == "drawn with `--seed 3`; `--first K --n 1` makes one again, K from 11 to 19\n"


def test_sounds_lie_around_the_patch(values: Callable[..., Any]) -> None:
    found = values("--n", "40", "--around", "--spread", "10%", "--set", "f.q=8")
    assert {one["f.mode"] for one in found} == {"lowpass"}
    assert all(-24 <= one["n.level"] <= -16 for one in found)
    octaves = torch.tensor([one["f.cutoff"] for one in found]).log2()
    assert 0.3 < octaves.abs().max() <= 0.1 * torch.tensor(40.0).log2() + 1e-6
    assert not any("f.q" in one for one in found)
    assert len({one["f.mode"] for one in values("--n", "20", "--around", "--choices")}) > 1


def test_around_makes_eight(run: Run, patch: str, tmp_path: Path) -> None:
    assert run("render", patch, *SHORT, "--spread", "0.05", "--quiet").err == ""
    assert len(list(tmp_path.glob("p-*.wav"))) == 8
    said = run("render", patch, "--around", "--spread", "120%")
    assert said.code == 2
    assert "0 % to 100 %" in said.err


def test_weights_still_sum_to_one(tmp_path: Path) -> None:
    from patchc.compiler.draw import draw_around
    from patchc.compiler.load import load

    (tmp_path / "h.patch").write_text(
        "patchc 1\n\npatch h {\n  cell t : harmonic(partials = 5) { freq = 110 Hz; level = -6 dB; shape = learn }\n"
        "  output main <- t\n}\n"
    )
    synth = load(tmp_path / "h.patch", sample_rate=16_000)
    found = draw_around(synth.knobs, synth.defaults(), 0.2, 20, 0)
    assert torch.allclose(found.sum(-1), torch.ones(20).double())
    assert 0 < float((found - 0.2).abs().max()) <= 0.16 + 1e-6
    assert torch.equal(found[5:], draw_around(synth.knobs, synth.defaults(), 0.2, 15, 0, first=5))


def test_a_manifest_says_what_each_file_is(run: Run, patch: str, tmp_path: Path) -> None:
    run("render", patch, *SHORT, "--n", "3", "--first", "2", "--manifest", "all.jsonl", "--quiet")
    lines = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text().splitlines()]
    assert [(line["file"], line["item"]) for line in lines] == [(f"p-00{item}.wav", item) for item in (2, 3, 4)]
    drawn = json.loads(run("draw", patch, "--n", "3", "--first", "2").out)["settings"]
    assert [line["settings"] for line in lines] == [one["values"] for one in drawn]
    assert [line["seed"] for line in lines] == [one["seed"] for one in drawn]
    assert lines[0]["units"]["f.cutoff"] == "kHz"
    assert run("render", patch, "--manifest", "missing/all.jsonl").code == 1


def test_what_is_there_is_kept(run: Run, patch: str, tmp_path: Path) -> None:
    words = ("render", patch, *SHORT, "--n", "3", "--taps", "--manifest", "all.jsonl")
    run(*words)
    sound = (tmp_path / "p-002.wav").read_bytes()
    manifest = (tmp_path / "all.jsonl").read_text()
    (tmp_path / "p-002.wav").unlink()
    (tmp_path / "p-001.wav").write_bytes(b"mine")
    said = run(*words, "--resume")
    assert "2 sounds were there already, and kept" in said.err
    assert (tmp_path / "p-001.wav").read_bytes() == b"mine"
    assert (tmp_path / "p-002.wav").read_bytes() == sound
    assert (tmp_path / "all.jsonl").read_text() == manifest
    (tmp_path / "p-001.n.wav").unlink()
    run(*words, "--resume")
    assert (tmp_path / "p-001.wav").read_bytes() != b"mine"
    assert "3 sounds were there already" in run(*words, "--resume").err


def test_quiet_says_only_what_is_wrong(run: Run, patch: str, tmp_path: Path) -> None:
    moved = PATCH.replace("{ level", "{ level += lift * 1 dB; level").replace(
        "cell n", "input lift : control = 0 in -1 .. 1\n  cell n"
    )
    (tmp_path / "p.patch").write_text(moved)
    assert run("render", patch, *SHORT, "--n", "2", "--quiet").err == ""
    assert "P807" in run("render", patch, *SHORT, "--quiet", "--set", "lift=2").err
    assert "P802" in run("render", patch, "--quiet", "--tap", "x", "--n", "1", "--lock", "y").err


def test_a_value_outside_its_range_is_refused_before_anything_is_written(run: Run, patch: str, tmp_path: Path) -> None:
    said = run("render", patch, *SHORT, "--n", "2", "--set", "f.q=9", "--patches", "kept")
    assert (said.code, "P403" in said.err) == (2, True)
    assert not (tmp_path / "kept").exists()
