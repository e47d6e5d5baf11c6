"""Tree to validated layered graph: names resolved, sub-patches and loops unrolled, layers known, rules checked."""
