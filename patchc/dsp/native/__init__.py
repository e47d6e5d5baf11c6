"""The block primitives as native code: one C++ file and one operator each, with the torch formulas as their oracle."""
