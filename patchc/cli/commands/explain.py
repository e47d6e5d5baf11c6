"""`patchc explain`: the page of a diagnostic code, or all that a word has to do with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from patchc.cli.options import Json

if TYPE_CHECKING:
    from patchc.source.diagnostic import Diagnostic

SECTION = "Look something up"
EXAMPLES = """
  patchc explain P302       what it means, why, a wrong and a right example
  patchc explain modulation codes, cells and parts of the language that a word has to do with
  patchc explain            all codes
"""


def _codes() -> list[tuple[str, str]]:
    from patchc.source.about import headline
    from patchc.source.explain import all_codes

    return [(code, headline(cls)) for code, cls in all_codes().items()]


def explain(
    context: typer.Context,
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", help="A code such as P302, or a word.", autocompletion=_codes)
    ] = None,
    json: Json = False,
) -> int:
    """Explain a diagnostic code, find what a word has to do with, or list all codes."""
    from patchc.cli.asking import chosen
    from patchc.cli.topics import about
    from patchc.source.explain import all_codes, as_page

    known = all_codes()
    if code is not None:
        word = code.upper()
        word = f"P{word}" if word.isdigit() else word
        if word not in known and not json and (lines := about(code, known)):
            context.obj.result(lines)
            return 0
        code = chosen(*_asked(code, word), known, _OTHERWISE)
    if json:
        context.obj.result(_as_json({code: known[code]} if code else known))
    elif code:
        context.obj.result(as_page(known[code], color=context.obj.paint.color))
    else:
        context.obj.result(_listed(context.obj.paint))
    return 0


_OTHERWISE = "`patchc explain` lists all codes, `patchc cells` all cells; try another word, such as `modulation`"


def _asked(typed: str, code: str) -> tuple[str, str]:
    """What was asked for: a code, or a word."""
    return ("code", code) if code[1:].isdigit() else ("code, cell or topic", typed)


def _listed(paint: Any) -> str:
    from patchc.source.about import headline
    from patchc.source.explain import by_group

    lines: list[str] = []
    for group, classes in by_group():
        lines += ["", paint("strong", group)] if lines else [paint("strong", group)]
        lines += [f"  {paint(str(cls.severity), cls.code)}  {headline(cls)}" for cls in classes]
    return "\n".join(lines) + "\n"


def _as_json(codes: dict[str, type[Diagnostic]]) -> str:
    import json

    from patchc.source.about import body, headline, said

    entries = [
        {
            "code": code,
            "headline": headline(cls),
            "page": body(cls),
            "severity": str(cls.severity),
            "category": str(cls.category),
            "stage": cls.stage,
            **dict(said(cls)),
        }
        for code, cls in codes.items()
    ]
    return json.dumps({"schema": 1, "codes": entries}, indent=2, ensure_ascii=False) + "\n"
