"""A plan as text: knobs and their columns, inputs, then every step with the formula of each port."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from patchc.cells.spec import Absent, Kind
from patchc.compiler.cables import CablePlan, Gate
from patchc.compiler.expr import Apply, Entries, Expr, Number, text
from patchc.compiler.knobs import Knob
from patchc.compiler.plan import AudioPort, ChoicePort, EvenPort, GatePort, KnobPort, Plan, PortPlan, Rate, Step
from patchc.graph import model
from patchc.graph.law import Law
from patchc.units.domain import Choice, Curve, Domain, Range
from patchc.units.unit import UNITS, Dimension, written

_SHAPE = {Kind.AUDIO: "audio [batch, samples]", Kind.CONTROL: "control [batch, frames]"}
_PER_SAMPLE = {Rate.CONSTANT: "", Rate.CONTROL: "at control rate", Rate.AUDIO: "at the sample rate"}


def plan_text(plan: Plan) -> str:
    """Ends with a line end."""
    width = plan.knobs[-1].columns.stop if plan.knobs else 0
    lines = [f"plan {plan.name}", "", f"knobs: settings [batch, {width}]"]
    lines += _table([_knob(knob) for knob in plan.knobs])
    lines += ["", "inputs"]
    lines += _table([[item.name, str(item.kind), _default(plan, item)] for item in plan.inputs])
    for index, layer in enumerate(plan.layers):
        lines += ["", f"layer {index} {layer}"]
        for step in plan.steps:
            if step.layer == index:
                lines += _step(step)
    lines += ["", "outputs"]
    lines += _table([[output.name, "=", _mix(output.cables)] for output in plan.outputs])
    lines += ["", f"compared: {', '.join(plan.compared) or 'nothing but the outputs'}"]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return ["  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]


def _knob(knob: Knob) -> list[str]:
    first, last = knob.columns.start, knob.columns.stop - 1
    role = "maybe" if knob.gate and knob.role is model.Role.FIXED else str(knob.role)
    return [str(first) if first == last else f"{first}..{last}", knob.name, role, _value(knob), _domain(knob.domain)]


def _value(knob: Knob) -> str:
    if knob.default is None:
        return "even"
    if isinstance(knob.default, tuple):
        return text(Entries(knob.default, knob.dimension, knob.unit))
    return knob.default if isinstance(knob.default, str) else text(Number(knob.default, knob.dimension, knob.unit))


def _domain(domain: Domain) -> str:
    if isinstance(domain, Choice):
        return f"in [{', '.join(domain.members)}]"
    if isinstance(domain, Range):
        unit = domain.unit if domain.unit in UNITS else ""
        curve = {Curve.LIN: "", Curve.LOG: " log", Curve.POW: f" pow {domain.power:g}"}[domain.curve]
        return f"in {written(domain.low, unit, 6)} .. {written(domain.high, unit, 6)}{curve}"
    return "weights that sum to one"


def _default(plan: Plan, item: model.Input) -> str:
    if item.kind is Kind.GATE:
        return "off at 75 % of the sound"
    if item.kind is Kind.AUDIO:
        return "silence"
    if item.value is None or item.name not in plan.defaults:
        return "to be given"
    unit = item.value.default.unit if isinstance(item.value.default, model.Const) else ""
    return text(Number(plan.defaults[item.name], item.value.dimension, unit))


def _step(step: Step) -> list[str]:
    sizes = f"({', '.join(f'{name} = {size:g}' for name, size in step.sizes)})" if step.sizes else ""
    lines = [f"  {step.cell} : {step.type}{sizes}  ->  {_SHAPE[step.kind]}"]
    lines += [f"  {line}" for line in _table([_port(port, step) for port in step.ports])]
    if step.gates is None:
        lines.append(f"    never there: {step.absent}")
    elif step.gates:
        other = "silence" if step.absent is Absent.SILENCE else "in"
        lines.append(f"    there by {_gates(step.gates)}, else {other}")
    return lines


def _port(port: PortPlan, step: Step) -> list[str]:
    match port:
        case KnobPort():
            return [port.name, "=", _formula(port), _conversion(port, step)]
        case EvenPort():
            return [port.name, "=", f"even, {port.entries} entries", ""]
        case ChoicePort():
            return [port.name, "=", port.chosen or f"weights of {port.knob}", ""]
        case AudioPort():
            return [port.name, "=", _mix(port.cables), ""]
        case GatePort():
            return [port.name, "=", port.input, "note-on, note-off"]


def _conversion(port: KnobPort, step: Step) -> str:
    if step.kind is Kind.CONTROL and port.rate is Rate.AUDIO:
        return "sampled at the frames"
    if step.kind is Kind.AUDIO and port.rate is Rate.CONTROL:
        return f"at control rate, to samples {'in octaves' if port.log else 'linearly'}"
    return _PER_SAMPLE[port.rate]


def _formula(port: KnobPort) -> str:
    level = port.dimension is Dimension.LEVEL
    base = f"({text(port.base)})" if isinstance(port.base, Apply) else text(port.base)
    parts = [base if any(port.of(law) for law in Law) else text(port.base)]
    if ratios := port.of(Law.RATIO):
        parts.append(f"+ {_sum(ratios)} dB" if level else f"* 2 ** ({_sum(ratios)})")
    parts += [f"+ {_sum(port.of(Law.ADD))}"] if port.of(Law.ADD) else []
    parts += [f"moved by {_sum(port.of(Law.SHARE))} along {_domain(port.range)[3:]}"] if port.of(Law.SHARE) else []  # type: ignore[arg-type]
    parts += [f"* {_scale(cable)}" for cable in port.of(Law.SCALE)]
    return " ".join(parts)


def _sum(cables: Iterable[CablePlan]) -> str:
    return " + ".join(" * ".join(_factors(cable)) for cable in cables)


def _factors(cable: CablePlan) -> Iterator[str]:
    yield cable.origin.name
    if cable.depth != Number(1.0):
        yield _depth(cable.depth)
    if cable.factor != 1.0:
        yield f"{cable.factor:.6g}"
    if cable.gates:
        yield _gates(cable.gates)


def _depth(depth: Expr) -> str:
    return f"({text(depth)})" if isinstance(depth, Apply) else text(depth)


def _gates(gates: Sequence[Gate]) -> str:
    return " * ".join(f"[{gate.knob} is {gate.member}]" if gate.member else gate.knob for gate in gates)


def _scale(cable: CablePlan) -> str:
    depth = "" if cable.depth == Number(1.0) else f" by {text(cable.depth)}"
    gates = f" if {_gates(cable.gates)}" if cable.gates else ""
    return f"scale({cable.origin.name}{depth}{gates})"


def _mix(cables: Sequence[CablePlan]) -> str:
    return _sum(cables) or "silence"
