"""`patchc demo`: the examples, to hear and see."""

from __future__ import annotations

from typing import Annotated

import typer

from patchc.cli.amounts import seconds_option

SECTION = "Make sound"
EXAMPLES = """
  patchc demo                   into out/; then open out/index.html
  patchc demo -o page --only fm_bell
"""


def demo(
    context: typer.Context,
    output: Annotated[str, typer.Option("-o", "--output", metavar="FOLDER", help="Where the page goes.")] = "out",
    only: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Only this example, or this match.")] = None,
    budget: Annotated[float, seconds_option("What each match may take at most.", 1.0, 1e6, name="--budget")] = 40.0,
) -> int:
    """Render every example cell by cell, match recordings, and make a page of it all."""
    from patchc.cli.demo.run import Demo

    return Demo(context.obj, output, tuple(only or ()), budget).run()
