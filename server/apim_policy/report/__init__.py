"""Findings as text for people, and in the forms that programs and build services read.

A report writes what it is given: which findings count, and where the text goes, is the command line's business. Colour
and hyperlinks only decorate; the text is the same without.
"""
