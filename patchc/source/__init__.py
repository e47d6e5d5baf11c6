"""Source text, spans, and everything we say about them: diagnostics and how they are drawn."""
