"""Compilers that are missing, old or broken, or hang: each ends with a `CompileError` that says why, and no rest."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from patchc.native import toolchain
from patchc.native.library import digest, is_cached, load
from patchc.native.toolchain import EXTRA, CompileError, find_compiler

Fake = Callable[[str], Path]

SOURCE = 'extern "C" int answer() { return 42; }\n'


def rest(cache: Path) -> list[str]:
    """What lies in the cache that is no library."""
    return [path.name for path in cache.iterdir() if path.suffix != ".so"] if cache.exists() else []


# --- none


def test_no_compiler(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CompileError, match=r"no C\+\+ compiler in the path: looked for c\+\+, g\+\+, clang\+\+"):
        load(SOURCE)


def test_compiler_that_is_not_there(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    monkeypatch.setenv("CXX", "/nowhere/c++")
    with pytest.raises(CompileError, match=r"`/nowhere/c\+\+` \(from CXX\)"):
        load(SOURCE)


def test_compiler_that_does_not_run(fake: Fake, cache: Path) -> None:
    fake("").write_text("neither a script nor a program")
    with pytest.raises(CompileError, match="does not run"):
        load(SOURCE)
    assert rest(cache) == []


# --- old ones


def test_compiler_that_knows_no_native_tuning(fake: Fake, cache: Path) -> None:
    fake('for a in "$@"; do case $a in -m*=native) echo "error: unknown $a" >&2; exit 1;; esac; done; exec $real "$@"')
    assert load(SOURCE).answer() == 42


def test_compiler_that_knows_no_modern_language(fake: Fake, cache: Path) -> None:
    fake('echo "fake: error: unrecognized option -std=c++17" >&2; exit 1')
    with pytest.raises(CompileError, match=r"refused the kernel: fake: error: unrecognized option -std=c\+\+17"):
        load(SOURCE)
    assert rest(cache) == []


def test_compiler_that_makes_nothing(fake: Fake, cache: Path) -> None:
    fake("exit 0")
    with pytest.raises(CompileError, match="refused the kernel"):
        load(SOURCE)
    assert rest(cache) == []


def test_compiler_that_makes_rubbish(fake: Fake, cache: Path) -> None:
    """Without an error; what it made is not loaded, here or later."""
    fake('for a in "$@"; do last=$a; done; echo rubbish > "$last"')
    with pytest.raises(CompileError, match="no folder to build in"):
        load(SOURCE)


def test_compiler_with_arguments(fake: Fake, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = fake('test "$1" = --first || exit 1; shift; exec $real "$@"')
    monkeypatch.setenv("CXX", f"{path} --first")
    assert load(SOURCE).answer() == 42


# --- more flags


def test_flags_of_the_environment_are_part_of_the_name(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    source = 'extern "C" int answer() { return ANSWER; }\n'
    names = []
    for number in (1, 2):
        monkeypatch.setenv(EXTRA, f"-DANSWER={number}")
        assert load(source).answer() == number
        names.append(digest(source))
    assert names[0] != names[1]
    monkeypatch.setenv(EXTRA, "'")
    with pytest.raises(CompileError, match=EXTRA):
        load(source)


# --- slow ones, and those that are stopped


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_for(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + 20
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def test_compiler_that_hangs(fake: Fake, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends, and with it what it has started."""
    pid = tmp_path / "pid"
    fake(f"sleep 600 & echo $! > {pid}; wait")
    monkeypatch.setattr(toolchain, "PATIENCE", 0.5)
    with pytest.raises(CompileError, match=r"did not finish in \d s"):
        load(SOURCE)
    assert wait_for(lambda: not alive(int(pid.read_text())))
    assert rest(cache) == []


def test_interrupt_while_compiling(fake: Fake, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C is passed on, leaves nothing, and the next call builds."""
    pid = tmp_path / "pid"
    fake(f"sleep 600 & echo $! > {pid}; wait")
    ready = threading.Thread(
        target=lambda: wait_for(lambda: pid.exists() and bool(pid.read_text())) and os.kill(os.getpid(), signal.SIGINT)
    )
    ready.start()
    with pytest.raises(KeyboardInterrupt):
        load(SOURCE)
    ready.join()
    assert wait_for(lambda: not alive(int(pid.read_text())))
    assert rest(cache) == []
    monkeypatch.delenv("CXX")
    assert load(SOURCE).answer() == 42


def test_an_interrupt_before_the_compiler_is_known_ends_it_too(
    fake: Fake, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while `Popen` is still at work: its process would be nobody's."""
    pid, start = tmp_path / "pid", subprocess.Popen

    def interrupted(*args: Any, **options: Any) -> subprocess.Popen[bytes]:
        process = start(*args, **options)
        assert wait_for(lambda: pid.exists() and bool(pid.read_text()))
        signal.raise_signal(signal.SIGINT)
        return process

    fake(f"sleep 600 & echo $! > {pid}; wait")
    monkeypatch.setattr(toolchain.subprocess, "Popen", interrupted)
    with pytest.raises(KeyboardInterrupt):
        load(SOURCE)
    assert wait_for(lambda: not alive(int(pid.read_text())))
    assert rest(cache) == []


def test_killed_while_compiling(fake: Fake, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left is not taken for whole, and is cleared away in time."""
    pid = tmp_path / "pid"
    fake(f'for a in "$@"; do last=$a; done; printf half > "$last"; echo $$ > {pid}; exec sleep 600')
    program = f"from patchc.native.library import load; load({SOURCE!r})"
    process = subprocess.Popen([sys.executable, "-c", program])
    try:
        assert wait_for(lambda: pid.exists() and bool(pid.read_text()))
    finally:
        process.kill()
        process.wait()
    os.kill(int(pid.read_text()), signal.SIGKILL)
    assert not is_cached(SOURCE)
    (left,) = rest(cache)
    monkeypatch.delenv("CXX")
    assert load(SOURCE).answer() == 42
    assert rest(cache) == [left], "somebody could still be building there"
    old = time.time() - 7200
    os.utime(cache / left, (old, old))
    load(SOURCE.replace("42", "43"))
    assert rest(cache) == []


def test_the_compiler_is_found_anew_when_the_environment_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    before = find_compiler()
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CXX", raising=False)
    with pytest.raises(CompileError):
        find_compiler()
    monkeypatch.setenv("CXX", before.path)
    assert find_compiler().path == before.path
