"""One patch definition on its way from statements to a `Body`, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patchc.cells.spec import Kind
from patchc.graph.body import Body, ExpansionSize, LocalCell, LocalInput, LocalOutput, LocalParam, LocalSet, LocalTap
from patchc.graph.channels import CHANNELS
from patchc.graph.expansion_size import expansion_size, measure
from patchc.graph.imports import Module
from patchc.graph.layers import check_layers
from patchc.graph.literals import loss_of, meta_of
from patchc.graph.model import Const, Value, Verb
from patchc.graph.resolve_cables import Cables
from patchc.graph.resolve_cells import Binder, Draft, ports_of
from patchc.graph.resolve_instances import Instances, only_inputs
from patchc.graph.resolve_paths import Paths
from patchc.graph.resolve_types import PatchType, Types, width_of
from patchc.graph.resolve_values import Values
from patchc.graph.rewording import as_cables, refs
from patchc.graph.scope import Decl, Scope, What, index_text, ref_parts, ref_text
from patchc.graph.targets import Target
from patchc.graph.unroll import Item, Unroller
from patchc.source.codes.names import DeclaredTwice
from patchc.source.codes.plugs import NoOutput, SignalAsNumber, Unsupported, Unused, UnusedCell
from patchc.source.codes.sizes import BadLoop, TooMany
from patchc.source.diagnostic import Fix, Label
from patchc.source.text import Span
from patchc.syntax import tree

if TYPE_CHECKING:
    from patchc.graph.resolve import Resolver

_DECLARING = {tree.Input: What.INPUT, tree.Param: What.PARAM, tree.Cell: What.CELL, tree.Output: What.OUTPUT}

_USES = {"audio": "in <- {}", "gate": "gate <- {}", "control": "port = {}", "param": "port = {}"}


class Definition:
    """Resolves one patch with its sizes fixed."""

    def __init__(self, resolver: Resolver, module: Module, patch: tree.Patch, sizes: dict[str, Const]) -> None:
        self.resolver = resolver
        self.say = resolver.say
        self.patch = patch
        limits = resolver.limit.cells, resolver.spent, resolver.total
        name, unknown = patch.name.text, module.unknown_declarations
        self.unroller = Unroller(name, self.say, *limits, module.error_lines, unknown_declarations=set(unknown))
        self.scope = Scope(name, sizes, self.say, resolver.limit.parts, unknown_declarations=set(unknown))
        self.values = Values(self.scope)
        self.cables = Cables(self.scope, self.values)
        self.types = Types(module, patch, self.values, resolver.vocabulary)
        self.binder = Binder(self.scope, self.values, self.cables)
        self.instances = Instances(self.scope, self.binder)
        self.paths = Paths(self.scope)
        self.decls: list[Decl] = []
        self.body = Body(patch, sizes, self.scope)
        self.weights: list[tuple[Span, ExpansionSize]] = []

    def resolve(self) -> Body:
        """All steps. What cannot be understood is reported and left out; the rest is complete."""
        self._unroll()
        self._declare()
        self._numbers()
        self._types()
        self._cells()
        self._outputs()
        self._others()
        self._check()
        measure(self.body, self.weights, self.resolver.limit, self.say)
        return self.body

    def _unroll(self) -> None:
        self.unroller.walk(self.patch.body, dict(self.body.sizes))
        self.resolver.spent += len(self.unroller.items)
        self._bound()
        self.scope.unknown_declarations |= self.unroller.unknown_declarations
        nameless = any(not generic.name.text for generic in self.patch.generics)
        self.scope.declares_anything = self.unroller.declares_anything or nameless
        self.body.layers, self.body.partial = self.unroller.layers, self.unroller.partial

    def _bound(self) -> None:
        """A patch with too many cells is not looked at, however they were written."""
        count, limit = sum(isinstance(item.node, tree.Cell) for item in self.unroller.items), self.resolver.limit.cells
        if count > limit:
            self.unroller.items.clear()
            self.unroller.partial = True
            name = self.patch.name
            self.say(TooMany(span=name.span, patch=name.text, count=count, things="cells", limit=limit, here=count))

    # --- declarations

    def _declare(self) -> None:
        for item in self.unroller.items:
            what = _DECLARING.get(type(item.node))
            if what is not None and isinstance(item.node, tree.Input | tree.Param | tree.Cell | tree.Output):
                self._declare_one(item.node, what, item)
        for variable in self.unroller.variables:
            if variable.text in self.scope.decls and variable.text not in self.scope.decls[variable.text].env:
                self._twice(variable.span, variable.text, self.scope.decls[variable.text].span)

    def _declare_one(self, node: tree.Input | tree.Param | tree.Cell | tree.Output, what: What, item: Item) -> None:
        name = node.name.text if isinstance(node, tree.Output) else ref_text(node.name, item.env)
        self._check_index(node, item)
        decl = Decl(name, what, node.name.span, node, item.env, item.order, item.layer)
        self.decls.append(decl)
        earlier = self.scope.declare(decl)
        variable = self._variable(name, item)
        if variable is not None:
            self._twice(decl.span, name, variable.span)
        elif earlier is not None:
            self._twice(decl.span, name, earlier.span, _which_to_rename(decl, earlier))
        elif name in self.body.sizes:
            generic = next(generic for generic in self.patch.generics if generic.name.text == name)
            self._twice(decl.span, name, generic.name.span)

    def _variable(self, name: str, item: Item) -> tree.Name | None:
        """The variable of that name of a loop around a statement."""
        if name not in item.env or name in self.body.sizes:
            return None
        return next(variable for variable in self.unroller.variables if variable.text == name)

    def _check_index(self, node: tree.Input | tree.Param | tree.Cell | tree.Output, item: Item) -> None:
        """A loop variable with a unit cannot stand in a name."""
        for part in () if isinstance(node, tree.Output) else node.name.parts:
            value = item.env.get(part.index) if isinstance(part.index, str) else None
            if isinstance(value, Const) and value.unit:
                what = f"`{part.index}` is {index_text(value)} {value.unit} here, which cannot stand in a name"
                self.say(BadLoop(span=node.name.span, what=what))

    def _twice(self, span: Span, name: str, first: Span, hint: str = "") -> None:
        if span == first:
            hint = "the loop declares it again each time round: put its variable into the name, as in `osc[k]`"
            self.say(DeclaredTwice(span=span, name=name, hint=hint))
        else:
            self.say(DeclaredTwice(span=span, name=name, hint=hint, labels=(Label(first, "first declared here"),)))

    # --- inputs and params

    def _numbers(self) -> None:
        items = self.unroller.items
        for decl in self.decls:
            if isinstance(decl.node, tree.Input):
                self._input(decl, decl.node, items[decl.order])
            elif isinstance(decl.node, tree.Param):
                self._param(decl, decl.node, items[decl.order])

    def _input(self, decl: Decl, node: tree.Input, item: Item) -> None:
        width = width_of(node, item.env, self.scope)
        value = Value(width=width, span=node.span) if width > 1 else None
        if node.value is not None and node.kind != "control":
            article = "an" if node.kind == "audio" else "a"
            what = f"`{decl.name}` is {article} {node.kind} input, which has no value of its own"
            span = node.value.span
            before = span.source.text[: span.start].rstrip().removesuffix("=").rstrip()
            fix = Fix(span.source.span(len(before), span.end), "")
            hint = "leave the value out: it comes from outside"
            self.say(Unsupported(span=span, what=what, hint=hint, fixes=(fix,)))
        elif node.value is not None and node.value.role in ("learn", "predict"):
            what = f"an input comes from outside and is not `{node.value.role}`"
            self.say(Unsupported(span=node.value.span, what=what, hint="make it a `param`"))
        elif node.value is not None:
            value = self.values.value(node.value, Target(decl.name, width=width), item)
        decl.input = LocalInput(decl.name, Kind(node.kind), decl.span, value, node.doc)
        if self._is_first(decl):
            self.body.inputs[decl.name] = decl.input

    def _param(self, decl: Decl, node: tree.Param, item: Item) -> None:
        target = Target(decl.name, width=width_of(node, item.env, self.scope))
        value = self.values.value(node.value, target, item)
        if value is None:
            return
        decl.param = LocalParam(decl.name, decl.span, value, node.doc, _label(node))
        if self._is_first(decl):
            self.body.params[decl.name] = decl.param

    def _is_first(self, decl: Decl) -> bool:
        return self.scope.decls[decl.name] is decl

    # --- cells

    def _types(self) -> None:
        for decl in self.decls:
            if isinstance(decl.node, tree.Cell):
                self._type(decl, decl.node, self.unroller.items[decl.order])
        instances = {decl.name for decl in self.decls if decl.cell is not None and decl.cell.body is not None}
        for decl in self.decls:
            if "." in decl.name and isinstance(decl.node, tree.Cell | tree.Param | tree.Input):
                parts = ref_parts(decl.node.name, decl.env)
                heads = (".".join(parts[:cut]) for cut in range(1, len(parts)))
                if head := next((head for head in heads if head in instances), None):
                    self._twice(decl.span, decl.name, self.scope.decls[head].span)

    def _type(self, decl: Decl, node: tree.Cell, item: Item) -> None:
        found = self.types.find(node.type)
        given = self.types.generics(node.args, found.patch, item) if isinstance(found, PatchType) else {}
        if found is None or given is None:
            return
        decl.cell = cell = LocalCell(decl.name, decl.span, doc=node.doc, layer=decl.layer or 0)
        if isinstance(found, PatchType):
            cell.body = self.resolver.body(found, given, node.type.span)
            self.body.huge = self.body.huge or cell.body.huge
        else:
            cell.spec = found
            cell.sizes = self.types.sizes(node.args, found, item)

    def _cells(self) -> None:
        for decl in self.decls:
            if isinstance(decl.node, tree.Cell):
                self._cell(decl, decl.node, self.unroller.items[decl.order])

    def _cell(self, decl: Decl, node: tree.Cell, item: Item) -> None:
        cell = decl.cell
        type_ = (cell.spec or cell.body) if cell else None
        partial = isinstance(type_, Body) and type_.partial
        sockets = None if type_ is None or partial else self.resolver.sockets(type_, cell.sizes if cell else {})
        drafts, understood = self.binder.bind(decl, node, sockets, item)
        maybe, when, _ = self.cables.guards(node.guards, item)
        if cell is None or sockets is None:
            return
        cell.maybe, cell.when = maybe, when
        if cell.body is not None:
            self.instances.fill(cell, drafts, sockets)
            self.body.needs += self.instances.lacks(decl, cell, drafts) if understood else ()
        else:
            cell.ports = ports_of(drafts)
            self._needs(cell, drafts)
        if self._is_first(decl):
            self.body.cells[decl.name] = cell
            self.weights.append((decl.span, expansion_size(cell)))

    def _needs(self, cell: LocalCell, drafts: dict[str, Draft]) -> None:
        """An audio port that must hear something, and hears only inputs of this patch, needs one of them."""
        for port in cell.spec.ports if cell.spec else ():
            if getattr(port, "required", False) and port.name in drafts:
                inputs = only_inputs(self.scope, [cable.source for cable in drafts[port.name].cables])
                if inputs:
                    self.body.needs.append(inputs)

    # --- outputs, taps and the rest

    def _outputs(self) -> None:
        for decl in self.decls:
            if isinstance(decl.node, tree.Output):
                item = self.unroller.items[decl.order]
                if self._sums_signals(decl.node, item):
                    continue
                made = [c for node in decl.node.cables for c in self.cables.cables(node, Verb.FEED, item, None)]
                kinds = {self._kind(cable.source) for cable in made}
                kind = Kind.CONTROL if kinds == {Kind.CONTROL} else Kind.AUDIO
                if decl.name not in self.body.outputs:  # also where a cell has its name: that is said already
                    self.body.outputs[decl.name] = LocalOutput(decl.name, decl.span, tuple(made), kind)
                    self.weights.append((decl.span, ExpansionSize(0, len(made), 0)))
                if inputs := only_inputs(self.scope, [cable.source for cable in made]):
                    self.body.needs.append(inputs)

    def _sums_signals(self, node: tree.Output, item: Item) -> bool:
        """Says so where the depth of an output's cable goes on with other signals."""
        for cable in node.cables:
            parts = refs(cable.depth.expr) if cable.depth and not isinstance(cable.depth.expr, tree.Vector) else ()
            for ref in parts:
                decl = self.scope.decls.get(ref_text(ref, item.env))
                if decl is not None and decl.what is What.CELL:
                    made = as_cables(f"output {node.name.text}", cable) if len(node.cables) == 1 else None
                    amp = f"through a cell: `cell amp : gain {{ in <- {cable.source.text}; level *= {ref.text} }}`"
                    fixes = (Fix(node.span, made),) if made else ()
                    hint = f"write `{made}`" if made else amp
                    self.scope.unsure = True
                    self.say(SignalAsNumber(span=ref.span, name=decl.name, kind="a cell", hint=hint, fixes=fixes))
                    return True
        return False

    def _kind(self, source: str) -> Kind:
        decl = self.scope.decls.get(source)
        if decl is not None and decl.input is not None:
            return decl.input.kind
        if decl is not None and decl.cell is not None and decl.cell.spec is not None:
            return decl.cell.spec.out.kind
        instance, _, output = source.rpartition(".")
        cell = self.scope.decls[instance].cell
        return cell.body.outputs[output].kind if cell and cell.body else Kind.AUDIO

    def _others(self) -> None:
        for item in self.unroller.items:
            match item.node:
                case tree.Tap():
                    self._tap(item.node, item)
                case tree.Meta():
                    self.body.meta |= meta_of(item.node)
                case tree.Set():
                    self.body.sets.append(LocalSet(item.node, ref_parts(item.node.target, item.env), item))
                case tree.Moved():
                    new = self.paths.moved(item.node.new, item)
                    if new is not None:
                        self.body.moved.append((ref_text(item.node.old, item.env), new, item.node.span))

    def _tap(self, node: tree.Tap, item: Item) -> None:
        refs = tuple(name for ref in node.refs for name in self.paths.tapped(ref, item))
        losses = tuple(loss_of(loss, item.env, self.say) for loss in node.losses)
        if refs:
            self.body.taps.append(LocalTap(node.span, refs, losses, node.after))
            self.weights.append((node.span, ExpansionSize(0, len(refs), 0)))

    # --- rules that need the whole definition

    def _check(self) -> None:
        """Order and layers always; what is heard only where every statement and every source is understood."""
        cells = [decl for decl in self.decls if decl.what is What.CELL]
        check_layers(self.scope, cells, self.cables.edges, self.body.layers)
        if self.unroller.has_parse_errors or self.body.partial or self.body.huge:
            return
        if not any(decl.what is What.OUTPUT for decl in self.decls):
            last = cells[-1].name if cells else ""
            hint = "" if cells else "declare a cell, and an output that hears it"
            self.say(NoOutput(span=self.patch.name.span, patch=self.patch.name.text, last=last, hint=hint))
        elif not self.scope.unsure and not self.binder.has_parse_errors and self.scope.overflow is None:
            for decl in filter(lambda one: not one.used and self._is_first(one), self.decls):
                self._unused(decl)

    def _unused(self, decl: Decl) -> None:
        if decl.cell is not None:
            self.say(UnusedCell(span=decl.span, name=decl.name))
        elif decl.input is not None or decl.param is not None:
            kind = str(decl.input.kind) if decl.input else "param"
            what = f"{kind} input" if decl.input else kind
            self.say(Unused(span=decl.span, name=decl.name, kind=what, example=_USES[kind].format(decl.name)))


def _which_to_rename(one: Decl, other: Decl) -> str:
    """Of an output that is a channel by its name, and something else, the latter."""
    kinds = {decl.what: decl for decl in (one, other)}
    if What.OUTPUT not in kinds or len(kinds) < 2 or one.name.lower() not in CHANNELS:
        return ""
    rest = next(what for what in kinds if what is not What.OUTPUT)
    word = str(rest).partition(" ")[2]
    return f"rename the {word}, say `{one.name}_{word}`: an output called `{one.name}` is that channel"


def _label(node: tree.Param) -> str:
    """The text of `@label(text = "...")`."""
    found = (arg.value for deco in node.decos if deco.name == "label" for arg in deco.args if arg.name.text == "text")
    value = next(found, None)
    return value.text if isinstance(value, tree.Str) else ""
