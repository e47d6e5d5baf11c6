"""One file per command: a function of the file's name that returns an exit code, a `SECTION`, and `EXAMPLES`."""
