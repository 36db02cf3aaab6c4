"""Findings as text for people and as JSON for programs.

A report writes what it is given: which findings count, and where the text goes, is the command line's business. Colour
and hyperlinks only decorate; the text is the same without.
"""
