"""What `patchc fmt` does with files: rewrites them, or says or shows what would change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import unified_diff

from patchc.cli.files import patches, write
from patchc.cli.loading import text_of, tree_of
from patchc.cli.screen import Screen
from patchc.source.diagnostic import Diagnostic, has_errors
from patchc.source.error import PatchError
from patchc.source.render.paint import Paint
from patchc.source.text import Source
from patchc.syntax import tree


@dataclass
class Formatter:
    """`changed` counts the files that were, or would be, rewritten."""

    screen: Screen
    write: bool
    diff: bool
    layers: bool | None
    changed: int = field(default=0, init=False)
    same: int = field(default=0, init=False)

    def all(self, paths: Sequence[str]) -> bool:
        """Formats every file; what cannot be is said and left alone. Whether all could be."""
        found: list[Diagnostic] = []
        for path in patches(paths):
            try:
                self.one(path)
            except PatchError as error:
                found += error.diagnostics
        self.screen.report(found)
        if list(paths) != ["-"]:
            self.screen.message(self._counted())
        return not found

    def one(self, path: str | Diagnostic) -> None:
        if isinstance(path, Diagnostic):
            raise PatchError([path])
        source = text_of(path)
        text = formatted(source, self.layers)
        differs = text != source.text
        self.changed += differs
        self.same += not differs
        if self.diff:
            self.screen.result("".join(_diff(source, text, self.screen.paint)))
        elif self.write and (differs or path == "-"):
            write(path, text)
        elif differs:
            self.screen.message(f"would reformat {path}")

    def _counted(self) -> str:
        done = "reformatted" if self.write else "would be reformatted"
        parts = [(self.changed, done), (self.same, "left as they were" if self.same != 1 else "left as it was")]
        return ", ".join(f"{n} file{'s' if n != 1 else ''} {what}" for n, what in parts if n) or "no files"


def formatted(source: Source, layers: bool | None) -> str:
    """The canonical text. Raises `PatchError` for syntax errors, and with `layers` for any error."""
    from patchc.syntax.format import format_file

    file = tree_of(source)
    if not layers:
        return format_file(file, no_layers=layers is False)
    from patchc.cli.layering import layers_of
    from patchc.graph.load import check_source

    found = check_source(source)
    if has_errors(found):
        raise PatchError(found)
    return format_file(file, layers={p.name.text: layers_of(p) for p in file.items if isinstance(p, tree.Patch)})


def _diff(source: Source, text: str, paint: Paint) -> Iterator[str]:
    old, new = source.text.splitlines(keepends=True), text.splitlines(keepends=True)
    styles = {"+": "good", "-": "error", "@": "gutter"}
    for line in unified_diff(old, new, source.name, f"{source.name} (formatted)"):
        shown = line if line.endswith("\n") else f"{line}\n\\ no line end\n"
        yield paint(styles[line[0]], shown) if line[0] in styles else shown
