"""Reads the files that `use` brings in: each once, none from outside the project, none in a circle."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from patchc.graph.broken import words_of, words_on
from patchc.graph.report import Report
from patchc.graph.twice import given_twice, statements
from patchc.source.codes.names import DeclaredTwice
from patchc.source.codes.using import UseCircle, UseMissing, UseOutside
from patchc.source.diagnostic import Label
from patchc.source.read import read_source
from patchc.source.text import Source
from patchc.syntax import tree
from patchc.syntax.layout import ends_inside
from patchc.syntax.parser import parse


@dataclass(eq=False)
class Module:
    """One file: its patches by name, and the files it uses by alias (None for one that could not be read)."""

    name: str
    file: tree.File
    path: Path | None
    patches: dict[str, tree.Patch] = field(default_factory=dict)
    uses: dict[str, Module | None] = field(default_factory=dict)
    error_lines: frozenset[int] = frozenset()  # lines that the parser complains about
    unknown_declarations: frozenset[str] = frozenset()  # words of what could not be parsed: they may have been names


def used_files(source: Source) -> Iterator[tuple[str, str]]:
    """The files that a patch uses, and those use: their paths from where it lies, and their text.

    Raises `OSError` for one that cannot be read any more.
    """
    waiting, seen = [PurePath()], set()
    while waiting:
        here = waiting.pop()
        text = source.text if here == PurePath() else (Path(source.name).parent / here).read_text(encoding="utf-8")
        if here != PurePath():
            yield str(here), text
        for item in parse(Source(str(here), text))[0].items:
            if isinstance(item, tree.Use) and (path := here.parent / item.path.text) not in seen:
                seen.add(path)
                waiting.append(path)


def load_modules(source: Source, root: Path | None, say: Report) -> Module:
    """The file `source` and all it uses. What is wrong with them goes to `say`.

    `root` is the folder that nothing may be read outside of; None is the folder of `source`.
    """
    path = None if source.name.startswith("<") else Path(source.name).resolve()
    home = (root or (path.parent if path else Path())).resolve()
    files = _Files(home, say)
    first = files.add(source, path)
    while files.waiting:
        files.use(*files.waiting.pop(0))
    _find_circles(first, files, say)
    return first


class _Files:
    """The files read so far, and the `use` lines still to be followed."""

    def __init__(self, home: Path, say: Report) -> None:
        self.home = home
        self.say = say
        self.modules: dict[Path, Module] = {}
        self.waiting: list[tuple[Module, tree.Use]] = []
        self.edges: dict[int, list[tuple[tree.Use, Module]]] = {}

    def add(self, source: Source, path: Path | None) -> Module:
        file, said = parse(source)
        self.say.parsed(said)
        error_lines = frozenset(diagnostic.span.line for diagnostic in said if diagnostic.span is not None)
        unknown_declarations = words_on(source, error_lines)
        if ends_inside(source, said):
            unknown_declarations |= words_on(source, self._ending(source, file))
        module = Module(
            Path(source.name).name, file, path, error_lines=error_lines, unknown_declarations=unknown_declarations
        )
        if path:
            self.modules[path] = module
        self._declare(module)
        return module

    def _ending(self, source: Source, file: tree.File) -> set[int]:
        """The lines that a file breaks off in: the last one, of which nothing more is said, and the last cell's."""
        last = source.place(len(source.text.rstrip()))[0]
        self.say.parse_errors(source, last)
        patches = [item for item in file.items if isinstance(item, tree.Patch)]
        cells = [node for node in statements(patches[-1].body) if isinstance(node, tree.Cell)] if patches else []
        return {last, *(cell.name.span.line for cell in cells[-1:])}

    def use(self, module: Module, use: tree.Use) -> None:
        found = self._find(module, use)
        module.uses[use.alias.text] = found
        if found:
            self.edges.setdefault(id(module), []).append((use, found))

    def _declare(self, module: Module) -> None:
        places: dict[str, tree.Name] = {}
        unknown_declarations = set(module.unknown_declarations)
        for item in module.file.items:
            if isinstance(item, tree.Broken):
                unknown_declarations |= words_of(item)
                continue
            name = item.name if isinstance(item, tree.Patch) else item.alias
            if not name.text:
                continue  # mended where it could not be read
            if name.text in places:
                label = Label(places[name.text].span, "first declared here")
                self.say(DeclaredTwice(span=name.span, labels=(label,), name=name.text))
                continue
            places[name.text] = name
            if isinstance(item, tree.Patch):
                module.patches[name.text] = item
                self.say.extend(given_twice(item))
            else:
                module.uses[name.text] = None
                self.waiting.append((module, item))
        module.unknown_declarations = frozenset(unknown_declarations)

    def _find(self, module: Module, use: tree.Use) -> Module | None:
        """The file that `use` names, read if it was not yet. Nothing outside `home` is even looked at."""
        folder = module.path.parent if module.path else self.home
        try:
            path = (folder / use.path.text).resolve()
            if not path.is_relative_to(self.home):
                self.say(UseOutside(span=use.path.span, path=use.path.text))
                return None
            known = path in self.modules or path.exists()
        except (OSError, ValueError, RuntimeError):
            path, known = folder, False
        if not known:
            self.say(UseMissing(span=use.path.span, path=use.path.text, looked=f"`{use.path.text}` {_beside(module)}"))
            return None
        return self.modules.get(path) or self._read(module, use, path)

    def _read(self, module: Module, use: tree.Use, path: Path) -> Module | None:
        read = read_source(path)
        if isinstance(read, Source):
            shown = Path(module.file.source.name).parent / use.path.text if module.path else Path(use.path.text)
            return self.add(Source(shown.as_posix(), read.text), path)
        self.say(dataclasses.replace(read, span=use.path.span))
        return None


def _beside(module: Module) -> str:
    return f"beside {module.name}" if module.path else "in the project's folder"


def _find_circles(first: Module, files: _Files, say: Report) -> None:
    """Walks the files depth first; a `use` of a file that is still open closes a circle, and is cut."""
    done: set[int] = set()
    open_: list[Module] = [first]
    steps: list[Iterator[tuple[tree.Use, Module]]] = [iter(files.edges.get(id(first), ()))]
    while steps:
        step = next(steps[-1], None)
        if step is None:
            steps.pop()
            done.add(id(open_.pop()))
            continue
        use, module = step
        if module in open_:
            circle = [*open_[open_.index(module) :], module]
            say(UseCircle(span=use.path.span, circle=" -> ".join(part.name for part in circle)))
            open_[-1].uses[use.alias.text] = None
        elif id(module) not in done:
            open_.append(module)
            steps.append(iter(files.edges.get(id(module), ())))
