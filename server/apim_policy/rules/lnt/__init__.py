"""LNT: the linter itself."""
