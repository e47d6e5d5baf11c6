"""Signal mathematics: the `Dsp` that cells are written for, and its plain-torch executor. No patches."""
