"""Source text: spans, lines and positions, encodings of files, edits.

Nothing here knows XML. Offsets are in characters (indices of a Python string), lines and columns count
from 0; only reports and the command line add 1.
"""
