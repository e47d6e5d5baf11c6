"""Pictures of a graph: columns and a grid as text, Mermaid and DOT for other programs, and an SVG of our own."""
