"""Readers of evidence: one module for each kind of source that says what a document is.

A reader makes statements about documents. ``workspace/resolution.py`` weighs them, in the order in which
``workspace/index.py`` lists the readers.
"""
