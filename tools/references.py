"""Writes the generated pages and pictures in docs/ from the program itself: `python tools/references.py`."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NOTE = "<!-- Made by tools/references.py from the program itself; a test compares the two. -->"


def pages() -> dict[str, str]:
    """Path and text of every generated page."""
    return {
        "docs/codes.md": codes_page(),
        "docs/cells.md": cells_page(),
        "docs/cli.md": cli_page(),
        "docs/pictures/subtractive.svg": drawing("subtractive"),
    }


def drawing(example: str) -> str:
    """The graph of an example, as SVG."""
    from patchc.graph.draw.svg import draw
    from patchc.graph.load import load_graph
    from patchc.source.text import Source

    path = ROOT / f"examples/{example}.patch"
    graph, _ = load_graph(Source(path.name, path.read_text(encoding="utf-8")), root=path.parent)
    assert graph is not None
    return draw(graph)


def take_picture(example: str) -> None:
    """How every cell of an example sounds, as PNG: not compared, since fonts differ between machines."""
    patch = str(ROOT / f"examples/{example}.patch")
    command = [sys.executable, "-m", "patchc", "render", patch, "--seconds", "1", "--picture", "-o"]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*command, f"{folder}/{example}.wav"], check=True, cwd=ROOT)
        shutil.copy(f"{folder}/{example}.png", ROOT / f"docs/pictures/{example}.png")


def codes_page() -> str:
    from patchc.source.explain import as_markdown, by_group

    parts = ["# Codes", NOTE, "Everything patchc can say about a patch or a command. `patchc explain P302` prints one."]
    for group, classes in by_group():
        parts.append(f"## {group}")
        parts += [as_markdown(cls, list(_examples(cls.code))).rstrip() for cls in classes]
    return "\n\n".join(parts) + "\n"


def _examples(code: str) -> Iterator[tuple[str, str]]:
    """The first golden pair of a code."""
    for patch in sorted((ROOT / "tests/errors").glob(f"{code}_*.patch"))[:1]:
        yield patch.read_text("utf-8"), patch.with_suffix(".txt").read_text("utf-8")


def cells_page() -> str:
    from patchc.cells.page import markdown
    from patchc.cells.registry import cell_names, find_cell

    found = [cell for name in cell_names() if (cell := find_cell(name)) and cell.spec.origin == "patchc"]
    intro = "Every cell type that comes with patchc. `patchc cells svf` prints one."
    return "\n\n".join(["# Cells", NOTE, intro, *(markdown(cell.spec).rstrip() for cell in found)]) + "\n"


def cli_page() -> str:
    from typer.main import get_command

    from patchc.cli.group import SECTIONS, Commands, built, module
    from patchc.cli.main import app

    whole: Any = get_command(app)
    parts = ["# The command line", NOTE, _help("patchc", whole)]
    names = Commands.list_commands(whole, None)
    for section in SECTIONS:
        parts.append(f"## {section}")
        for name in names:
            if section == module(name).SECTION:
                parts += [f"### patchc {name}", _help(f"patchc {name}", built(name))]
    return "\n\n".join(parts) + "\n"


def _help(path: str, command: Any) -> str:
    context = command.context_class(command, info_name=path, terminal_width=100, help_option_names=["-h", "--help"])
    return f"```text\n{command.get_help(context).rstrip()}\n```"


def main() -> None:
    for path, text in pages().items():
        (ROOT / path).write_text(text, encoding="utf-8")
        print(f"wrote {path}: {len(text.splitlines())} lines")
    take_picture("subtractive")


if __name__ == "__main__":
    sys.exit(main())
