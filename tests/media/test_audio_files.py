"""Sound files: what goes in comes out, nothing clips silently, and what cannot be read is said by its code."""

from __future__ import annotations

import io
import math
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from patchc.media import audio
from patchc.media.audio import Subtype, read_audio, write_audio
from patchc.media.replace import _host, remove_leftovers
from patchc.source.error import PatchError

RATE = 8000


def tone(peak: float = 0.5, channels: int = 1, samples: int = 4000) -> torch.Tensor:
    time = torch.arange(samples) / RATE
    return peak * torch.stack([torch.cos(2 * math.pi * 250 * (c + 1) * time) for c in range(channels)])


def code_of(path: Path | str, **options: float) -> str:
    with pytest.raises(PatchError) as caught:
        read_audio(path, **options)
    (said,) = caught.value.diagnostics
    return said.code


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(("name", "subtype", "error"), [
    ("a.wav", "float32", 0.0),
    ("a.wav", "24", 2**-23),
    ("a.wav", "16", 2**-14),
    ("a.flac", "24", 2**-23),
    ("A.FLAC", "16", 2**-14),
])  # fmt: skip
def test_what_is_written_is_read_back(tmp_path: Path, name: str, subtype: str, error: float, channels: int) -> None:
    sound = tone(channels=channels)
    written = write_audio(tmp_path / name, sound, RATE, subtype)
    back, rate = read_audio(tmp_path / name)
    assert rate == RATE
    assert back.shape == sound.shape
    assert (back - sound).abs().max() <= error
    assert written.notes == ()
    assert written.peak_db == pytest.approx(-6.02, abs=0.01)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_one_channel_may_come_without_its_axis(tmp_path: Path) -> None:
    write_audio(tmp_path / "a.wav", tone()[0], RATE)
    assert read_audio(tmp_path / "a.wav")[0].shape == (1, 4000)


def test_float_keeps_what_is_beyond_full_scale_and_says_so(tmp_path: Path) -> None:
    written = write_audio(tmp_path / "a.wav", tone(2.0), RATE)
    assert read_audio(tmp_path / "a.wav")[0].max() == pytest.approx(2.0)
    assert [note.code for note in written.notes] == ["P710"]
    assert "peaks at +6.0 dBFS: kept" in written.notes[0].message


@pytest.mark.parametrize("subtype", ["16", "24"])
def test_integers_are_turned_down_rather_than_clipped(tmp_path: Path, subtype: str) -> None:
    sound = tone(2.0)
    written = write_audio(tmp_path / "a.wav", sound, RATE, subtype)
    back, _ = read_audio(tmp_path / "a.wav")
    assert written.gain_db == pytest.approx(-7.02, abs=0.01)
    assert "turned down by 7.0 dB" in written.notes[0].message
    torch.testing.assert_close(back, sound * 10 ** (written.gain_db / 20), atol=1e-4, rtol=0)


def test_dither_keeps_what_is_fainter_than_a_step_and_only_at_16_bit(tmp_path: Path) -> None:
    faint = tone(0.3 * 2**-15)
    write_audio(tmp_path / "a.wav", faint, RATE, "16")
    assert (read_audio(tmp_path / "a.wav")[0] * faint).sum() / faint.square().sum() > 0.5
    write_audio(tmp_path / "a.wav", torch.zeros(4000), RATE, "24")
    assert read_audio(tmp_path / "a.wav")[0].abs().max() == 0


@pytest.mark.parametrize(("name", "subtype"), [
    ("a.wav", "float32"), ("a.wav", "24"), ("a.wav", "16"), ("a.flac", "24"), ("a.flac", "16"),
])  # fmt: skip
def test_the_same_sound_gives_the_same_bytes_whenever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, subtype: str
) -> None:
    write_audio(tmp_path / name, tone(channels=2), RATE, subtype)
    first = (tmp_path / name).read_bytes()
    time.sleep(1.01)  # libsndfile dates the peaks of a float file to the second
    write_audio(tmp_path / name, tone(channels=2), RATE, subtype)
    assert (tmp_path / name).read_bytes() == first


@pytest.mark.parametrize(
    ("subtype", "over"),
    [("float32", 0.0), ("24", 0.0), ("16", 0.0), ("float32", 1e-7), ("24", 1e-7), ("16", 1e-7), ("16", 2.0**-16)],
)
def test_full_scale_is_full_scale(tmp_path: Path, subtype: str, over: float) -> None:
    written = write_audio(tmp_path / "a.wav", tone(1.0 + over), RATE, subtype)
    assert (written.notes, written.gain_db) == ((), 0.0)
    assert read_audio(tmp_path / "a.wav")[0].max() == pytest.approx(1.0, abs=1e-4)
    assert read_audio(tmp_path / "a.wav")[0].min() >= -1.0 - 1e-4


