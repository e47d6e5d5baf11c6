"""Source text to tree: grammar, recovery, formatter. No name is resolved here and no cell is known."""
