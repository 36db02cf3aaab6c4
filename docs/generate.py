"""Writes the pages of the rules to docs/rules from the docstrings of their modules."""

from __future__ import annotations

from pathlib import Path

from apim_policy.rules.documentation import published


def main() -> None:
    """Write every page, and remove those whose rule is gone."""
    folder = Path(__file__).parent / "rules"
    folder.mkdir(exist_ok=True)
    pages = published()
    for path in folder.glob("*.md"):
        if path.name not in pages:
            path.unlink()
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
