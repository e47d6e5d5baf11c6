"""Marks functions whose results a compiler of torch takes as they are, without loading that compiler."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def constant(function: Callable[P, R]) -> Callable[P, R]:
    """As `torch.compiler.assume_constant_result`, which takes four seconds to import what only compilers need."""
    function._dynamo_marked_constant = True  # type: ignore[attr-defined]
    return function