def test_beyond_a_step_is_turned_down_and_the_help_helps(tmp_path: Path) -> None:
    written = write_audio(tmp_path / "a.wav", tone(1.0005), RATE, "24")
    assert written.gain_db == pytest.approx(-1.004, abs=0.001)
    assert written.notes[0].help_text == "lower a level in the patch by 0.1 dB"


def test_what_a_killed_writer_left_is_removed_and_what_others_write_is_not(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = tmp_path / f".a.wav.{_host()}.{dead.pid}.part"
    kept = [tmp_path / f".a.wav.{host}.{os.getpid()}.part" for host in (_host(), "elsewhere")]
    for path in (left, *kept, tmp_path / ".b.part"):
        path.write_bytes(b"half")
    remove_leftovers(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([*kept, tmp_path / ".b.part"])


def test_sound_streams_through_the_standard_pipes(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pipe:
        buffer = io.BytesIO()

    monkeypatch.setattr(sys, "stdout", Pipe)
    write_audio("-", tone(), RATE)
    monkeypatch.undo()
    Pipe.buffer.seek(0)
    monkeypatch.setattr(sys, "stdin", Pipe)
    back, rate = read_audio("-")
    assert rate == RATE
    torch.testing.assert_close(back, tone())


def test_what_is_no_sound_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("these are words")
    (tmp_path / "nothing.wav").write_bytes(b"")
    write_audio(tmp_path / "whole.wav", tone(), RATE)
    (tmp_path / "head.wav").write_bytes((tmp_path / "whole.wav").read_bytes()[:20])
    assert code_of(tmp_path / "none.wav") == "P701"
    assert code_of(tmp_path / "text.wav") == "P702"
    assert code_of(tmp_path / "nothing.wav") == "P702"
    assert code_of(tmp_path / "head.wav") == "P702"
    assert code_of(tmp_path) == "P702"
    assert code_of("/dev/zero") == "P702"


def test_a_sound_without_samples_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros((0, 1)), RATE)
    assert code_of(tmp_path / "a.wav") == "P703"


def test_length_is_bounded_before_memory_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_audio(tmp_path / "a.wav", tone(samples=16000), RATE)
    monkeypatch.setattr(soundfile.SoundFile, "read", None)
    assert code_of(tmp_path / "a.wav", longest=1.5) == "P704"
    monkeypatch.setattr(audio, "MOST_VALUES", 9000)
    assert code_of(tmp_path / "a.wav") == "P704"


def test_samples_must_be_finite(tmp_path: Path) -> None:
    bad = tone()
    bad[0, 2000] = torch.nan
    soundfile.write(tmp_path / "a.wav", bad[0].numpy(), RATE, subtype="FLOAT")
    with pytest.raises(PatchError, match=r"not a finite number, at 0\.25 s"):
        read_audio(tmp_path / "a.wav")
    with pytest.raises(PatchError, match="P705"):
        write_audio(tmp_path / "b.wav", bad, RATE)


@pytest.mark.parametrize("rate", [10, 2_000_000])
def test_rates_that_no_recording_has_are_refused(tmp_path: Path, rate: int) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(100), rate)
    assert code_of(tmp_path / "a.wav") == "P709"


@pytest.mark.parametrize(("name", "subtype"), [("a.mp3", "16"), ("a", "16"), ("a.flac", "float32")])
def test_a_name_says_what_it_can_hold(tmp_path: Path, name: str, subtype: str) -> None:
    with pytest.raises(PatchError) as caught:
        write_audio(tmp_path / name, tone(), RATE, subtype)
    assert [said.code for said in caught.value.diagnostics] == ["P707"]
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_audio(tmp_path / "a.wav", tone(), RATE)
    before = (tmp_path / "a.wav").read_bytes()

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(PatchError) as caught:
        write_audio(tmp_path / "a.wav", tone(0.1), RATE)
    assert caught.value.diagnostics[0].code == "P706"
    assert caught.value.diagnostics[0].help_text == "No space left on device"
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]
    assert (tmp_path / "a.wav").read_bytes() == before


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(PatchError, match="P706"):
        write_audio(tmp_path / "no" / "a.wav", tone(), RATE)


def test_subtypes_are_a_closed_set() -> None:
    assert [kind.value for kind in Subtype] == ["float32", "24", "16"]


@pytest.mark.parametrize(
    ("rate", "fits"), [(65_535, True), (65_537, False), (384_000, True), (655_350, True), (768_000, False)]
)
def test_flac_takes_the_rates_it_can_hold(tmp_path: Path, rate: int, fits: bool) -> None:
    file = tmp_path / "a.flac"
    if fits:
        write_audio(file, torch.zeros(100), rate, "24")
        assert soundfile.info(file).samplerate == rate
    else:
        with pytest.raises(PatchError, match=r"P707.*cannot hold \d+ Hz"):
            write_audio(file, torch.zeros(100), rate, "24")
        assert not file.exists()
