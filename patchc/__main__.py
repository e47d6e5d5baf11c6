"""`python -m patchc` is the command `patchc`."""

from patchc.cli.main import run

run()
