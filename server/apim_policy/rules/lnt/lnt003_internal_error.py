"""# LNT003 internal-error

## What it does

Reports that a rule failed while it checked a document. The message names the rule, the error and the place in the
rule. The findings of all other rules are there as usual.

## Why is this bad?

What the rule would have said about this document is missing. The fault is the linter's, not the document's.

## Example

```text
policy.xml:1:1 error LNT003 MCP001 failed on this document (KeyError: 'inbound', in mcp001_header_not_forwarded.py line 88), …
```

## Use instead

Report the message, with the document where you can share it, at <https://github.com/apim-policy/apim-policy/issues>.
Until it is mended, take the rule out for this file:

```toml
[per-file]
"apis/orders/policy.xml" = { ignore = ["MCP001"] }
```

## References

- [Issues of apim-policy](https://github.com/apim-policy/apim-policy/issues)
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from apim_policy.rules.model import Diagnostic, Rule, Severity
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from pathlib import Path

    from apim_policy.syntax.tree import Element

RULE = Rule(
    code="LNT003",
    name="internal-error",
    level=Severity.ERROR,
    summary="Rule that failed on a document",
    check=None,
)


def finding(path: Path, root: Element | None, failed: str, error: Exception) -> Diagnostic:
    """The finding for ``failed``, a rule's code or another part of the program, that raised ``error``.

    It stands at the root element's name, or at the first character where the tree is missing.
    """
    message = (
        f"{failed} failed on this document ({describe(error)}), so its findings are missing here. "
        f"This is a defect of apim-policy: please report it."
    )
    return Diagnostic(path, root.name_span if root else Span(0, 0), RULE.code, RULE.name, RULE.level, message)


def describe(error: BaseException) -> str:
    """The error and the place that raised it, in one line."""
    text = " ".join(f"{type(error).__name__}: {error}".split())
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return text
    return f"{text}, in {PurePath(trace.tb_frame.f_code.co_filename).name} line {trace.tb_lineno}"
