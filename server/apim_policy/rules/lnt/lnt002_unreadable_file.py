"""# LNT002 unreadable-file

## What it does

Reports a file that could not be read: its bytes are neither UTF-8 nor UTF-16, it is gone, or the system denies access.
The other files are checked as usual.

## Why is this bad?

Nothing in the file was checked. API Management takes policy documents in UTF-8 or UTF-16; a document in an older code
page is refused, or arrives with its non-ASCII characters garbled.

## Example

A document that was saved as Windows-1252:

```text
comment.xml:1:1 error LNT002 "comment.xml" cannot be read: byte 17 does not fit UTF-8. …
```

## Use instead

Save the file as UTF-8, with or without a byte order mark. An XML declaration that names another encoding
(`<?xml version="1.0" encoding="windows-1252"?>`) does not help: documents are deployed as text, not as bytes.

## References

- [Set or edit policies](https://learn.microsoft.com/azure/api-management/set-edit-policies)
- [Extensible Markup Language 1.0, appendix F: autodetection of character encodings](https://www.w3.org/TR/xml/#sec-guessing)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Diagnostic, Rule, Severity
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from pathlib import Path

RULE = Rule(
    code="LNT002",
    name="unreadable-file",
    level=Severity.ERROR,
    summary="File that is no UTF-8 or UTF-16 text, or cannot be opened",
    check=None,
)


def finding(path: Path, reason: str) -> Diagnostic:
    """The finding for a file that was not read, at its first character."""
    message = f'"{path.name}" was not checked: {reason}.'
    return Diagnostic(path, Span(0, 0), RULE.code, RULE.name, RULE.level, message)
