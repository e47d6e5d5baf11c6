"""Plain arguments of the Python API: rates, lengths, seeds and counts, refused by name where they do not fit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any

import torch
from torch import Tensor

from patchc.source.codes.running import BadValue
from patchc.source.error import PatchError
from patchc.source.suggest import nearest

MOST_SEED = 2**63
"""Seeds are 64-bit whole numbers: from minus this to one below it."""

_SEED = "a whole number of 64 bits, or one for each sound"


def bad_argument(name: str, value: str, expected: str) -> PatchError:
    """P607: the argument called `name` cannot be `value`, it is `expected`."""
    return PatchError([BadValue(span=None, name=name, value=value, expected=expected)])


def holds(condition: Tensor) -> bool:
    """Whether a condition holds everywhere; taken for granted where torch does not let one look (compiled, vmapped)."""
    if torch.compiler.is_compiling():
        return True
    try:
        return bool(condition.all())
    except RuntimeError:
        return True


def within(tensor: Tensor, low: float, high: float) -> bool:
    """Whether all of `tensor` lies from `low` to `high`, by its ends: in a tenth of the time of looking at each number.
    NaN lies nowhere. Taken for granted where torch does not let one look."""
    if torch.compiler.is_compiling() or not tensor.numel():
        return True
    ends = torch.aminmax(tensor.detach())  # NaN, where there is one
    return holds((ends.min >= low) & (ends.max <= high))


def whole(name: str, value: Any, low: int, high: int | None = None) -> int:
    """`value` as an int from `low` to `high`. Raises `PatchError` (P607) for fractions, text, and what lies outside."""
    expected = f"a whole number from {low}" + (f" to {high}" if high is not None else " up")
    fits = _real(value) and math.isfinite(value) and value == int(value) and value >= low
    if not fits or (high is not None and value > high):
        raise bad_argument(name, _shown(value), expected)
    return int(value)


def one_of(name: str, value: Any, words: Sequence[str]) -> str:
    """`value`, which is one of `words`. Raises `PatchError` (P607) for anything else."""
    if value not in words:
        close = nearest(value, words) if isinstance(value, str) else None
        hint = f"did you mean `{close}`?" if close else ""
        expected = f"one of {', '.join(words)}"
        raise PatchError([BadValue(span=None, name=name, value=_shown(value), expected=expected, hint=hint)])
    return str(value)


def positive(name: str, value: Any) -> float:
    """`value` as a float above zero. Raises `PatchError` (P607) for anything else."""
    if not _real(value) or not 0 < value < math.inf:
        raise bad_argument(name, _shown(value), "a number above zero")
    return float(value)


def float_type(value: Any) -> torch.dtype:
    """`value`, if it is one of torch's float types. Raises `PatchError` (P607) for anything else."""
    if not isinstance(value, torch.dtype) or not value.is_floating_point:
        raise bad_argument("dtype", str(value), "a float type such as `torch.float32`")
    return value


def seconds_of(value: Any) -> float:
    """A length in seconds. Raises `PatchError` (P607) for tensors, text, and what is not finite."""
    if torch.compiler.is_compiling():
        length: float = value
        return length
    if not _real(value) or not math.isfinite(value):
        raise bad_argument("seconds", _shown(value), "a length above zero, in seconds, as a plain number")
    return float(value)


def seed_of(value: Any) -> int | Tensor:
    """A seed for all sounds, or int64 `[batch]` for one each; a list is taken as the latter.

    Raises `PatchError` (P607) for fractions, text, and what 64 bits do not hold: two seeds that look different never
    mean the same noise, nor the other way round.
    """
    if isinstance(value, Tensor):
        return _seeds(value)
    if _integer(value):
        return one_seed(value)
    if isinstance(value, Sequence) and not isinstance(value, str | bytes) and value:
        return torch.tensor([one_seed(one) for one in value], dtype=torch.int64)
    raise bad_argument("seed", _shown(value), _SEED)


def one_seed(value: Any) -> int:
    """One seed, as an int. Raises `PatchError` (P607)."""
    if not _integer(value) or not -MOST_SEED <= value < MOST_SEED:
        raise bad_argument("seed", _shown(value), _SEED)
    return int(value)


def _seeds(value: Tensor) -> Tensor:
    if value.is_floating_point() or value.is_complex() or value.dtype is torch.bool or value.ndim > 1:
        raise bad_argument("seed", f"a {_kind(value)}", _SEED)
    return value.to(torch.int64)


def _real(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _integer(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    """What was given, in few words: numbers and text as they are, anything else by its type."""
    if isinstance(value, Tensor):
        return f"a {_kind(value)}"
    if isinstance(value, str | int | float | complex):
        text = repr(value)
        return text if len(text) <= 40 else f"{text[:37]}..."
    return f"a {type(value).__name__}"


def _kind(tensor: Tensor) -> str:
    return f"{str(tensor.dtype).removeprefix('torch.')} tensor [{', '.join(map(str, tensor.shape))}]"
