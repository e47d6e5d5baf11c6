"""The strategies keep their promises: patches check and are formatted, mutations never raise, values fit their port."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from patchc.cells.registry import cell_names, find_cell
from patchc.cells.spec import KnobSpec
from patchc.graph.load import check_source
from patchc.source.diagnostic import has_errors
from patchc.source.text import Source
from patchc.syntax.format import format_file
from patchc.syntax.parser import parse
from patchc.testing import mutations, patches, values
from patchc.units.domain import Choice, Range, Simplex

PHASES = (Phase.explicit, Phase.reuse, Phase.generate)  # shrinking a whole patch takes minutes
QUIET = settings(deadline=None, max_examples=40, phases=PHASES, suppress_health_check=list(HealthCheck))
KNOBS = [
    (f"{name}.{port.name}", port)
    for name in cell_names()
    for port in find_cell(name).spec.ports  # type: ignore[union-attr]
    if isinstance(port, KnobSpec)
]


@QUIET
@given(patches())
def test_random_patches_check_without_errors(text: str) -> None:
    diagnostics = check_source(Source("random.patch", text))
    assert not has_errors(diagnostics), (text, [d.message for d in diagnostics])


@QUIET
@given(patches())
def test_random_patches_are_formatted(text: str) -> None:
    file, diagnostics = parse(Source("random.patch", text))
    assert diagnostics == []
    assert format_file(file) == text


@QUIET
@given(patches(max_cells=3).flatmap(mutations))
def test_checking_a_mutated_patch_never_raises(text: str) -> None:
    check_source(Source("mutated.patch", text))


@pytest.mark.parametrize(("name", "port"), KNOBS, ids=[name for name, _ in KNOBS])
def test_values_fit_their_port(name: str, port: KnobSpec) -> None:
    @settings(deadline=None, max_examples=20, database=None)
    @given(values(port, width=3 if port.width else 1))
    def check(value: float | str | list[float]) -> None:
        domain = port.domain
        if isinstance(domain, Choice):
            assert value in domain.members
        elif isinstance(domain, Simplex):
            assert isinstance(value, list)
            assert sum(value) == pytest.approx(1.0)
        elif isinstance(domain, Range):
            assert all(domain.low <= x <= domain.high for x in (value if isinstance(value, list) else [value]))

    check()


@given(st.text(max_size=40).flatmap(mutations))
@settings(deadline=None, max_examples=50)
def test_anything_can_be_mutated(text: str) -> None:
    assert isinstance(text, str)
