"""The group of commands: found by folder, loaded one at a time, listed by section; exceptions become exit codes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import typer
from typer.core import TyperGroup

from patchc.cli import commands
from patchc.cli.faults import guarded
from patchc.cli.words import arranged
from patchc.source.error import PatchError

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 110}
SECTIONS = ("Write a patch", "Look inside", "Make sound", "Look something up")


class Commands(TyperGroup):
    """All commands of the folder `commands`."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [file.name for file in iter_modules(commands.__path__)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.commands and cmd_name in self.list_commands(ctx):
            self.commands[cmd_name] = built(cmd_name)
        return self.commands.get(cmd_name)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list of commands, section by section."""
        found = {name: module(name) for name in self.list_commands(ctx)}
        for section in SECTIONS:
            names = [name for name, file in found.items() if section == file.SECTION]
            with formatter.section(section):
                formatter.write_dl([(name, self.get_command(ctx, name).get_short_help_str(100)) for name in names])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        known = self.list_commands(ctx)
        if args[0] in known or args[0].startswith("-"):
            return super().resolve_command(ctx, args)
        raise unknown_command(args[0], known)

    def main(self, args: Sequence[str] | None = None, *_: Any, **extra: Any) -> Any:
        words = arranged(sys.argv[1:] if args is None else args)
        extra.update(standalone_mode=False, prog_name="patchc")
        sys.exit(guarded(lambda: super(Commands, self).main(words, **extra), words))


def unknown_command(word: str, known: Sequence[str]) -> PatchError:
    from patchc.source.codes.options import BadCommand
    from patchc.source.synonyms.commands import COMMANDS

    guess = COMMANDS.guess(word, known)
    hint = guess.hint
    if guess.name:
        hint = f"`patchc {guess.name}` does it" if guess.safe else f"did you mean `patchc {guess.name}`?"
    elif guess.entry:
        hint = f"there is none; the nearest is `patchc {guess.entry.target}`: {guess.entry.note}"
    return PatchError([BadCommand(span=None, what=f"there is no command `{word}`", command="patchc", hint=hint)])


def module(name: str) -> ModuleType:
    return import_module(f"{commands.__name__}.{name}")


def built(name: str) -> Any:
    """The command in the file `name`, with its examples below its help."""
    file = module(name)
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    examples = file.EXAMPLES.strip("\n")
    alone.command(name, epilog=f"\b\nExamples:\n{examples}", context_settings=SETTINGS)(getattr(file, name))
    return typer.main.get_command(alone)
