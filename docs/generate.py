"""Writes what is generated from the rules: their pages in docs/rules, and the table and the excerpt in the README."""

from __future__ import annotations

import re
from pathlib import Path

from apim_policy.rules.documentation import published, table

ROOT = Path(__file__).parent.parent
_TABLE = re.compile(r"(<!-- rules -->\n).*?(<!-- /rules -->)", re.DOTALL)
_FIRST_EXCERPT = re.compile(r"(```console\n\$ apim-policy lint [^\n]*\n).*?(```)", re.DOTALL)
_NO_TERMINAL = {"NO_COLOR": "1"}


def readme(text: str) -> str:
    """The README with its table of rules and its excerpt as they are now."""
    rules = table("docs/rules/")
    text = _TABLE.sub(lambda match: f"{match[1]}\n{rules}\n{match[2]}", text)
    return _FIRST_EXCERPT.sub(lambda match: f"{match[1]}{excerpt()}{match[2]}", text, count=1)


def excerpt() -> str:
    """What the command at the top of the README prints, without the line of the summary."""
    import contextlib
    import io
    import os

    from apim_policy.cli.main import main

    out = io.StringIO()
    before = Path.cwd()
    os.chdir(ROOT)
    try:
        with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
            main(["lint", "examples/orders-mcp", "--select", "MCP001"])
    finally:
        os.chdir(before)
    finding, _, _ = out.getvalue().partition("\n\n")
    return f"{finding}\n"


def main() -> None:
    """Write every page and remove those whose rule is gone; bring the README up to date."""
    folder = ROOT / "docs" / "rules"
    folder.mkdir(exist_ok=True)
    pages = published()
    for path in folder.glob("*.md"):
        if path.name not in pages:
            path.unlink()
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    path = ROOT / "README.md"
    path.write_text(readme(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
