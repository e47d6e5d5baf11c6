"""What every node of the tree of a patch is: a frozen dataclass that knows the span it was written at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar, dataclass_transform

from patchc.source.text import Span

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def node(cls: type[T]) -> type[T]:
    """A frozen dataclass; comparison, hash and text come from `Node`, as making them for each class takes time."""
    cls.__doc__ = cls.__doc__ or cls.__name__
    return dataclass(frozen=True, eq=False, repr=False)(cls)


@node
class Node:
    span: Span

    def __eq__(self, other: Any) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash(tuple(vars(self).values()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{key}={value!r}' for key, value in vars(self).items())})"
