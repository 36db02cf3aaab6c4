"""Changes that several rules offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.rules.model import Applicability, FileEdit, Fix
from apim_policy.text.edits import TextEdit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from apim_policy.rules.context import RuleContext
    from apim_policy.syntax.tree import Attribute, Element


def fix(
    context: RuleContext,
    title: str,
    edits: Iterable[TextEdit],
    applicability: Applicability = Applicability.UNSAFE,
    *,
    batch: bool = True,
) -> Fix:
    """The fix that edits the document which is checked."""
    return Fix(title, (FileEdit(context.path, tuple(edits)),), applicability, preferred=True, batch=batch)


def renamed(element: Element, name: str) -> list[TextEdit]:
    """An element under another name, in both tags."""
    spans = [element.name_span, *([element.end_tag.name_span] if element.end_tag else [])]
    return [TextEdit(span, name) for span in spans]


def given(context: RuleContext, element: Element, name: str, value: str) -> TextEdit:
    """One more attribute, after those that are there; in a line of its own where the last is."""
    last: Attribute | None = element.attributes[-1] if element.attributes else None
    at = last.end if last else element.name_span.end
    space = " "
    if last is not None:
        before = element.attributes[-2].end if len(element.attributes) > 1 else element.name_span.end
        between = context.document.text[before : last.start]
        space = between if between and between.isspace() else " "
    return TextEdit.insert(at, f'{space}{name}="{value}"')
