"""The entry point: the options of all commands, and the commands."""

from __future__ import annotations

import gc
import os
import sys
from typing import Annotated

import typer

from patchc.cli.exits import MEANING
from patchc.cli.group import SETTINGS, Commands
from patchc.cli.screen import Screen, When

_EXITS = "\n".join(f"  {code:>3}  {meaning}" for code, meaning in MEANING.items())
EPILOG = f"""\b
Every command explains itself: patchc COMMAND --help. A new patch: patchc new voice.patch.
\b
Exit codes:
{_EXITS}"""

app = typer.Typer(
    cls=Commands,
    name="patchc",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    epilog=EPILOG,
    context_settings=SETTINGS,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from patchc.cli.versions import versions

        typer.echo(f"patchc {versions()['patchc']}")
        raise typer.Exit


@app.callback()
def patchc(
    context: typer.Context,
    color: Annotated[When, typer.Option(help="Colours in the output; also NO_COLOR and FORCE_COLOR.")] = "auto",
    debug: Annotated[bool, typer.Option("--debug", help="Show where an internal error comes from.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version, and stop.")
    ] = False,
) -> None:
    """Compiles .patch files into differentiable instruments, checks, draws and plays them."""
    context.obj = Screen(color, debug)


def run() -> None:
    """The command `patchc`."""
    # A short command makes no garbage worth the time of looking for it, and a long one makes enough to reach this.
    gc.set_threshold(100_000, 50, 100)
    # pydantic would look through every installed package for plugins, each time.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        app()
    except SystemExit as stop:
        # Everything is written and closed. Taking all modules apart again would take longer than many a command.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(int(stop.code or 0))
