"""Which files a command means, what files of many sounds are called, and writing them: whole or not at all."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from glob import glob, has_magic
from pathlib import Path, PurePath

from patchc.graph.imports import used_files
from patchc.media.replace import remove_leftovers, replace_file
from patchc.source.codes.options import CannotWrite, NoPatches, WouldReplaceInput
from patchc.source.error import PatchError
from patchc.source.text import Source


def patches(paths: Sequence[str]) -> Iterator[str | NoPatches]:
    """The patch files meant by paths, folders (with all below them), patterns, and `-`; each once."""
    seen: set[str] = set()
    for path in paths:
        for found in _meant(path):
            if not isinstance(found, str) or found not in seen:
                yield found
            if isinstance(found, str):
                seen.add(found)


def _meant(path: str) -> Sequence[str | NoPatches]:
    if path != "-" and Path(path).is_dir():
        inside = (file for file in Path(path).rglob("*.patch") if not _hidden(file.relative_to(path)))
        return sorted(map(str, inside)) or [NoPatches(span=None, path=path)]
    if has_magic(path) and not Path(path).exists():
        return sorted(glob(path, recursive=True)) or [NoPatches(span=None, path=path)]
    return [path]


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def write(path: str, content: str | bytes) -> None:
    """Writes a file beside its place and moves it there, or writes to standard output (`-`).

    Raises `PatchError` if that cannot be done.
    """
    data = content.encode() if isinstance(content, str) else content
    if path == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        return
    try:
        replace_file(Path(path), data)
    except OSError as error:
        raise PatchError([cannot_write(path, error)]) from error


def folder(path: str) -> Path:
    """The folder `path`, made if it is missing, without what killed commands left half written. Raises `PatchError`."""
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PatchError([cannot_write(path, error)]) from error
    remove_leftovers(Path(path))
    return Path(path)


def check_folder(path: str) -> None:
    """Raises `PatchError` if there is no folder for the file `path`: before work is done for it, not after."""
    parent = Path(path).parent
    if not parent.is_dir():
        raise PatchError([CannotWrite(span=None, path=path, reason=f"there is no folder `{parent}`")])


def keep_inputs(outputs: Iterable[str | None], source: Source, recordings: Iterable[str] = ()) -> None:
    """Raises `PatchError` (P808) for each of `outputs` that is the patch, a file it uses, or one of `recordings`."""
    used = (str(Path(source.name).parent / path) for path, _ in used_files(source))
    read = {os.path.realpath(path) for path in (source.name, *used, *recordings)}
    lost = [path for path in outputs if path and path != "-" and os.path.realpath(path) in read]
    if lost:
        raise PatchError([WouldReplaceInput(span=None, path=path) for path in dict.fromkeys(lost)])


def cannot_write(path: str, error: OSError) -> CannotWrite:
    return CannotWrite(span=None, path=path, reason=(error.strerror or str(error)).lower())


def numbered(path: str, number: int, count: int) -> str:
    """`voice.wav` is `voice-003.wav` as the third of many; of a thousand, `voice-0003.wav`: names sort."""
    digits = max(3, len(str(count)))
    return beside(path, f"-{number + 1:0{digits}}", join="") if count > 1 and path != "-" else path


def beside(path: str, name: str, suffix: str = "", join: str = ".") -> str:
    """`voice.wav` and `vcf` make `voice.vcf.wav`; what no file name can hold becomes `_`."""
    whole = PurePath(path)
    safe = re.sub(r'[/\\:*?"<>|\x00-\x1f]', "_", name)
    return str(whole.with_name(f"{whole.stem}{join if safe else ''}{safe}{suffix or whole.suffix}"))
