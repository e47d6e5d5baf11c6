"""Bodies to a flat graph: instances are unrolled, their inputs and outputs replaced by what is plugged in."""

from __future__ import annotations

from collections.abc import Mapping

from patchc.cells.spec import CellSpec, Kind
from patchc.graph.body import Body, LocalCell, LocalInput
from patchc.graph.layers import columns
from patchc.graph.model import (
    Cable,
    Cell,
    Expr,
    Fixed,
    Graph,
    Input,
    Moved,
    NameRef,
    Output,
    Param,
    Port,
    Role,
    Tap,
    Value,
    Vector,
)
from patchc.graph.report import Say
from patchc.graph.resolve_cells import is_single
from patchc.graph.starts import Starts
from patchc.graph.substitute import Names
from patchc.source.codes.plugs import NotASignal
from patchc.source.text import Span


def expand(body: Body, say: Say, *, shallow: bool = False) -> Graph:
    """The flat, layered graph of a body.

    Instances that are partial are left out, and with `shallow` all of them, with the cables that come from them.
    """
    flat = _Flat(say, shallow)
    names = Names("", say)
    flat.starts.add(body, "")
    flat.place_params(body, names, {}, names)
    flat.place_all(body, names, None)
    outputs = flat.outputs(body, names)
    taps = flat.taps(body)
    if not shallow:
        flat.starts.finish()
    written = [(layer.name.text, layer.name.span) for layer in body.layers]
    return Graph(
        name=body.name,
        doc=body.patch.doc,
        meta=body.meta,
        inputs=tuple(_input(item) for item in body.inputs.values()),
        params=tuple(flat.params),
        layered=bool(written),
        layers=columns(flat.cells, written),
        outputs=outputs,
        taps=taps,
        moved=tuple(flat.moved),
        span=body.patch.name.span,
    )


def _input(item: LocalInput) -> Input:
    return Input(name=item.name, kind=item.kind, value=item.value, doc=item.doc, span=item.span)


