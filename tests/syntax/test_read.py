"""Whatever stands at a path, reading it gives a source or a diagnostic."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from patchc.source.diagnostic import Category, Diagnostic
from patchc.source.read import LIMIT, read_source
from patchc.source.text import Source


def refused(path: Path | str) -> Diagnostic:
    found = read_source(path)
    assert isinstance(found, Diagnostic)
    return found


def test_a_text_file(tmp_path: Path) -> None:
    path = tmp_path / "voice.patch"
    path.write_bytes("\ufeffpatchc 1 # é\r\n".encode())
    source = read_source(path)
    assert isinstance(source, Source)
    assert (source.name, source.text) == (str(path), "patchc 1 # é\r\n")


def test_a_missing_file(tmp_path: Path) -> None:
    found = refused(tmp_path / "no.patch")
    assert (found.code, found.category) == ("P005", Category.ENVIRONMENT)
    assert "no.patch" in found.message


def test_a_folder(tmp_path: Path) -> None:
    assert refused(tmp_path).code == "P006"


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "voice.patch"
    path.write_bytes(b"patchc 1\n\xff\xfe")
    assert (refused(path).code, "byte 10 is 0xff" in refused(path).message) == ("P007", True)
    path.write_bytes(b"patchc 1\0")
    assert (refused(path).code, "byte 9 is zero" in refused(path).message) == ("P007", True)


def test_a_line_of_a_hundred_megabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "long.patch"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    found = refused(path)
    assert found.code == "P008"
    assert "4 MB" in found.message


def test_exactly_the_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "full.patch"
    path.write_bytes(b"#" * LIMIT)
    assert isinstance(read_source(path), Source)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything is readable here")
def test_a_file_of_somebody_else(tmp_path: Path) -> None:
    path = tmp_path / "secret.patch"
    path.write_text("patchc 1\n")
    path.chmod(0)
    assert refused(path).code == "P009"


def test_what_the_system_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "secret.patch"
    path.write_text("patchc 1\n")
    monkeypatch.setattr("builtins.open", refuse)
    found = refused(path)
    assert (found.code, found.message) == ("P009", f"`{path}` cannot be read: permission denied")


def test_a_path_no_system_can_hold() -> None:
    assert refused("a\0b").code in ("P005", "P009")
    assert refused("x" * 10_000).code in ("P005", "P009")


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"patchc 1\n")))
    source = read_source("-")
    assert isinstance(source, Source)
    assert (source.name, source.text) == ("<stdin>", "patchc 1\n")
