"""From exceptions to exit codes: what a user can put right is a diagnostic, what only we can is a report to send."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

from patchc.cli.exits import Exit
from patchc.cli.screen import Screen
from patchc.source.diagnostic import Category, Diagnostic, Severity
from patchc.source.error import PatchError
from patchc.source.text import SET


def exit_code(diagnostics: Iterable[Diagnostic]) -> Exit:
    """OK without errors, USAGE if all errors are about how the command was given, else FINDINGS."""
    errors = [d for d in diagnostics if d.severity is Severity.ERROR]
    if not errors:
        return Exit.OK
    return Exit.USAGE if all(map(_of_the_command, errors)) else Exit.FINDINGS


def _of_the_command(error: Diagnostic) -> bool:
    """Whether the words of the command are wrong, and not a patch: a value of `--set` among them."""
    return error.category is Category.OPTIONS or (error.span is not None and error.span.source.name == SET)


def guarded(command: Callable[[], Any], words: Sequence[str]) -> int:
    """Runs a command and returns its exit code, whatever happens."""
    screen = _screen(words)
    try:
        code = command()
        sys.stdout.flush()
        return int(code or Exit.OK)
    except BrokenPipeError:
        return _unread()
    except SystemExit as stop:  # what typer makes of a broken pipe
        if isinstance(stop.__context__, BrokenPipeError):
            return _unread()
        raise
    except PatchError as error:
        screen.report(error.diagnostics)
        return exit_code(error.diagnostics) or Exit.FINDINGS
    except KeyboardInterrupt:
        screen.message("stopped")
        return Exit.INTERRUPTED
    except OSError as error:
        from patchc.cli.files import cannot_write

        screen.report([cannot_write(str(error.filename or "output"), error)])
        return Exit.FINDINGS
    except Exception as error:
        return (
            _misunderstood(error, screen, words)
            if hasattr(error, "format_message")
            else _internal(error, screen, words)
        )


def _unread() -> int:
    """Nobody reads any more. Python must not try to flush the rest when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115  (it stays open until the end)
    return Exit.OK


def _screen(words: Sequence[str]) -> Screen:
    """What the command would print through, from its words: it may have failed before it read them."""
    when = next((word for before, word in pairwise(words) if before == "--color"), "auto")
    return Screen(when if when in ("always", "never") else "auto", "--debug" in words)  # type: ignore[arg-type]


def _misunderstood(error: Any, screen: Screen, words: Sequence[str]) -> int:
    from patchc.cli.usage import hint_for
    from patchc.source.codes.options import BadCommand

    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        screen.message(error.format_message())
        return Exit.USAGE
    command = context.command_path if context else "patchc"
    near = getattr(error, "possibilities", None)
    hint = hint_for(error, words)
    what = getattr(error, "message", "") if near else error.format_message()
    what = what.strip().rstrip(".").replace("\n\t", " ")
    screen.report([BadCommand(span=None, what=what[:1].lower() + what[1:], command=command, hint=hint)])
    return Exit.USAGE


def _internal(error: Exception, screen: Screen, words: Sequence[str]) -> int:
    from patchc.source.codes.running import Internal

    trace = "".join(traceback.format_exception(error))
    where = _bug_report(trace, words)
    hint = f"please report it, with the patch and `{where}`, which says what happened"
    screen.report([Internal(span=None, what=f"{type(error).__name__}: {error}", hint=hint)])
    if screen.debug:
        screen.message(trace)
    return Exit.INTERNAL


def _bug_report(trace: str, words: Sequence[str]) -> str:
    """Writes what a report should hold into a file of the folder for temporary files, and returns its name."""
    from patchc.cli.versions import versions

    lines = [f"command: patchc {' '.join(words)}", f"system: {platform.platform()}"]
    lines += [f"{name}: {version}" for name, version in versions().items()]
    with tempfile.NamedTemporaryFile(
        "w", prefix="patchc-bug-", suffix=".txt", delete=False, encoding="utf-8", errors="backslashreplace"
    ) as file:
        file.write("\n".join([*lines, "", trace]))
    return file.name
