"""What other instruments call things: words for what exists here, and words for what does not.

One file a table. To add a word, add it to the line of what it means. When a cell that was missing arrives, its `none`
becomes a `here`; a test fails until it does.
"""
