"""Small self-contained web pages: a style, players, pictures and tables; nothing on them is fetched or executed."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape

from torch import Tensor

from patchc.media.audio import SAFE_DB, Subtype, encoded, peak_db

_POLICY = "default-src 'none'; img-src 'self' file: data:; media-src 'self' file: data:; style-src 'unsafe-inline'"

_STYLE = """
:root { --ink: #22262b; --quiet: #68717b; --line: #e2e5e9; --paper: #ffffff; --ground: #f5f6f8; --wave: #2f6f8f;
  --mark: #b4552d; color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2.2rem 1.2rem 4rem; }
h1 { font-size: 1.65rem; line-height: 1.2; margin: 0 0 .3rem; letter-spacing: -.01em; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 0 0 .8rem; }
h3 { font-size: .95rem; margin: 1.1rem 0 .4rem; }
p { margin: 0 0 .8rem; }
a { color: var(--wave); }
.quiet { color: var(--quiet); }
.card { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 1.15rem 1.3rem 1.25rem;
  margin-top: 1.1rem; }
.row { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: 1.1rem; }
figure { margin: 0; }
figcaption { font-weight: 600; font-size: .9rem; margin-bottom: .3rem; }
figcaption small { font-weight: 400; color: var(--quiet); margin-left: .5rem; }
audio { width: 100%; height: 40px; display: block; }
img, svg { max-width: 100%; height: auto; display: block; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-size: .78rem; font-weight: 600; color: var(--quiet); padding: 0 1rem .35rem 0; }
td { border-top: 1px solid var(--line); padding: .42rem 1rem .42rem 0; vertical-align: middle; }
th:last-child, td:last-child { padding-right: 0; }
td.number, th.number { text-align: right; white-space: nowrap; }
code, pre { font: .86em/1.55 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
pre { margin: 0; overflow-x: auto; background: var(--ground); border-radius: 6px; padding: .8rem 1rem; }
.bar { position: relative; height: 6px; border-radius: 3px; background: var(--line); min-width: 8rem; }
.bar i { position: absolute; top: -3px; width: 4px; height: 12px; margin-left: -2px; border-radius: 2px;
  background: var(--wave); }
.bar i.ghost { background: #b9c0c8; }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.2rem; margin: 0; }
dl.facts dt { color: var(--quiet); } dl.facts dd { margin: 0; overflow-wrap: anywhere; }
.note { border-left: 3px solid var(--mark); padding-left: .8rem; margin: .9rem 0 0; }
details summary { cursor: pointer; color: var(--wave); }
details > pre { margin-top: .7rem; }
"""


def page(title: str, body: str) -> str:
    """A whole document around `body`, which is markup; `title` is plain text."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style></head>\n<body><main>\n{body}\n</main></body></html>\n"
    )


def card(heading: str, *parts: str) -> str:
    """A framed stretch of a page: a heading (plain text, may be empty) and markup."""
    head = f"<h2>{escape(heading)}</h2>\n" if heading else ""
    return f'<section class="card">\n{head}' + "\n".join(parts) + "\n</section>"


def player(audio: Tensor, rate: int, caption: str, note: str = "") -> str:
    """An embedded sound, `[samples]` or `[channels, samples]`, 16 bit; if it would clip, turned down and said so."""
    samples = audio.detach().cpu().double().nan_to_num().reshape(-1, audio.shape[-1])
    peak = peak_db(samples)
    if peak > 0:
        samples, note = samples * 10 ** ((SAFE_DB - peak) / 20), f"{note} played {peak - SAFE_DB:.1f} dB softer".strip()
    data = b64encode(encoded(samples, rate, Subtype.INT16)).decode()
    return sound_player(f"data:audio/wav;base64,{data}", caption, note)


def sound_player(address: str, caption: str, note: str = "") -> str:
    """A player for the sound file at `address`."""
    small = f"<small>{escape(note)}</small>" if note else ""
    return (
        f"<figure><figcaption>{escape(caption)}{small}</figcaption>"
        f'<audio controls preload="metadata" src="{escape(address)}"></audio></figure>'
    )


def picture(png: bytes, what: str) -> str:
    """An embedded PNG, said in words for those who do not see it."""
    return f'<img alt="{escape(what)}" src="data:image/png;base64,{b64encode(png).decode()}">'


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    """A table; cells are markup, headings plain text, `numbers` the columns set flush right."""
    kind = [' class="number"' if column in numbers else "" for column in range(len(head))]
    top = "".join(f"<th{k}>{escape(cell)}</th>" for k, cell in zip(kind, head, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{k}>{cell}</td>" for k, cell in zip(kind, row, strict=True)) + "</tr>\n" for row in rows
    )
    return f'<div class="scroll"><table><thead><tr>{top}</tr></thead>\n<tbody>\n{body}</tbody></table></div>'


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Names and what they are, both plain text."""
    inside = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>\n" for name, value in pairs)
    return f'<dl class="facts">\n{inside}</dl>'


def bar(position: float, start: float | None = None) -> str:
    """Where something lies between the ends of its range, 0 to 1; `start` is marked faintly."""
    ghost = "" if start is None else f'<i class="ghost" style="left:{_percent(start)}"></i>'
    return f'<div class="bar">{ghost}<i style="left:{_percent(position)}"></i></div>'


def _percent(share: float) -> str:
    return f"{100 * min(max(share, 0.0), 1.0):.2f}%"
