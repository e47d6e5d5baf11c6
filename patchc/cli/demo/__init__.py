"""What `patchc demo` makes: the examples rendered cell by cell, and recordings matched, on one page."""
