"""What a code says about itself: the parts of its page, read off its class."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

from patchc.source.diagnostic import Diagnostic

Code = type[Diagnostic]


def headline(cls: Code) -> str:
    """The first line of the docstring."""
    return inspect.cleandoc(cls.__doc__ or cls.title).partition("\n")[0]


def body(cls: Code) -> str:
    """The docstring below its first line."""
    return inspect.cleandoc(cls.__doc__ or "").partition("\n")[2].strip("\n")


def said(cls: Code) -> Iterator[tuple[str, str]]:
    """What a message of this code says, part by part."""
    for word, template in (("message", cls.title), ("rule", cls.rule), ("help", cls.help)):
        if template:
            yield word, spoken(template)


def spoken(template: str) -> str:
    """A template with its fields shown as gaps: "`{reader}` hears" becomes "`<reader>` hears"."""
    return re.sub(r"\{(\w+)[^}]*\}", r"<\1>", template).replace("{{", "{").replace("}}", "}")
