"""Numbers that mean something: units and dimensions, ranges with curves, choices, priors. No torch."""
