"""Reads a patch file, whatever stands at the path: what is no text file is a diagnostic."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

from patchc.source.codes.files import IsFolder, NotFound, NotText, TooLarge, Unreadable
from patchc.source.diagnostic import Diagnostic
from patchc.source.text import Source

LIMIT = 4_000_000  # bytes of a file, characters of a source
_STDIN = "<stdin>"


def read_source(path: str | Path) -> Source | Diagnostic:
    """The text of a file, or of standard input for `-`; or why it cannot be had. Reads little more than `LIMIT`."""
    name = _STDIN if str(path) == "-" else str(path)
    try:
        data = _read(path)
    except FileNotFoundError:
        return NotFound(span=None, path=name)
    except IsADirectoryError:
        return IsFolder(span=None, path=name)
    except (OSError, ValueError) as error:
        return Unreadable(span=None, path=name, reason=_reason(error))
    if len(data) > LIMIT:
        return TooLarge(span=None, path=name, limit=LIMIT // 1_000_000)
    return _decoded(name, data)


def _read(path: str | Path) -> bytes:
    if str(path) == "-":
        return sys.stdin.buffer.read(LIMIT + 1)
    if Path(path).is_dir():
        raise IsADirectoryError
    if kind := _no_file(Path(path)):
        raise ValueError(f"it is {kind}, not a file")
    with open(path, "rb") as file:
        return file.read(LIMIT + 1)


_KINDS = {stat.S_IFIFO: "a named pipe", stat.S_IFSOCK: "a socket", stat.S_IFBLK: "a device"}


def _no_file(path: Path) -> str:
    """What stands at `path` instead of a file that can be read to its end; a pipe that a shell has opened is one."""
    if path.is_relative_to("/dev/fd") or path.is_relative_to("/proc"):
        return ""
    return _KINDS.get(stat.S_IFMT(path.stat().st_mode), "")


def _reason(error: Exception) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text[:1].lower() + text[1:]


def _decoded(name: str, data: bytes) -> Source | Diagnostic:
    if (nul := data.find(b"\0")) >= 0:
        return NotText(span=None, path=name, reason=f"byte {nul + 1} is zero")
    try:
        return Source(name, data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return NotText(span=None, path=name, reason=f"byte {error.start + 1} is 0x{data[error.start]:02x}")
