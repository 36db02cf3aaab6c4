"""From syntax errors to findings: each rule of this family words one kind of fault."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.rules.model import Applicability, FileEdit, Fix, Rule, Severity
from apim_policy.text.edits import TextEdit
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic, Related
    from apim_policy.syntax.tree import Document, Fault, FaultKind


_TAG_NAME = re.compile(r"</?\s*([\w.:-]+)")
_LONGEST = 60


class Wording(NamedTuple):
    """What a rule says of one form of a fault.

    Filled in wherever they stand in a text: ``{token}`` is what the fault quotes, ``{new}`` the text that would mend it,
    ``{line}`` the line of the other place, from 1, and ``{place}`` the name of the tag there.
    """

    message: str
    fix: str | None = None
    """Title of the change that mends it; None where none is offered."""
    related: str | None = None
    """What to say at the other place."""


def fault_rule(
    *,
    code: str,
    name: str,
    summary: str,
    kind: FaultKind,
    wordings: Mapping[str, Wording],
    level: Severity = Severity.ERROR,
    fix: Applicability | None = Applicability.SAFE,
    fixes: Callable[[RuleContext, Fault], list[Fix] | None] | None = None,
) -> Rule:
    """The rule that reports the faults of one kind, each form in its own words.

    ``fixes`` makes the fixes of those faults that more than one change mends; None from it means the parser's repair.
    """

    def check(context: RuleContext) -> Iterator[Diagnostic]:
        for fault in faults_of(context.document, kind):
            own = fixes(context, fault) if fixes is not None else None
            yield _finding(rule, context, fault, wordings[fault.detail], own)

    rule = Rule(code=code, name=name, level=level, summary=summary, check=check, fix=fix)
    return rule


def faults_of(document: Document, kind: FaultKind) -> Iterator[Fault]:
    """The faults of one kind, in the order of the text."""
    return (fault for fault in document.faults if fault.kind is kind)


def fix_of(
    context: RuleContext,
    title: str,
    edits: Iterable[TextEdit],
    applicability: Applicability = Applicability.SAFE,
) -> Fix:
    """A fix of the document that is checked."""
    return Fix(title, (FileEdit(context.path, tuple(edits)),), applicability, preferred=True)


def _finding(
    rule: Rule, context: RuleContext, fault: Fault, wording: Wording, fixes: list[Fix] | None
) -> Diagnostic:
    document = context.document
    fields = {"token": _shown(fault.token)}
    related: list[Related] = []
    if fault.related is not None:
        place = Span(*fault.related)
        name = _TAG_NAME.match(document.text, place.start)
        fields["line"] = str(document.lines.line_of(place.start) + 1)
        fields["place"] = name[1] if name else ""
        if wording.related is not None:
            related.append(context.related(place, wording.related.format(**fields)))
    if fault.repair is not None:
        fields["new"] = fault.repair[2].strip()
        if wording.fix is not None and fixes is None:
            title = wording.fix.format(**fields)
            edits = _repair(document, fault.repair)
            fixes = [fix_of(context, title, edits, rule.fix or Applicability.UNSAFE)]
    message = wording.message.format(**fields)
    return rule.diagnostic(context, fault.span, message, related=related, fixes=fixes or ())


def _repair(document: Document, change: tuple[int, int, str]) -> list[TextEdit]:
    """The edits of a repair: what stays is not replaced, and a deletion leaves no blank line."""
    start, end, new = change
    if not new:
        return [TextEdit(document.lines.to_remove(Span(start, end)), "")]
    old = document.text[start:end]
    at = new.find(old) if old else -1
    if at < 0:
        return [TextEdit(Span(start, end), new)]
    around = (TextEdit.insert(start, new[:at]), TextEdit.insert(end, new[at + len(old) :]))
    return [edit for edit in around if edit.new_text]


def _shown(token: str) -> str:
    """A token as a message shows it: on one line, with the number of what cannot be seen."""
    line = token.split("\n", 1)[0].rstrip("\r")
    return "".join(char if char.isprintable() else f"U+{ord(char):04X}" for char in line[:_LONGEST])
