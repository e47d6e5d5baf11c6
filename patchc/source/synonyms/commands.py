"""Commands: what other programs call them."""

from __future__ import annotations

from patchc.source.synonyms.table import Table, here, none

COMMANDS = Table(
    here(
        "render",
        "synth synthesize synthesise export wav bounce output generate make run save write sound audio convertwav record",
    ),
    here("check", "validate lint verify test analyse analyze errors diagnose compile build typecheck"),
    here("match", "clone fit train learn optimize optimise resynthesize estimate find search"),
    here("fmt", "format prettify beautify pretty reformat style tidy"),
    here("new", "init create template start scaffold"),
    here("cells", "list ls cell modules types ugens library vocabulary ports"),
    here("explain", "help error code why doc docs manual man info"),
    here("graph", "convert show dump view visualize visualise plot picture dot svg diagram json yaml image"),
    here("draw", "sample random randomize randomise variations presets batch dataset"),
    here("bench", "benchmark profile speed time perf"),
    here("version", "versions about"),
    here("tree", "parse ast syntax"),
    here("tokens", "lex tokenize lexer tokenise"),
    here("demo", "examples tour showcase"),
    none(
        "render voice.patch -o - | aplay",
        "play listen live preview hear stream monitor midi",
        "it writes the sound to whatever plays it",
    ),
    none("check voice.patch", "watch serve server daemon repl shell lsp", "no command runs until it is stopped"),
    none("new voice.patch", "edit open gui ui", "a patch is a text file for any editor"),
    none("version", "install update upgrade uninstall", "pip installs it"),
)
