"""Policy documents: text to a lossless tree and syntax errors.

Parsing never raises and takes time linear in the length of the text, whatever the input. The tree's offsets speak
of the source text; concatenated tokens give the source back.
"""
