"""The page of a code, as text for the terminal and as Markdown: read off its class, so the two can never disagree."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from patchc.source.about import Code, body, headline, said
from patchc.source.codes import load_all
from patchc.source.diagnostic import Diagnostic
from patchc.source.render.paint import Paint


def all_codes() -> dict[str, Code]:
    """Every registered code, in order."""
    load_all()
    return dict(sorted(Diagnostic.registry.items()))


def by_group() -> Iterator[tuple[str, list[Code]]]:
    """The codes file by file, each group with the first line of its file as its name."""
    groups: dict[str, list[Code]] = {}
    for cls in all_codes().values():
        groups.setdefault(cls.__module__, []).append(cls)
    for module, classes in groups.items():
        yield (sys.modules[module].__doc__ or module).partition("\n")[0].rstrip("."), classes


def as_page(cls: Code, color: bool = False) -> str:
    """The page for a terminal; ends with a line end."""
    paint = Paint(color)
    kind = ", ".join(filter(None, (str(cls.severity), cls.stage)))
    parts = [paint(str(cls.severity), cls.code) + paint("strong", f": {headline(cls)}") + paint("dim", f" ({kind})")]
    parts += filter(None, [_painted(body(cls), paint)])
    parts.append("\n".join(f"{paint('gutter', '=')} {paint('strong', word)}: {text}" for word, text in said(cls)))
    return "\n\n".join(parts) + "\n"


def as_markdown(cls: Code, examples: Sequence[tuple[str, str]] = ()) -> str:
    """A section of docs/codes.md; `examples` are pairs of a patch and what is said about it."""
    parts = [f'<a id="{cls.code.lower()}"></a>', f"### {cls.code}: {headline(cls)}"]
    kind = (("severity", cls.severity), ("category", cls.category), ("stage", cls.stage))
    parts.append(" · ".join(f"{word} `{value}`" for word, value in kind if value))
    parts += filter(None, [body(cls)])
    parts.append("\n".join(f"- {word}: {text}" for word, text in said(cls)))
    for patch, text in examples:
        parts.append(f"A patch with this mistake:\n\n```text\n{patch.rstrip()}\n```")
        parts.append(f"What is said about it:\n\n```text\n{text.rstrip()}\n```")
    return "\n\n".join(parts) + "\n"


def _painted(text: str, paint: Paint) -> str:
    """Indented lines (examples) stand out."""
    return "\n".join(paint("second", line) if line.startswith("    ") else line for line in text.splitlines())
