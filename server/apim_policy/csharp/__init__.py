"""The C# of policy expressions.

Trees come from the grammar of tree-sitter, which recovers from errors; it is loaded when an expression must be read,
not before. Everything here speaks of one expression: offsets count from its ``@``, and nothing depends on where in a
document it stands, so that results are cached by the expression's text.
"""
