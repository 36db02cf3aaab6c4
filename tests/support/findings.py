"""Findings made by hand, for tests of reports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from apim_policy.report.findings import Findings
from apim_policy.report.style import printable
from apim_policy.rules.model import Diagnostic, Severity
from apim_policy.text.lines import LineIndex
from apim_policy.text.span import Span

FOLDER = Path("/project").absolute()
FILE = FOLDER / "policy.xml"


def span_of(text: str, part: str) -> Span:
    """Where ``part``, which stands in ``text`` once, stands."""
    assert text.count(part) == 1, f"{part!r} stands in the text {text.count(part)} times"
    start = text.index(part)
    return Span(start, start + len(part))


def finding(span: Span, message: str = "This is wrong.", **fields: Any) -> Diagnostic:
    """A warning XML001 in ``policy.xml``, unless ``fields`` say otherwise."""
    given = {
        "path": FILE,
        "code": "XML001",
        "name": "unclosed-element",
        "severity": Severity.WARNING,
        **fields,
    }
    return Diagnostic(span=span, message=message, **given)


def findings(texts: str | dict[Path, str], *found: Diagnostic, **fields: Any) -> Findings:
    """A run over these texts, a lone one being ``policy.xml``."""
    given = {FILE: texts} if isinstance(texts, str) else texts
    lines = {path: LineIndex(text) for path, text in given.items()}
    return Findings(found, len(given), lambda path: lines.get(path, LineIndex("")), FOLDER, **fields)


def special_texts() -> st.SearchStrategy[str]:
    """Texts that are rich in what the logs of build services take for markup."""
    characters = st.one_of(st.sampled_from("%\r\n:,;]=#0ADZP25B"), st.characters(exclude_categories=["Cs"]))
    return st.text(characters)


def file_names() -> st.SearchStrategy[str]:
    """The same as names of files."""
    return special_texts().filter(lambda name: name.strip(".") and not set(name) & set("/\0"))


def as_shown(text: str) -> str:
    """The text as a log may hold it: what would steer a terminal is replaced, line ends are kept."""
    return "".join(part if part in "\r\n" else printable(part) for part in text)
