"""Checkpoints: names, renames, mismatches, and files that are something else."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from patchc.compiler.checkpoint import moved_name, read
from patchc.compiler.load import load
from patchc.compiler.module import PatchModule
from patchc.graph.model import Moved
from patchc.source.error import PatchError

Compiler = Callable[..., PatchModule]

OLD = """
param detune = learn 7 ct in 0 ct .. 50 ct
cell osc_a : saw { freq = learn 110 Hz; freq += lfo1 * learn 1 st in 0 st .. 2 st }
output main <- osc_a * learn -6 dB
"""
LFO = "cell lfo1 : lfo { rate = learn 5 Hz }\n"
NEW = OLD.replace("osc_a", "osc1")


def old(build: Compiler) -> PatchModule:
    synth = build(LFO + OLD)
    with torch.no_grad():
        for number, parameter in enumerate(synth.parameters()):
            parameter.fill_(0.1 * number)
    return synth


def refusal(synth: PatchModule, path: Path) -> list[tuple[str, str, str]]:
    with pytest.raises(PatchError) as caught:
        synth.load_checkpoint(path)
    return [(d.code, d.message, d.help_text) for d in caught.value.diagnostics]


def test_state_goes_by_name(build: Compiler) -> None:
    assert set(old(build).state_dict()) == {
        "learned.detune",
        "learned.lfo1.rate",
        "learned.osc_a.freq",
        "learned.osc_a.freq[lfo1].depth",
        "learned.main[osc_a].gain",
    }


def test_saved_and_loaded(build: Compiler, tmp_path: Path) -> None:
    synth = old(build)
    synth.save(tmp_path / "a.safetensors")
    other = build(LFO + OLD)
    other.load_checkpoint(tmp_path / "a.safetensors")
    assert torch.equal(other.settings(), synth.settings())
    _, about = read(tmp_path / "a.safetensors")
    assert about["patch"] == synth.source.text
    assert [path.name for path in tmp_path.iterdir()] == ["a.safetensors"]


def test_moved_cells_keep_their_numbers(build: Compiler, tmp_path: Path) -> None:
    synth = old(build)
    synth.save(tmp_path / "a.safetensors")
    other = build(LFO + NEW + "moved osc_a -> osc1\n")
    other.load_checkpoint(tmp_path / "a.safetensors")
    assert torch.equal(other.settings(), synth.settings())


def test_names_within_names_move() -> None:
    moves = [Moved(old="a", new="b.c")]
    assert moved_name("a.freq", moves) == "b.c.freq"
    assert moved_name("mix.in[a].gain", moves) == "mix.in[b.c].gain"
    assert moved_name("mix.in[a:2].gain", moves) == "mix.in[b.c:2].gain"
    assert moved_name("mix.in[a.osc].gain", moves) == "mix.in[b.c.osc].gain"
    assert moved_name("ab.freq", moves) == "ab.freq"


def test_a_rename_without_moved_is_p603_and_suggests_it(build: Compiler, tmp_path: Path) -> None:
    synth = old(build)
    synth.save(tmp_path / "a.safetensors")
    other = build(LFO + NEW)
    before = other.settings().clone()
    said = refusal(other, tmp_path / "a.safetensors")
    assert {code for code, _, _ in said} == {"P603"}
    assert any("`osc_a.freq`" in message and "`osc1.freq`" in message for _, message, _ in said)
    assert any(help_text == "add `moved osc_a -> osc1`" for _, _, help_text in said)
    assert torch.equal(other.settings(), before)


def test_a_missing_number_is_p603(build: Compiler, tmp_path: Path) -> None:
    build("cell osc : saw { freq = learn 110 Hz }\noutput main <- osc").save(tmp_path / "a.safetensors")
    other = build("cell osc : saw { freq = learn 110 Hz; level = learn -6 dB }\noutput main <- osc")
    assert [code for code, _, _ in refusal(other, tmp_path / "a.safetensors")] == ["P603"]
    other.load_checkpoint(tmp_path / "a.safetensors", strict=False)


def test_another_width_is_p603(build: Compiler, tmp_path: Path) -> None:
    body = "cell bank : harmonic(partials = {}) {{ freq = 110 Hz; shape = learn }}\noutput main <- bank"
    build(body.format(4)).save(tmp_path / "a.safetensors")
    said = refusal(build(body.format(5)), tmp_path / "a.safetensors")
    assert [(code, message) for code, message, _ in said] == [
        ("P603", "the checkpoint does not fit: `bank.shape` has 4 numbers, the patch 5")
    ]


def test_other_files_are_p610(build: Compiler, tmp_path: Path) -> None:
    synth = old(build)
    pickled, foreign, cut = tmp_path / "a.pt", tmp_path / "b.safetensors", tmp_path / "c.safetensors"
    pickled.write_bytes(pickle.dumps({"learned.detune": 1.0}))
    save_file({"x": torch.zeros(1)}, foreign)
    synth.save(cut)
    cut.write_bytes(cut.read_bytes()[:-3])
    for path in (pickled, foreign, cut, tmp_path / "nothing", tmp_path):
        assert [code for code, _, _ in refusal(synth, path)] == ["P610"], path


def test_a_changed_patch_text_is_p610(build: Compiler, tmp_path: Path) -> None:
    synth = old(build)
    synth.save(tmp_path / "a.safetensors")
    data = (tmp_path / "a.safetensors").read_bytes()
    (tmp_path / "b.safetensors").write_bytes(data.replace(b"7 ct", b"8 ct", 1))
    assert [code for code, _, _ in refusal(synth, tmp_path / "b.safetensors")] == ["P610"]


def test_names_that_torch_uses_itself(build: Compiler, tmp_path: Path) -> None:
    """A cell may be called `type`, `float` or `training`, and keeps its numbers through a checkpoint."""
    body = "\n".join(f"cell {name} : saw {{ freq = learn {hz} Hz }}" for name, hz in NAMES.items())
    synth = build(body + f"\noutput main <- {', '.join(NAMES)}")
    synth.train()
    synth.save(tmp_path / "a.safetensors")
    synth.load_checkpoint(tmp_path / "a.safetensors")
    values = synth.natural(synth.settings())
    assert [values[f"{name}.freq"].item() for name in NAMES] == pytest.approx(list(NAMES.values()))
    copy = build(body + f"\noutput main <- {', '.join(NAMES)}")
    copy.load_state_dict(synth.state_dict())


NAMES = {"type": 110, "float": 120, "training": 130, "type_": 140, "forward": 150, "env": 160, "env.osc": 170}


def test_a_number_may_have_the_name_of_a_branch(build: Compiler, tmp_path: Path) -> None:
    body = """
    param env = learn 3 st in 0 st .. 12 st
    cell env.osc : saw { freq = learn 110 Hz }
    cell s : saw { freq = 55 Hz + env }
    """
    synth = build(body)
    synth.save(tmp_path / "a.safetensors")
    synth.load_checkpoint(tmp_path / "a.safetensors")
    assert set(synth.state_dict()) == {"learned.env=", "learned.env.osc.freq"}
    assert torch.func.functional_call(synth, dict(synth.named_parameters()), (), {"seconds": 0.1}).audio.any()


VOICE = "patchc 1\n\npatch v {\n  cell osc : saw { freq = learn 110 Hz }\n  output out <- osc\n}\n"
MAIN = 'patchc 1\n\nuse "parts/v.patch" as parts\n\npatch p {\n  cell a : parts.v\n  output main <- a\n}\n'


def test_used_files_go_along(tmp_path: Path) -> None:
    """What a checkpoint holds is enough to play it again, wherever it is taken."""
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "v.patch").write_text(VOICE, encoding="utf-8")
    (tmp_path / "p.patch").write_text(MAIN, encoding="utf-8")
    synth = load(tmp_path / "p.patch", sample_rate=16_000)
    synth.save(tmp_path / "a.safetensors")
    about = read(tmp_path / "a.safetensors")[1]
    elsewhere = tmp_path / "elsewhere"
    for path, text in {"p.patch": about["patch"], **json.loads(about["used"])}.items():
        (elsewhere / path).parent.mkdir(parents=True, exist_ok=True)
        (elsewhere / path).write_text(text, encoding="utf-8")
    assert load(elsewhere / "p.patch").graph == synth.graph


def test_a_used_file_that_is_gone_leaves_one_flat_patch(tmp_path: Path) -> None:
    (tmp_path / "v.patch").write_text(VOICE, encoding="utf-8")
    (tmp_path / "p.patch").write_text(MAIN.replace("parts/", ""), encoding="utf-8")
    synth = load(tmp_path / "p.patch", sample_rate=16_000)
    (tmp_path / "v.patch").unlink()
    synth.save(tmp_path / "a.safetensors")
    (tmp_path / "b.patch").write_text(read(tmp_path / "a.safetensors")[1]["patch"], encoding="utf-8")
    again = load(tmp_path / "b.patch", sample_rate=16_000)
    again.load_checkpoint(tmp_path / "a.safetensors")
    assert torch.equal(again.settings(), synth.settings())
