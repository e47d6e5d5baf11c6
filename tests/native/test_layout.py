"""Structures that Python fills for C++: the compiler refuses one that lies otherwise in memory."""

from __future__ import annotations

import ctypes
import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import patchc.dsp.native
import patchc.losses.spectra
from patchc.compiler.fused.call import Call
from patchc.native.layout import assertions, checks, mirrored
from patchc.native.library import header, load
from patchc.native.toolchain import CompileError


def structures() -> Iterator[type[ctypes.Structure]]:
    for package in (patchc.dsp.native, patchc.losses.spectra):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    return (made for made in ctypes.Structure.__subclasses__() if made.__module__.startswith("patchc."))


def test_every_structure_says_what_it_mirrors() -> None:
    found = set(structures())
    assert len(found) >= 11
    assert found <= mirrored()


def test_a_kernels_call_is_the_one_of_call_h() -> None:
    load("\n".join([header("call.h"), assertions("call.h")]))


@pytest.mark.parametrize("place", [0, 4, 7, -3])
def test_a_field_that_moved_is_refused(place: int) -> None:
    fields = list(Call._fields_)
    fields[place], fields[place + 1] = fields[place + 1], fields[place]
    moved = type("Call", (ctypes.Structure,), {"_fields_": fields})
    with pytest.raises(CompileError, match="laid out otherwise"):
        load("\n".join([header("call.h"), *checks("Call", moved)]))


def test_a_field_that_is_missing_is_refused() -> None:
    short = type("Call", (ctypes.Structure,), {"_fields_": list(Call._fields_)[:-1]})
    with pytest.raises(CompileError, match="laid out otherwise"):
        load("\n".join([header("call.h"), *checks("Call", short)]))
