"""Snippets of the language server protocol as plain text."""

from __future__ import annotations

import re

_PLACEHOLDER = re.compile(r"\\([$}\\])|\$\{\d+\|([^,|]*)[^|]*\|\}|\$\{\d+:((?:[^\\}]|\\.)*)\}|\$\{?\d+\}?")


def filled_in(snippet: str) -> str:
    """The snippet with each placeholder's first choice or default text."""

    def text(match: re.Match[str]) -> str:
        escaped, choice, default = match.groups()
        if default is not None:
            return re.sub(r"\\([$}\\])", r"\1", default)
        return escaped or choice or ""

    return _PLACEHOLDER.sub(text, snippet)
