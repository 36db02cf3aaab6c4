"""Rules of an organisation's own: XPath 1.0 over the document, from its settings.

An XPath sees elements, attributes and texts as their authors wrote them, expressions with all their C#. It cannot reach
outside the document: nothing is fetched, no variables exist, and of functions there are those of XPath 1.0 only. Names
with a prefix keep it, with an underscore in the place of the colon.
"""

from __future__ import annotations

from functools import cache
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

from apim_policy.rules.model import Rule, Severity
from apim_policy.syntax.lxml_bridge import to_lxml
from apim_policy.syntax.tree import (
    CData,
    Comment,
    Element,
    PartKind,
    ProcessingInstruction,
    Text,
    decode_entities,
)
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lxml import etree

    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.model import Diagnostic
    from apim_policy.syntax.lxml_bridge import LxmlTree
    from apim_policy.syntax.tree import Attribute, Document, Node
    from apim_policy.workspace.settings import CustomRule

SECONDS = 2.0
"""How long an XPath may take on one document."""


class CustomRuleError(ValueError):
    """An XPath that cannot be used; the message says why, in full sentences."""


def rule_of(custom: CustomRule) -> Rule:
    """The rule that settings describe. Raises CustomRuleError where its XPath makes no sense."""
    _compiled(custom.xpath)

    def check(context: RuleContext) -> Iterator[Diagnostic]:
        document = context.document
        view = _view(document)
        if view.tree is None or document.root is None:
            return
        result = _run(custom.xpath, view)
        if result is None or isinstance(result, Exception):
            why = f"could not run here: {result}" if result else f"was given up after {SECONDS:g} seconds"
            message = f"The XPath of {custom.code} {why}. Nothing is known of what it looks for."
            yield rule.diagnostic(context, document.root.name_span, message)
        elif result is True:
            yield rule.diagnostic(context, document.root.name_span, custom.message)
        elif isinstance(result, list):
            spans = {span for item in result if (span := _span(document, view.tree, item)) is not None}
            for span in sorted(spans):
                yield rule.diagnostic(context, span, custom.message)

    rule = Rule(custom.code, "custom-rule", Severity(custom.level.value), custom.message, check)
    return rule


@cache
def _compiled(xpath: str) -> Callable[[Any], object]:
    from lxml import etree

    try:
        compiled = etree.XPath(xpath, regexp=False)
        # Which functions and prefixes there are shows only when it runs, and so does the type of what it gives.
        result = compiled(etree.fromstring("<policies><inbound><base/></inbound></policies>"))
    except etree.XPathError as error:
        raise CustomRuleError(f"This is no XPath 1.0 that can run here: {error}.") from None
    if not isinstance(result, (list, bool)):
        kind = "a number" if isinstance(result, float) else "a text"
        raise CustomRuleError(
            f"The XPath gives {kind}. It has to select elements, attributes or texts, or to be true or false, as in "
            f"count(//set-header) > 20."
        )
    return compiled


class _View(NamedTuple):
    """A document as XPaths see it."""

    tree: LxmlTree | None
    slow: set[str]
    """The XPaths that took too long on it."""


def _run(xpath: str, view: _View) -> object:
    """What an XPath gives, the error that it ends with, or None where it takes too long."""
    if xpath in view.slow or view.tree is None:
        return None
    compiled, root = _compiled(xpath), view.tree.root
    answers: list[object] = []
    # libxml2 cannot be told to stop. In a thread of its own it holds nobody up, and ends with the process at last.
    thread = Thread(target=lambda: answers.append(_answer(compiled, root)), daemon=True)
    thread.start()
    thread.join(SECONDS)
    if not answers:
        view.slow.add(xpath)
        return None
    return answers[0]


def _answer(compiled: Callable[[Any], object], root: etree._Element) -> object:
    from lxml import etree

    try:
        return compiled(root)
    except etree.XPathError as error:
        return error


_views: dict[int, tuple[Document, _View]] = {}


def _view(document: Document) -> _View:
    """The view of a document, kept while rules look at it one after the other."""
    known = _views.get(id(document))
    if known is not None and known[0] is document:
        return known[1]
    tree = to_lxml(document)
    if tree is not None:
        for element, node in tree.nodes.items():
            _write(document, element, node)
    view = _View(tree, set())
    _views.clear()
    _views[id(document)] = document, view
    return view


def _write(document: Document, element: Element, node: etree._Element) -> None:
    """Put the author's text where the twin has none of it."""
    for attribute in element.attributes:
        if any(part.kind is not PartKind.LITERAL for part in attribute.parts):
            _try(node.set, attribute.name.replace(":", "_"), _decoded(document, attribute))
    if all(part.kind is PartKind.LITERAL for text in element.texts() for part in text.parts):
        return
    following = iter(node)
    before: etree._Element | None = None
    text = ""
    for child in [*element.children, None]:
        if isinstance(child, Text):
            text += _decoded(document, child)
        elif child is None or isinstance(child, (Element, Comment, ProcessingInstruction)):
            _try(setattr, node if before is None else before, "text" if before is None else "tail", text)
            before, text = next(following, None), ""
            if before is None:
                return


def _try(write: Callable[..., None], *arguments: object) -> None:
    try:
        write(*arguments)
    except ValueError:
        # A character that XML cannot hold: the twin's text stays.
        return


def _decoded(document: Document, owner: Attribute | Text) -> str:
    raw = "".join(document.slice(part) for part in owner.parts)
    return decode_entities(raw) if "&" in raw and not isinstance(owner, CData) else raw


def _span(document: Document, tree: LxmlTree, item: Any) -> Span | None:
    """Where a node stands that an XPath selected; None for what is no element, attribute or text."""
    if not isinstance(item, str):
        element = tree.elements.get(item)
        return element.name_span if element is not None else None
    # lxml's strings know where they come from.
    found: Any = item
    element = tree.elements.get(found.getparent())
    if element is None:
        return None
    if not found.is_attribute:
        return _text_span(document, element, after=found.is_tail)
    for attribute in element.attributes:
        if attribute.name.replace(":", "_") == found.attrname:
            return attribute.value_span if attribute.value_span else attribute.name_span
    return None


def _text_span(document: Document, element: Element, *, after: bool) -> Span:
    """The first text in an element that is not blank, or the first after it; the element's name where there is none."""
    siblings: Sequence[Node] = element.children
    if after and element.parent is not None:
        siblings = element.parent.children[element.parent.children.index(element) + 1 :]
    for node in siblings:
        if isinstance(node, Text) and (content := document.slice(node).strip()):
            start = document.text.index(content, node.start)
            return Span(start, start + len(content))
        if after and isinstance(node, Element):
            break
    return element.name_span
