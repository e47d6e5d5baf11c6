"""Signal mathematics: the machine that cells are written for, and its plain-torch executor. No patches."""
