"""What every command before sound may load: no torch, no numpy, nothing of theirs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"
PATCH = str(EXAMPLES / "subtractive.patch")
COMMANDS = [
    ["--help"],
    ["check", PATCH],
    ["check", "--format", "sarif", PATCH],
    ["fmt", "--check", PATCH],
    ["fmt", "--diff", "--no-layers", PATCH],
    *(["graph", "--format", form, PATCH] for form in ("text", "mermaid", "dot", "svg", "json", "yaml", "patch")),
    ["graph", "--grid", PATCH],
    ["tokens", PATCH],
    ["tree", PATCH],
    ["plan", PATCH],
    ["cells"],
    ["cells", "svf"],
    ["cells", "--json"],
    ["explain"],
    ["explain", "P302"],
    ["schema"],
    ["new", "-"],
    ["version"],
    ["render", "--help"],
    ["render", PATCH, "--set", "pitchh=C4"],
    ["match", "--help"],
    ["demo", "--help"],
    ["--show-completion"],
]
HEAVY = ("torch", "numpy", "matplotlib", "soundfile", "scipy")
PROGRAM = """
import io, json, sys
from contextlib import redirect_stderr, redirect_stdout
from patchc.cli.main import app
heavy, loaded = json.loads(sys.argv[2]), {}
for words in json.loads(sys.argv[1]):
    with redirect_stdout(io.TextIOWrapper(io.BytesIO())), redirect_stderr(io.StringIO()) as said:
        try:
            app(words)
        except SystemExit as stop:
            code = stop.code
    assert code != 3, said.getvalue()
    loaded[" ".join(words)] = sorted(set(heavy) & set(sys.modules))
print(json.dumps(loaded))
"""


def test_front_end_commands_load_no_torch() -> None:
    command = [sys.executable, "-c", PROGRAM, json.dumps(COMMANDS), json.dumps(HEAVY)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    assert {words: heavy for words, heavy in json.loads(ran.stdout).items() if heavy} == {}
