"""Checkpoints: learned numbers by name in a safetensors file, with the patch and its hash; never pickles."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from patchc.graph.imports import used_files
from patchc.graph.model import Moved
from patchc.graph.write import to_text
from patchc.source.codes.options import CannotWrite
from patchc.source.codes.running import CheckpointName, NoCheckpoint
from patchc.source.diagnostic import Diagnostic
from patchc.source.error import PatchError
from patchc.source.suggest import nearest

if TYPE_CHECKING:
    from patchc.compiler.module import PatchModule

FORMAT = "patchc checkpoint 1"


def save(synth: PatchModule, path: str | Path) -> None:
    """Writes to a file beside `path` first, so that a run that is stopped never leaves half a checkpoint.

    The files that the patch uses go along, as JSON by their paths from it. Raises `PatchError` (P805) where nothing can
    be written.
    """
    text, used = _texts(synth)
    about = {
        "format": FORMAT,
        "patch": text,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "used": json.dumps(used),
        "name": synth.graph.name,
        "torch": torch.__version__,
        "patchc": _version(),
    }
    target = Path(path)
    partial = target.with_name(f"{target.name}.part")
    stored = {name: synth.learned.stored(name).detach().cpu().contiguous() for name in synth.learned}
    try:
        save_file(stored, partial, about)
        os.replace(partial, target)
    except (SafetensorError, OSError) as error:
        there = target.parent.is_dir()
        reason = f"{error}" if there else f"there is no folder `{target.parent}`"
        raise PatchError([CannotWrite(span=None, path=str(target), reason=reason)]) from None


def _texts(synth: PatchModule) -> tuple[str, dict[str, str]]:
    """The text of the patch and of the files it uses; where one of those is gone, all of it as one flat patch."""
    if synth.source is None:
        return to_text(synth.graph), {}
    try:
        return synth.source.text, dict(used_files(synth.source))
    except OSError:
        return to_text(synth.graph), {}


def _version() -> str:
    try:
        return importlib.metadata.version("patchc")
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def load(synth: PatchModule, path: str | Path, *, strict: bool) -> None:
    """Puts the numbers of the file into `synth`, all of them or (if one does not fit) none. Raises `PatchError`."""
    stored, _ = read(path)
    renamed = {moved_name(name, synth.graph.moved): tensor for name, tensor in stored.items()}
    mine = {name: synth.learned.stored(name) for name in synth.learned}
    problems = _mismatches(renamed, mine)
    if problems and strict:
        raise PatchError(problems)
    with torch.no_grad():
        for name, parameter in mine.items():
            if name in renamed and renamed[name].shape == parameter.shape:
                parameter.copy_(renamed[name])


def read(path: str | Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The numbers of a checkpoint by name, and about them: `patch`, its `sha256`, `used` files, versions."""
    if not Path(path).is_file():
        raise _unreadable(path, "it is a folder" if Path(path).is_dir() else "there is no such file")
    try:
        with safe_open(path, framework="pt") as file:
            about = dict(file.metadata() or {})
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a mapping)
    except (SafetensorError, OSError) as error:
        raise _unreadable(path, str(error)) from None
    if about.get("format") != FORMAT:
        raise _unreadable(path, "it was not written by this edition of patchc")
    if hashlib.sha256(about.get("patch", "").encode()).hexdigest() != about.get("sha256"):
        raise _unreadable(path, "its patch text is not the one it was written with")
    for name, tensor in tensors.items():
        if not tensor.is_floating_point() or not bool(tensor.isfinite().all()):
            raise _unreadable(path, f"`{name}` is not a finite number everywhere")
    return tensors, about


def _unreadable(path: str | Path, reason: str) -> PatchError:
    return PatchError([NoCheckpoint(span=None, path=str(path), reason=reason)])


def moved_name(name: str, moves: Sequence[Moved]) -> str:
    """`name` as it is today: a cell, instance or param that moved, wherever it stands in the name."""
    for move in moves:
        if name == move.old or name.startswith((f"{move.old}.", f"{move.old}[")):
            name = move.new + name[len(move.old) :]
        name = name.replace(f"[{move.old}]", f"[{move.new}]").replace(f"[{move.old}.", f"[{move.new}.")
        name = name.replace(f"[{move.old}:", f"[{move.new}:")
    return name


def _mismatches(stored: Mapping[str, Tensor], mine: Mapping[str, Tensor]) -> list[Diagnostic]:
    extra, missing = sorted(stored.keys() - mine.keys()), sorted(mine.keys() - stored.keys())
    problems: list[Diagnostic] = [_stranger(name, missing) for name in extra]
    if not extra:
        problems += [CheckpointName(span=None, mismatch=f"it has no `{name}`, the patch has") for name in missing]
    for name in sorted(stored.keys() & mine.keys()):
        if stored[name].shape != mine[name].shape:
            sizes = f"{stored[name].numel()} numbers, the patch {mine[name].numel()}"
            problems.append(CheckpointName(span=None, mismatch=f"`{name}` has {sizes}"))
    return problems


def _stranger(name: str, missing: Iterable[str]) -> CheckpointName:
    """A name only the checkpoint has; if one with the same ending is missing, it was probably renamed."""
    candidates = list(missing)
    owner, dot, port = name.rpartition(".")
    same_port = [other for other in candidates if dot and other.rpartition(".")[2] == port]
    close = nearest(name, same_port or candidates) or (same_port[0] if len(same_port) == 1 else None)
    if close is None:
        return CheckpointName(span=None, mismatch=f"it has `{name}`, the patch has not")
    new = close.rpartition(".")[0] if dot and close.endswith(f".{port}") else close
    hint = f"add `moved {owner if new != close else name} -> {new}`"
    return CheckpointName(span=None, mismatch=f"it has `{name}`, the patch has `{close}`", hint=hint)
