"""Files that are whole or not there: written beside their place under another name, then moved."""

from __future__ import annotations

import os
import platform
import re
import stat
from contextlib import suppress
from functools import cache
from pathlib import Path

_PART = re.compile(r"\..+\.(\d+)\.part")


def replace_file(path: Path, data: bytes) -> None:
    """Writes `data` to `path`, whose old content stays until the new one is whole. Raises `OSError`."""
    path = Path(os.path.realpath(path))
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o666 & ~_umask()
    part = path.with_name(f".{path.name}.{_host()}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.chmod(mode)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def remove_leftovers(folder: Path) -> None:
    """Removes what killed writers left in `folder`: their processes are gone from this machine."""
    with suppress(OSError):
        for part in folder.glob(f".*.{_host()}.*.part"):
            owner = _PART.fullmatch(part.name)
            if owner and not _runs(int(owner[1])):
                part.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass  # it is somebody else's
    return True


@cache
def _host() -> str:
    """This machine's name: folders may be shared with others, whose processes are not to be judged here."""
    return re.sub(r"[^\w-]", "-", platform.node()) or "localhost"


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
