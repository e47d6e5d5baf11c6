"""What a diagnostic is: frozen data with a code, spans, typed facts and fixes; its text is one rendering of that data.

A code is one class that derives from `Diagnostic`, and thereby a frozen dataclass. It says the sentence, the rule and
the help as templates over its own fields; the docstring is the page that `patchc explain` prints. Every class registers
itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Self, dataclass_transform

from patchc.source.text import Span


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Category(StrEnum):
    """Whose problem it is."""

    PATCH = "patch"
    OPTIONS = "options"
    ENVIRONMENT = "environment"
    UNSUPPORTED = "unsupported"
    BUG = "bug"


@dataclass(frozen=True)
class Label:
    """A second place, with what is to be said about it."""

    span: Span
    text: str


@dataclass(frozen=True)
class Fix:
    """A replacement of one span; `safe` ones keep the meaning that was certainly intended."""

    span: Span
    replacement: str
    safe: bool = False


@dataclass_transform(frozen_default=True, kw_only_default=True)
@dataclass(frozen=True, kw_only=True)
class Diagnostic:
    """Something to say about a place in a source.

    A subclass becomes a dataclass when the first of it is made: there are more than a hundred, to make them all takes
    longer than to check a patch, and most runs need none.
    """

    registry: ClassVar[dict[str, type[Diagnostic]]] = {}

    code: ClassVar[str] = ""
    severity: ClassVar[Severity] = Severity.ERROR
    category: ClassVar[Category] = Category.PATCH
    stage: ClassVar[str] = ""
    title: ClassVar[str] = ""
    label: ClassVar[str] = ""
    rule: ClassVar[str] = ""
    help: ClassVar[str] = ""

    span: Span | None
    labels: tuple[Label, ...] = ()
    fixes: tuple[Fix, ...] = ()
    hint: str = field(default="", metadata={"doc": "replaces the class's `help` where more is known"})

    def __init_subclass__(cls, code: str = "", **options: object) -> None:
        super().__init_subclass__(**options)
        if code:
            cls.code = code
            Diagnostic.registry[code] = cls

    def __new__(cls, *_: Any, **__: Any) -> Self:
        for base in reversed(cls.__mro__):
            if issubclass(base, Diagnostic) and "__dataclass_fields__" not in base.__dict__:
                dataclass(frozen=True, kw_only=True)(base)
        return object.__new__(cls)

    def render(self, *, color: bool = False) -> str:
        """All of it, as `patchc check` prints it: the sentence, the place in the text, the rule and the help."""
        from patchc.source.render import as_text

        return as_text([self], color=color).rstrip()

    def __str__(self) -> str:
        """One line: place, severity, code, sentence."""
        place = f"{self.span!r}: " if self.span is not None else ""
        return f"{place}{self.severity}[{self.code}]: {self.message}"

    @property
    def message(self) -> str:
        """The one sentence, filled in."""
        return self._filled(self.title)

    @property
    def label_text(self) -> str:
        """What stands beside the caret."""
        return self._filled(self.label)

    @property
    def rule_text(self) -> str:
        return self._filled(self.rule)

    @property
    def help_text(self) -> str:
        return self.hint or self._filled(self.help)

    def _filled(self, template: str) -> str:
        return template.format_map(vars(self)) if template else ""


def has_errors(diagnostics: list[Diagnostic]) -> bool:
    return any(d.severity is Severity.ERROR for d in diagnostics)
