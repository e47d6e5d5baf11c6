"""`patchc version`: what is at work, for bug reports."""

from __future__ import annotations

import typer

from patchc.cli.options import Json

SECTION = "Look something up"
EXAMPLES = """
  patchc version
  patchc version --json
"""


def version(context: typer.Context, json: Json = False) -> int:
    """Print the versions of patchc and of what it stands on."""
    from patchc.cli.versions import versions

    found = versions()
    if json:
        from json import dumps

        context.obj.result(dumps({"schema": 1, "versions": found}, indent=2) + "\n")
    else:
        context.obj.result("".join(f"{name} {number}\n" for name, number in found.items()))
    return 0
