"""A package of somebody else's that ships cell types."""
