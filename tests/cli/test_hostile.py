"""Hostile input: each ends in a diagnostic within 2 seconds, in a process that may take 500 MB and no more."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SECONDS, BYTES = 2.0, 500 * 2**20


def patch(body: str) -> str:
    return f"patchc 1\n\npatch hostile {{\n{body}\n}}\n"


def many_cells(folder: Path) -> str:
    return _text(folder, patch("for k in 1 .. 1000000000 { cell a[k] : saw { } }\noutput main <- a[*]"))


def many_cells_by_patches(folder: Path) -> str:
    levels = ["patch l0 {\ncell a : saw { }\noutput out <- a\n}"]
    for n in range(1, 10):
        cells = "\n".join(f"cell c{k} : l{n - 1} {{ }}" for k in range(10))
        levels.append(f"patch l{n} {{\n{cells}\noutput out <- c0\n}}")
    return _text(folder, "patchc 1\n" + "\n".join(levels) + "\n")


def many_loops_in_loops(folder: Path) -> str:
    loops = "".join(f"for k{n} in 1 .. 1000 {{ " for n in range(8))
    return _text(folder, patch(loops + "cell a[k0] : saw { }" + " }" * 8))


def deep_brackets(folder: Path) -> str:
    return _text(folder, patch(f"param p = {'(' * 1_000_000}1{')' * 1_000_000}"))


def deep_braces(folder: Path) -> str:
    return _text(folder, patch("layer a { " * 400_000))


def deep_lists(folder: Path) -> str:
    return _text(folder, patch(f"meta {{ a = {'[' * 1_000_000} }}"))


def a_long_sum(folder: Path) -> str:
    return _text(folder, patch("param p = 1" + " + 1" * 900_000))


def use_outside(folder: Path) -> str:
    (folder / "inside").mkdir()
    (folder / "secret.patch").write_text("patchc 1\npatch secret { }\n")
    (folder / "inside/a.patch").write_text(
        'patchc 1\nuse "../secret.patch" as s\n' + "patch a { cell x : s.secret { } }\n"
    )
    return "inside/a.patch"


def use_absolute(folder: Path) -> str:
    return _text(folder, 'patchc 1\nuse "/etc/passwd" as s\npatch a { cell x : s.root { } }\n')


def use_through_a_link(folder: Path) -> str:
    (folder / "inside").mkdir()
    (folder / "secret.patch").write_text("patchc 1\npatch secret { }\n")
    (folder / "inside/link.patch").symlink_to(folder / "secret.patch")
    (folder / "inside/a.patch").write_text('patchc 1\nuse "link.patch" as s\npatch a { cell x : s.secret { } }\n')
    return "inside/a.patch"


def use_itself(folder: Path) -> str:
    return _text(folder, 'patchc 1\nuse "a.patch" as s\npatch a { cell x : s.a { } }\n')


def a_huge_line(folder: Path) -> str:
    with open(folder / "a.patch", "wb") as file:
        file.write(b"patchc 1 ")
        file.write(b"x" * 100_000_000)
    return "a.patch"


def a_line_just_within_the_limit(folder: Path) -> str:
    return _text(folder, "patchc 1\npatch a { " + "x" * 3_900_000 + " }\n")


def many_mistakes(folder: Path) -> str:
    return _text(folder, "patchc 1\n" + "cell cell cell\n" * 200_000)


def no_text(folder: Path) -> str:
    (folder / "a.patch").write_bytes(b"patchc 1\n\xff\xfe\x80")
    return "a.patch"


def zeros(folder: Path) -> str:
    (folder / "a.patch").write_bytes(b"\0" * 1000)
    return "a.patch"


def a_folder_like_a_file(folder: Path) -> str:
    (folder / "a.patch").mkdir()
    (folder / "b.patch").write_text(patch("tap x"))
    return "b.patch"


def missing(folder: Path) -> str:
    return "missing.patch"


def endless(folder: Path) -> str:
    return "/dev/zero"


def big_numbers(folder: Path) -> str:
    return _text(folder, patch(f"param p = {'9' * 1_000_000}\nparam q = 1e999999999"))


def big_sizes(folder: Path) -> str:
    return _text(folder, patch("cell a : harmonic(partials = 1000000000) { }\noutput main <- a"))


def _text(folder: Path, text: str) -> str:
    (folder / "a.patch").write_text(text)
    return "a.patch"


CASES = [
    many_cells,
    many_cells_by_patches,
    many_loops_in_loops,
    deep_brackets,
    deep_braces,
    deep_lists,
    a_long_sum,
    use_outside,
    use_absolute,
    use_through_a_link,
    use_itself,
    a_huge_line,
    a_line_just_within_the_limit,
    many_mistakes,
    no_text,
    zeros,
    a_folder_like_a_file,
    missing,
    endless,
    big_numbers,
    big_sizes,
]


def _busy() -> float:
    """Seconds that ended child processes have kept a core busy: what they take where nothing else runs."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_ends_in_a_diagnostic(case: Callable[[Path], str], tmp_path: Path) -> None:
    path = case(tmp_path)
    before = _busy()
    ran = subprocess.run(
        [sys.executable, "-m", "patchc", "check", "--format", "json", path],
        cwd=tmp_path,
        capture_output=True,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES)),
    )
    took = _busy() - before
    assert ran.returncode == 1, ran.stderr.decode()
    found = json.loads(ran.stdout)
    assert found["counts"]["error"] >= 1
    assert "P901" not in [one["code"] for one in found["diagnostics"]]
    assert took < SECONDS, f"{took:.1f} s"


def test_a_folder_is_searched_and_a_folder_called_like_a_patch_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.patch").mkdir()
    ran = subprocess.run(
        [sys.executable, "-m", "patchc", "check", "a.patch"], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 1
    assert "no .patch files in `a.patch`" in ran.stdout
