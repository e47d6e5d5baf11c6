"""The cache of libraries: found again, mended, shared by processes, bounded, and nobody else's."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from patchc.native import kernel_cache, library
from patchc.native.kernel_cache import cache_folders, is_own, tidy
from patchc.native.library import digest, is_cached, load

SOURCE = 'extern "C" int answer() { return 42; }\n'


def only(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_a_library_is_built_once(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_cached(SOURCE)
    assert load(SOURCE).answer() == 42
    assert is_cached(SOURCE)
    path = only(cache)
    assert path.stat().st_mode & 0o077 == 0
    assert cache.stat().st_mode & 0o077 == 0
    monkeypatch.setattr(library, "_built", None)
    assert load(SOURCE).answer() == 42


def test_another_interface_is_another_library(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load(SOURCE)
    monkeypatch.setattr(library, "ABI", "another")
    assert not is_cached(SOURCE)
    load(SOURCE)
    assert len(list(cache.iterdir())) == 2


@pytest.mark.parametrize("size", [0, 100, 5000, -1])
def test_a_file_cut_short_is_built_again(cache: Path, size: int) -> None:
    """In a process of its own: to load half a library ends a process."""
    load(SOURCE)
    path = only(cache)
    whole = path.read_bytes()
    path.unlink()  # this process has it open: cut in place, it would end this one
    path.write_bytes(whole[:size])
    program = f"from patchc.native.library import load; print(load({SOURCE!r}).answer())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "42\n", "")
    assert is_cached(SOURCE)


def test_a_file_with_other_bytes_is_built_again(cache: Path) -> None:
    load(SOURCE)
    path = only(cache)
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    path.unlink()
    path.write_bytes(whole)
    assert load(SOURCE.replace("42", "42 ")).answer() == 42
    assert library._found(cache, digest(SOURCE)) is None
    assert load(SOURCE).answer() == 42


def test_processes_may_build_at_once(cache: Path) -> None:
    program = f"from patchc.native.library import load; print(load({SOURCE!r}).answer())"
    crowd = [subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) for _ in range(6)]
    said = [process.communicate()[0] for process in crowd]
    assert said == [b"42\n"] * len(crowd)
    assert {path.suffix for path in cache.iterdir()} == {".so"}
    assert load(SOURCE).answer() == 42


# --- where it cannot be


@pytest.mark.parametrize("base", ["/proc/no_such_place", "/dev/null/under_a_file"])
def test_a_cache_that_cannot_be_made(cache: Path, monkeypatch: pytest.MonkeyPatch, base: str) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", base)
    assert load(SOURCE).answer() == 42
    assert is_cached(SOURCE), "for as long as the process lasts"
    assert [*cache_folders()] == [kernel_cache.private()]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_cache_that_cannot_be_written_to(cache: Path) -> None:
    cache.mkdir(parents=True)
    cache.chmod(0o500)
    assert load(SOURCE).answer() == 42
    assert list(cache.iterdir()) == []


def test_a_disk_that_fills_up(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left lying there, and once there is room again all is well."""

    def full(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", full)
        with pytest.raises(library.CompileError, match="no folder to build in"):
            load(SOURCE)
    assert list(cache.iterdir()) == []
    assert load(SOURCE).answer() == 42


# --- whose it is


def test_a_folder_that_others_may_write_to_is_not_used(cache: Path) -> None:
    cache.mkdir(parents=True)
    load(SOURCE)
    path = only(cache)
    cache.chmod(0o777)
    assert [*cache_folders()] == [kernel_cache.private()]
    assert load(SOURCE).answer() == 42
    cache.chmod(0o700)
    path.chmod(0o777)
    assert not is_own(path)
    assert library._found(cache, digest(SOURCE)) is None


def test_a_link_is_not_followed(cache: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    cache.parent.mkdir(parents=True)
    cache.symlink_to(elsewhere)
    assert load(SOURCE).answer() == 42
    assert list(elsewhere.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_somebody_else_is_not_used(cache: Path) -> None:
    cache.mkdir(parents=True)
    os.chown(cache, 12345, 12345)
    assert load(SOURCE).answer() == 42
    assert list(cache.iterdir()) == []


def test_the_folder_of_a_process_goes_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    program = "from patchc.native.kernel_cache import private; print(private(), oct(private().stat().st_mode & 0o777))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    path, mode = done.stdout.split()
    assert mode == "0o700"
    assert not Path(path).exists()


# --- how much there may be


def fill(folder: Path, count: int, size: int = 10) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    paths = [folder / f"{number:04}.0.so" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(bytes(size))
        os.utime(path, (number + 1, number + 1))
    return paths


def test_the_oldest_go_when_there_are_too_many(cache: Path) -> None:
    paths = fill(cache, kernel_cache.MOST + 20)
    load(SOURCE)
    left = {path.name for path in cache.iterdir()}
    assert len(left) == kernel_cache.MOST
    assert is_cached(SOURCE)
    assert left >= {path.name for path in paths[-(kernel_cache.MOST - 1) :]}


def test_the_oldest_go_when_they_are_too_large(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel_cache, "LARGEST", 1000)
    paths = fill(cache, 8, size=200)
    tidy(cache)
    assert [path for path in paths if path.exists()] == paths[-5:]


def test_what_is_used_stays(cache: Path) -> None:
    load(SOURCE)
    path = only(cache)
    os.utime(path, (1, 1))
    load(SOURCE)
    assert time.time() - path.stat().st_mtime < 60


def test_what_is_loaded_may_go(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By another process: the library plays on, and is built again when it is next needed."""
    loaded = load(SOURCE)
    monkeypatch.setattr(kernel_cache, "MOST", 0)
    tidy(cache)
    assert list(cache.iterdir()) == []
    assert loaded.answer() == 42


def test_tidying_at_once_is_no_harm(cache: Path, tmp_path: Path) -> None:
    fill(cache, kernel_cache.MOST + 300)
    program = f"from pathlib import Path; from patchc.native.kernel_cache import tidy; tidy(Path({str(cache)!r}))"
    crowd = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(4)]
    assert [process.wait() for process in crowd] == [0] * 4
    assert len(list(cache.iterdir())) == kernel_cache.MOST
