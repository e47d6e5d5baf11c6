"""One kernel per patch: cells traced into an expression graph, differentiated, printed as C++, built and called."""
