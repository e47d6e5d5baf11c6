"""One mistake, one message: what would have come from a missing file, names given twice, loops of nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from patchc.graph.load import check_source
from patchc.source.diagnostic import has_errors
from patchc.source.text import Source

ONCE = {
    "P224": """
use "gone.patch" as g

patch p {
  cell o : sine
  cell r : g.hall { in <- o }
  output main <- r
  set r.decay = 1 s
  set r.tone = 2 kHz
}
""",
    "P202": """
patch p {
  cell o : no_such_cell
  output main <- o
  set o.decay = 1 s
}
""",
    "P204 a layer": """
patch p {
  layer a {
    cell o : sine
  }
  layer a {
    cell g : gain { in <- o }
  }
  output main <- g
}
""",
    "P204 a param and a loop variable": """
patch p {
  for k in 1 .. 3 {
    param k = 2
    cell o[k] : sine { freq = k * 100 Hz }
  }
  cell m : mix { in <- o[*] }
  output main <- m
}
""",
    "P204 a loop variable and a param": """
patch p {
  param k = 2
  for k in 1 .. 3 {
    cell o[k] : sine { freq = k * 100 Hz }
  }
  cell m : mix { in <- o[*] }
  output main <- m
}
""",
    "P113": """
patch p {
  meta {
    author""",
    "P113 in a cell": """
patch p {
  layer a {
    cell o : adsr {
      attack = 2""",
    "P235": """
patch p {
  for k in 3 .. 1 {
    cell o[k] : sine
  }
  cell m : mix { in <- o[*] }
  output main <- m
}
""",
    "P234 a size": """
patch p {
  cell o : harmonic(partials = 2, partials = 3)
  output main <- o
}
""",
    "P234 a setting of a loss": """
patch p {
  cell o : sine
  output main <- o
  tap main loss mss(log = 1, log = 2)
}
""",
    "P234 an entry of meta": """
patch p {
  meta {
    a = 1
    a = 2
  }
  cell o : sine
  output main <- o
}
""",
    "P234 a member of a choice": """
patch p {
  param w = learn saw in [saw, saw]
  cell a : saw
  cell m : mix { in <- a when w is saw }
  output main <- m
}
""",
    "P234 a port that is passed": """
patch inner {
  input pitch : control
  cell o : sine { freq = pitch }
  output out <- o
}

patch p {
  input pitch : control = A3
  cell v : inner { pass pitch, pitch }
  output main <- v
}
""",
}


@pytest.mark.parametrize("case", ONCE)
def test_one_mistake_is_one_error(case: str, tmp_path: Path) -> None:
    found = check_source(Source(str(tmp_path / "p.patch"), f"patchc 1\n{ONCE[case]}"))
    assert [said.code for said in found if has_errors([said])] == [case.split()[0]]
