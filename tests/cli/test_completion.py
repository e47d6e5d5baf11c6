"""What the shell offers behind half a word: commands, options, cell types, codes, and what a patch itself names."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest

from patchc.cells.registry import cell_names

Apart = Callable[..., "subprocess.CompletedProcess[bytes]"]


def offered(apart: Apart, line: str) -> list[str]:
    words = line.split(" ")
    variables = {"_PATCHC_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    return apart(**variables).stdout.decode().split()


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("patchc ch", ["check"]),
        ("patchc check --fo", ["--format"]),
        ("patchc check --format g", ["github"]),
        ("patchc cells lowpas", ["lowpass", "lowpassfilter"]),
        ("patchc explain P30", ["P301", "P302"]),
        ("patchc graph tone.patch --patch ", ["tone"]),
        ("patchc render tone.patch --set vcf.c", ["vcf.cutoff="]),
        ("patchc match beep.wav tone.patch --set pi", ["pitch="]),
        ("patchc render missing.patch --set pi", []),
    ],
)
def test_offers(line: str, wanted: list[str], apart: Apart, good: str) -> None:
    assert offered(apart, line)[: len(wanted)] == wanted


def test_every_cell_type_is_offered(apart: Apart) -> None:
    assert offered(apart, "patchc cells ") == list(cell_names())
