"""What `patchc demo` makes: every example rendered cell by cell, and recordings matched, on one page to hear and see."""