class _Flat:
    """The parts of the flat graph while it grows."""

    def __init__(self, say: Say, shallow: bool) -> None:
        self.say = say
        self.shallow = shallow
        self.starts = Starts(say)
        self.cells: list[tuple[Cell, int]] = []
        self.params: list[Param] = []
        self.moved: list[Moved] = []
        self.sources: dict[str, str | None] = {}  # by an output's path: the flat source that is heard there

    def place_params(self, body: Body, names: Names, given: Mapping[str, Value], outer: Names) -> None:
        """The params of `body`, in order. Those that an instance gives are written in names of the patch around it."""
        for name, param in body.params.items():
            value, around = (given[name], outer) if name in given else (param.value, names)
            names.numbers |= self._param(name, value, around, names, param.doc, param.label, param.span)

    def place_all(self, body: Body, names: Names, layer: int | None) -> None:
        """Adds all of `body`. `layer` is that of the main patch's instance it is part of; None for the main patch."""
        for cell in body.cells.values():
            column = cell.layer if layer is None else layer
            if cell.spec is not None:
                self._cell(cell, cell.spec, names, column)
            elif cell.body is not None and (self.shallow or cell.body.partial):
                names.signals |= {f"{cell.name}.{output}": None for output in cell.body.outputs}
            elif cell.body is not None:
                self._instance(cell, cell.body, names, column)
        for old, new, span in body.moved:
            self.moved.append(Moved(old=names.prefix + old, new=names.prefix + new, span=span))

    def _cell(self, cell: LocalCell, spec: CellSpec, names: Names, layer: int) -> None:
        name = names.prefix + cell.name
        left = (names.port(port) for port in cell.ports)
        sizes, ports = self.starts.cell(name, spec, cell.sizes, tuple(port for port in left if port is not None))
        maybe = self._maybe(name, cell.maybe, names)
        when = names.when(cell.when)
        made = Cell(
            name=name, type=spec.name, sizes=sizes, ports=ports, maybe=maybe, when=when, doc=cell.doc, span=cell.span
        )
        self.cells.append((made, layer))

    def _maybe(self, name: str, maybe: Value | None, names: Names) -> Value | None:
        found = names.value(maybe) if maybe else None
        return self.starts.value(f"{name}.maybe", found) if found else None

    # --- instances

    def _instance(self, cell: LocalCell, body: Body, outer: Names, layer: int) -> None:
        inner = Names(f"{outer.prefix}{cell.name}.", self.say)
        self.starts.add(body, inner.prefix)
        for name, item in body.inputs.items():
            if item.kind is Kind.CONTROL:
                self._control(cell, item, outer, inner)
            if item.kind is not Kind.CONTROL or name in cell.feeds:
                cables = outer.cables(cell.feeds.get(name, ()))
                inner.signals[name] = self._bus(inner.prefix + name, cables, cell.span, layer)
        self.place_params(body, inner, cell.values, outer)
        self.place_all(body, inner, layer)
        self._outputs(cell, body, outer, inner, layer)

    def _control(self, cell: LocalCell, item: LocalInput, outer: Names, inner: Names) -> None:
        """A control input of an instance: a number inside, and the source of cables where it is an input outside."""
        value = cell.values.get(item.name, item.value)
        inner.signals[item.name] = None
        if value is None:
            return
        if item.name in cell.values and isinstance(value.default, NameRef):
            inner.signals[item.name] = outer.source(value.default.name)
        plain = value if item.name in cell.values else value.model_copy(update={"domain": None, "prior": None})
        around = outer if item.name in cell.values else inner
        inner.numbers |= self._param(item.name, plain, around, inner, item.doc, "", cell.span, ranged=False)

    def _param(
        self,
        name: str,
        value: Value,
        outer: Names,
        inner: Names,
        doc: str,
        label: str,
        span: Span,
        *,
        ranged: bool = True,
    ) -> Mapping[str, Expr]:
        """What a param stands for inside: itself, as a param of the flat graph, or the number or expression it is.

        It is a param if it may change or (`ranged`) has a range, if it is a vector, and always in the main patch.
        """
        flat = inner.prefix + name
        value = self.starts.value(flat, value)
        default = value.default
        if not (default is None or isinstance(default, Fixed)):
            replaced = outer.expr(default)
            return {} if replaced is None else {name: replaced}
        moves = value.role is not Role.FIXED or value.prior is not None
        whole = isinstance(default, Vector)
        if moves or not inner.prefix or default is None or whole or (ranged and value.domain is not None):
            self.params.append(Param(name=flat, value=value, doc=doc, label=label, span=span))
            return {}
        return {name: default}

    def _bus(self, name: str, cables: tuple[Cable, ...], span: Span, layer: int) -> str | None:
        """One source for several cables: a mixer called `name`, unless it is one plain cable, or none."""
        if not cables:
            return None
        if is_single(cables):
            return cables[0].source
        self._mix(Cell(name=name, type="mix", ports=(Port(name="in", cables=cables, span=span),), span=span), layer)
        return name

    def _mix(self, cell: Cell, layer: int) -> None:
        self.cells.append((cell.model_copy(update={"ports": self.starts.ports(cell.name, cell.ports)}), layer))

    def _outputs(self, cell: LocalCell, body: Body, outer: Names, inner: Names, layer: int) -> None:
        """What is heard at each output of an instance. A guard on the instance switches a mixer at its output."""
        for output in body.outputs.values():
            name, cables = inner.prefix + output.name, inner.cables(output.cables)
            guarded = cell.maybe is not None or bool(cell.when)
            if output.kind is Kind.CONTROL and (guarded or not is_single(cables)):
                source: str | None = None  # that this needs a mixer for control signals is said already
            elif cables and guarded:
                port = Port(name="in", cables=cables, span=output.span)
                maybe, when = self._maybe(name, cell.maybe, outer), outer.when(cell.when)
                self._mix(Cell(name=name, type="mix", ports=(port,), maybe=maybe, when=when, span=cell.span), layer)
                source = name
            else:
                source = self._bus(name, cables, output.span, layer)
            outer.signals[f"{cell.name}.{output.name}"] = self.sources[name] = source

    # --- what the main patch says of the whole

    def outputs(self, body: Body, names: Names) -> tuple[Output, ...]:
        return tuple(
            Output(name=name, cables=self.starts.cables(name, names.cables(output.cables)), span=output.span)
            for name, output in body.outputs.items()
        )

    def taps(self, body: Body) -> tuple[Tap, ...]:
        return tuple(
            Tap(cells=item, losses=tap.losses, after=tap.after, span=tap.span)
            for tap in body.taps
            if (item := self._tapped(body, tap.refs, tap.span))
        )

    def _tapped(self, body: Body, refs: tuple[str, ...], span: Span) -> tuple[str, ...]:
        found = dict.fromkeys(self.sources.get(ref, None if self.shallow and "." in ref else ref) for ref in refs)
        for name in found:
            if name in body.inputs:
                cannot = "a tap cannot listen to"
                self.say(NotASignal(span=span, name=name, kind="an input", cannot=cannot))
        return tuple(name for name in found if name is not None and name not in body.inputs)
