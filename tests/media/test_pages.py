"""Page helpers: everything embedded, everything escaped, and nothing that would be fetched or run."""

from __future__ import annotations

import base64
import io
import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest
import soundfile
import torch

from patchc.media import html
from patchc.media.chart import line_chart

EVIL = "<script>alert('x')</script>\"&"


def test_names_are_escaped_wherever_they_go() -> None:
    made = [
        html.page(EVIL, ""),
        html.card(EVIL),
        html.sound_player("a.wav", EVIL, EVIL),
        html.sound_player(f"{EVIL}.wav", "a"),
        html.picture(b"", EVIL),
        html.table([EVIL], []),
        html.facts([(EVIL, EVIL)]),
        line_chart([1.0, 2.0], [1.0], EVIL, EVIL),
    ]
    for markup in made:
        assert "<script" not in markup
        assert "&quot;&amp;" in markup


def test_a_page_fetches_and_runs_nothing() -> None:
    page = html.page("a", html.player(torch.zeros(10), 8000, "a"))
    assert "default-src 'none'" in page
    assert not re.search(r"https?:|<script|url\(", page)


def test_the_embedded_sound_is_the_sound() -> None:
    sound = 0.5 * torch.sin(torch.arange(4000) * 0.1)
    found = re.search(r"base64,([^\"]+)", html.player(sound, 8000, "a"))
    assert found is not None
    back, rate = soundfile.read(io.BytesIO(base64.b64decode(found[1])))
    assert rate == 8000
    np.testing.assert_allclose(back, sound.numpy(), atol=1e-4)


def test_a_player_never_clips_silently() -> None:
    assert "13.0 dB softer" in html.player(torch.full((10,), 10 ** (12 / 20)), 8000, "a")
    assert "softer" not in html.player(torch.ones(10), 8000, "a")


@pytest.mark.parametrize(("place", "left"), [(0.25, "25.00%"), (-3.0, "0.00%"), (7.0, "100.00%")])
def test_a_bar_stays_in_its_frame(place: float, left: str) -> None:
    assert f"left:{left}" in html.bar(place)


@pytest.mark.parametrize(
    "values", [[1.0], [3.0, 2.0, 1.0], [2.0] * 400, [math.nan, 1.0, math.inf], [], [1e-6, 1e9], [0.0, 0.0]]
)
def test_charts_are_drawings_whatever_the_values(values: list[float]) -> None:
    drawing = line_chart(values, values, "step", "loss")
    assert "nan" not in drawing
    assert "inf" not in drawing
    ElementTree.fromstring(drawing)
    assert drawing.count("<line") < 20


def test_a_falling_loss_falls_in_the_chart() -> None:
    drawing = line_chart([8.0, 4.0, 2.0], [8.0, 4.0, 2.0], "step", "loss")
    found = re.search(r'<path d="M([^"]+)"', drawing)
    assert found is not None
    heights = [float(point.split(",")[1]) for point in found[1].split(" L")]
    assert heights == sorted(heights)
    assert heights[1] - heights[0] == pytest.approx(heights[2] - heights[1], abs=0.2)  # octaves are even
