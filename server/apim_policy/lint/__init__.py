"""The lint engine: which rules run, what becomes of their findings, and how fixes are applied.

The command line and the language server both ask ``engine``, so both show the same findings.
"""
