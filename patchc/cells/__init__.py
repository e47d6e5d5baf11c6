"""The vocabulary: one file is one cell type, and the file's name is its name in a patch. Nothing to edit to add one."""
