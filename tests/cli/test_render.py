"""`patchc render` and `patchc draw`: files, streams, numbers, and that nothing is clipped silently."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

Run = Callable[..., Any]


def read(path: Path | io.BytesIO) -> tuple[np.ndarray[Any, Any], int]:
    samples, rate = soundfile.read(path)
    return samples, rate


def test_a_file(run: Run, good: str, tmp_path: Path) -> None:
    said = run("render", good, "--seconds", "0.5")
    samples, rate = read(tmp_path / "tone.wav")
    assert (said.code, said.out) == (0, "")
    assert said.err.startswith("tone.wav: 0.5 s at 48 kHz, peak -")
    assert (len(samples), rate) == (24_000, 48_000)
    assert np.abs(samples).max() > 0.05


def test_pitch_by_name_and_rate(run: Run, good: str, tmp_path: Path) -> None:
    words = ["--set", "pitch=A4", "gate=0.9s", "vcf.cutoff=8kHz", "vcf.mode=lowpass", "-o", "a.wav", "--rate", "16000"]
    assert run("render", good, *words, "--seconds", "1").code == 0
    samples, rate = read(tmp_path / "a.wav")
    spectrum = np.abs(np.fft.rfft(samples[1000:13_000] * np.hanning(12_000)))
    assert rate == 16_000
    assert spectrum.argmax() * rate / 12_000 == pytest.approx(440, abs=2)


@pytest.mark.parametrize(
    ("name", "bits", "subtype"),
    [
        ("a.wav", None, "FLOAT"),
        ("a.wav", "16", "PCM_16"),
        ("a.wav", "24", "PCM_24"),
        ("a.flac", None, "PCM_24"),
        ("a.flac", "16", "PCM_16"),
    ],
)
def test_forms(name: str, bits: str | None, subtype: str, run: Run, good: str, tmp_path: Path) -> None:
    words = ["--bits", bits] if bits else []
    assert run("render", good, "-o", f"new/{name}", "--seconds", "0.1", *words).code == 0
    assert soundfile.info(tmp_path / "new" / name).subtype == subtype


def test_too_loud_is_turned_down_and_said(run: Run, good: str, tmp_path: Path) -> None:
    (tmp_path / "loud.patch").write_text((tmp_path / good).read_text().replace("main <- vca", "main <- vca * 24 dB"))
    said = run("render", "loud.patch", "--bits", "16", "--seconds", "0.3")
    assert said.code == 0
    assert "warning[P710]" in said.err
    assert "turned down by" in said.err
    assert np.abs(read(tmp_path / "loud.wav")[0]).max() == pytest.approx(10 ** (-1 / 20), abs=1e-3)


def test_variations_taps_and_pictures(run: Run, good: str, tmp_path: Path) -> None:
    words = ["--n", "2", "--seed", "3", "--taps", "--picture", "--seconds", "0.3", "-o", "out/v.wav", "--json"]
    said = run("render", good, *words)
    whole = json.loads(said.out)
    assert said.code == 0
    names = {"v-001", "v-002"}
    cells = ("env", "osc", "vcf", "vca")
    assert {path.name for path in (tmp_path / "out").iterdir()} == (
        {f"{name}.wav" for name in names}
        | {f"{name}.png" for name in names}
        | {f"{name}.{cell}.wav" for name in names for cell in cells}
    )
    assert len(whole["files"]) == 2 * (1 + len(cells))
    assert (tmp_path / "out/v-001.png").read_bytes().startswith(b"\x89PNG")
    assert not np.array_equal(read(tmp_path / "out/v-001.wav")[0], read(tmp_path / "out/v-002.wav")[0])
    control, rate = read(tmp_path / "out/v-001.env.wav")
    assert (len(control), rate) == (14_400, 48_000)


def test_the_same_seed_writes_the_same_bytes(run: Run, good: str, tmp_path: Path) -> None:
    for name in ("a", "b"):
        run("render", good, "--n", "1", "--seed", "7", "--seconds", "0.2", "--bits", "16", "-o", f"{name}.wav")
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()


def test_one_tap(run: Run, good: str, tmp_path: Path) -> None:
    assert run("render", good, "--tap", "vcf", "--seconds", "0.1").code == 0
    assert sorted(path.name for path in tmp_path.glob("*.wav")) == ["tone.vcf.wav", "tone.wav"]
    said = run("render", good, "--tap", "vfc", "--seconds", "0.1")
    assert said.code == 2
    assert "did you mean `vcf`?" in said.err


def test_streams(good: str, apart: Callable[..., Any], tmp_path: Path) -> None:
    said = apart("render", "-", "-o", "-", "--seconds", "0.1", stdin=(tmp_path / good).read_bytes())
    assert said.returncode == 0, said.stderr
    samples, rate = read(io.BytesIO(said.stdout))
    assert (len(samples), rate) == (4800, 48_000)
    assert b"peak" in said.stderr


@pytest.mark.parametrize("words", [["--n", "2"], ["--taps"], ["--json"]])
def test_a_stream_holds_one_sound(words: list[str], run: Run, good: str) -> None:
    said = run("render", good, "-o", "-", *words)
    assert said.code == 2
    assert "standard output holds one sound" in said.err


def test_everything_wrong_with_settings_is_said_before_anything_is_made(run: Run, good: str, tmp_path: Path) -> None:
    said = run("render", good, "--set", "ptich=C4", "vcf.cutoff=8khz")
    assert said.code == 2
    assert "did you mean `pitch`?" in said.err
    assert "did you mean `8kHz`?" in said.err
    assert list(tmp_path.glob("*.wav")) == []


def test_a_recording_for_an_audio_input(run: Run, tmp_path: Path) -> None:
    body = "input in : audio\n  cell echo : delay { in <- in; wet = 0 % }\n  output main <- echo"
    (tmp_path / "room.patch").write_text(f"patchc 1\n\npatch room {{\n  {body}\n}}\n")
    soundfile.write(tmp_path / "beep.wav", 0.5 * np.sin(np.arange(48_000) * 0.05), 48_000, subtype="FLOAT")
    assert run("render", "room.patch", "--set", "in=beep.wav", "--seconds", "0.5").code == 0
    assert np.abs(read(tmp_path / "room.wav")[0]).max() == pytest.approx(0.5, abs=0.02)
    said = run("render", "room.patch", "--set", "in=none.wav")
    assert said.code == 2
    assert "error[P701]" in said.err


def test_what_is_not_finite_is_named(run: Run, good: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from patchc.compiler.fused.tracing import TraceDsp

    broken = TraceDsp.wrap

    def wrap(self: TraceDsp, value: Any) -> Any:
        return broken(self, value) * float("nan")

    monkeypatch.setattr(TraceDsp, "wrap", wrap)
    said = run("render", good, "--seconds", "0.1")
    assert said.code == 1
    assert "error[P602]: NaN or infinity in `osc`" in said.err


def test_an_unknown_ending(run: Run, good: str) -> None:
    said = run("render", good, "-o", "a.ogg", "--seconds", "0.1")
    assert said.code == 2
    assert "error[P707]" in said.err


def test_draw_as_json(run: Run, good: str) -> None:
    said = run("draw", good, "--n", "3", "--seed", "5")
    whole = json.loads(said.out)
    assert said.code == 0
    assert [one["index"] for one in whole["settings"]] == [0, 1, 2]
    values = [one["values"] for one in whole["settings"]]
    assert all(
        20 <= one["vcf.cutoff"] <= 8000 and one["vcf.mode"] in ("lowpass", "highpass", "bandpass", "notch")
        for one in values
    )
    assert len({one["vcf.cutoff"] for one in values}) == 3
    assert json.loads(run("draw", good, "--seed", "5").out)["settings"] == whole["settings"][:1]


def test_draw_as_csv_and_sound(run: Run, good: str, tmp_path: Path) -> None:
    said = run("draw", good, "--n", "2", "--format", "csv", "-o", "s.csv", "--render", "out/s.wav", "--seconds", "0.1")
    assert (said.code, said.out) == (0, "")
    rows = list(csv.DictReader((tmp_path / "s.csv").read_text().splitlines()))
    assert len(rows) == 2
    assert 20 <= float(rows[0]["vcf.cutoff"]) <= 8000
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["s-001.wav", "s-002.wav"]
