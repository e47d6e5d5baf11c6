"""The command line: `commands/` has one file per command, found by name; each loads what it needs when it runs."""
