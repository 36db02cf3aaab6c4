"""The rules: one module each, found by its name.

A rule knows the tree, the workspace and the flow of one document; it knows nothing of settings files, suppressions,
reports or editors. ``registry`` finds the modules, ``documentation`` reads their pages.
"""
