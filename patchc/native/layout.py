"""C structures that Python fills: that both sides lay them out alike is checked by the compiler, not by hope."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import TypeVar

Made = TypeVar("Made", bound=type[ctypes.Structure])

_mirrors: dict[str, list[tuple[str, type[ctypes.Structure]]]] = {}


def mirrors(file: str, name: str) -> Callable[[Made], Made]:
    """Says of a `ctypes` structure that it is the C++ structure `name` of `file`."""

    def register(made: Made) -> Made:
        _mirrors.setdefault(file, []).append((name, made))
        return made

    return register


def assertions(file: str) -> str:
    """What goes behind the text of `file`: it compiles only if every structure has the size and the offsets that Python
    reckons with. A field that moved on one side is a `CompileError`, and not memory read as something else."""
    return "\n".join(line for name, made in _mirrors.get(file, ()) for line in checks(name, made))


def mirrored() -> set[type[ctypes.Structure]]:
    """Every structure of which it is said."""
    return {made for each in _mirrors.values() for _, made in each}


def checks(name: str, made: type[ctypes.Structure]) -> list[str]:
    """The assertions for the C++ structure `name`, one for its size and one for each field."""
    places = [(field, getattr(made, field).offset) for field, *_ in made._fields_]
    whole = f"sizeof({name}) == {ctypes.sizeof(made)}"
    each = [f"__builtin_offsetof({name}, {field}) == {offset}" for field, offset in places]
    return [f'static_assert({check}, "{name} is laid out otherwise in Python");' for check in (whole, *each)]
