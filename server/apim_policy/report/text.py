"""Findings for people to read: each with its source, its related places, its fixes and a link; or one line each."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from apim_policy.report.excerpt import excerpt, last_line
from apim_policy.report.findings import number_of
from apim_policy.report.style import printable
from apim_policy.rules.model import Applicability, Severity
from apim_policy.rules.registry import url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from apim_policy.report.findings import Findings
    from apim_policy.report.style import Style
    from apim_policy.rules.model import Diagnostic, Related

_MOST_RELATED = 8
_INDENT = "  "
_TO_PASTE = "\n\n"
"""What stands between the sentences of a message and text to be copied from it."""
_WRAPPER = textwrap.TextWrapper(
    width=100,
    initial_indent=_INDENT,
    subsequent_indent=_INDENT,
    break_long_words=False,
    break_on_hyphens=False,
)


def render(findings: Findings, style: Style) -> str:
    """Each finding with its source excerpt, then the summary; ends with a line end."""
    blocks = ["\n".join(_finding(findings, finding, style)) + "\n\n" for finding in findings.found]
    return "".join(blocks) + summary(findings, style)


def render_concise(findings: Findings, style: Style) -> str:
    """Each finding in one line, then the summary."""
    lines = [
        f"{_head(findings, finding, style)} {printable(finding.message.partition(_TO_PASTE)[0])}\n"
        for finding in findings.found
    ]
    return "".join(lines) + summary(findings, style)


def summary(findings: Findings, style: Style) -> str:
    """How much was found, how much of it can be fixed and by which command, and how much is hidden."""
    lines = []
    if findings.fixed:
        files = len({path for item in findings.fixed for path in item.paths})
        lines.append(f"Fixed {number_of(len(findings.fixed), 'finding')} in {number_of(files, 'document')}.")
    checked = number_of(findings.documents, "document")
    if not findings.found:
        remains = "nothing remains to report" if findings.fixed else "nothing to report"
        lines.append(style.good(f"{checked} checked, {remains}."))
    else:
        counts = [(severity, findings.count(severity)) for severity in Severity]
        words = ", ".join(
            style.severity(number_of(number, level.value), level) for level, number in counts if number
        )
        lines.append(f"{checked} checked: {words}.")
        lines.extend(_fixable(findings.found, style))
    if findings.known:
        lines.append(f"Hidden by the baseline: {number_of(len(findings.known), 'finding')}.")
    return "".join(f"{line}\n" for line in lines)


def _finding(findings: Findings, finding: Diagnostic, style: Style) -> Iterator[str]:
    lines = findings.lines(finding.path)
    related = finding.related[:_MOST_RELATED]
    places = [(lines, finding.span), *((findings.lines(place.path), place.span) for place in related)]
    gutter = max(len(str(last_line(own, span) + 1)) for own, span in places)
    note = " " * gutter + " " + style.gutter("=")
    yield f"{_head(findings, finding, style)} {style.dim(finding.name)}"
    yield from _message(finding.message)
    if lines.text:
        yield " " * gutter + " " + style.gutter("|")
        yield from excerpt(
            lines, finding.span, gutter, style, lambda mark: style.severity(mark, finding.severity)
        )
    for place in related:
        yield from _related(findings, place, gutter, style)
    if len(finding.related) > len(related):
        yield f"{note} and {number_of(len(finding.related) - len(related), 'more place')}"
    for position, fix in enumerate(finding.fixes):
        word = "or" if position else "fix"
        label = f"{word}:" if fix.applicability is Applicability.SAFE else f"{word} (unsafe):"
        yield f"{note} {style.good(label)} {printable(fix.title)}"
    if address := url(finding.code):
        yield f"{note} {style.dim('see: ' + style.link(address, address))}"


def _head(findings: Findings, finding: Diagnostic, style: Style) -> str:
    position = findings.lines(finding.path).position(finding.span.start)
    path = style.bold(printable(findings.shown(finding.path)))
    code = style.link(style.severity(finding.code, finding.severity), url(finding.code))
    severity = style.severity(finding.severity.value, finding.severity)
    return f"{path}:{position.line + 1}:{position.column + 1} {severity} {code}"


def _message(message: str) -> Iterator[str]:
    """The message in lines that a narrow terminal holds, and what it holds to be pasted line by line."""
    sentences, _, to_paste = message.partition(_TO_PASTE)
    yield from _WRAPPER.wrap(printable(sentences))
    if to_paste:
        yield ""
        yield from (f"{_INDENT}{printable(line)}".rstrip() for line in to_paste.splitlines())


def _related(findings: Findings, place: Related, gutter: int, style: Style) -> Iterator[str]:
    lines = findings.lines(place.path)
    position = lines.position(place.span.start)
    where = f"{printable(findings.shown(place.path))}:{position.line + 1}:{position.column + 1}"
    yield f"{' ' * gutter} {style.gutter('=')} {style.bold(where)} {printable(place.message)}"
    if lines.text:
        yield from excerpt(lines, place.span, gutter, style, style.gutter, "-")


def _fixable(found: Iterable[Diagnostic], style: Style) -> Iterator[str]:
    safe, unsafe = 0, 0
    named = set()
    for finding in found:
        fix = finding.batch_fix
        if fix is None:
            continue
        if fix.named:
            named.add(finding.code)
        elif fix.applicability is Applicability.SAFE:
            safe += 1
        else:
            unsafe += 1
    offers = []
    if safe:
        offers.append(f"{safe} with {style.bold('apim-policy fix')}")
    if unsafe:
        offers.append(
            f"{unsafe} {'more ' if safe else ''}with {style.bold('apim-policy fix --unsafe-fixes')}"
        )
    offers += [
        f"{code} with {style.bold(f'apim-policy fix --unsafe-fixes --fix-only {code}')}"
        for code in sorted(named)
    ]
    if offers:
        yield f"Fixable: {', '.join(offers)}."
