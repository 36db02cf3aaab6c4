"""The fixes that let the key header carry another header's value across the boundary, and that undo it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from apim_policy.csharp.members import context_members
from apim_policy.flow import facts
from apim_policy.flow.composition import Layer
from apim_policy.flow.headers import Write
from apim_policy.flow.names import KEY_HEADER, is_header_name
from apim_policy.flow.relay import KEY, SCHEME, Form, restoring_halves, sending_halves
from apim_policy.flow.sections import section
from apim_policy.rules.mcp import layout
from apim_policy.rules.mcp.servers import assumed, quoted, shown
from apim_policy.rules.model import Applicability, FileEdit, Fix
from apim_policy.workspace.files import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from apim_policy.flow.headers import Source
    from apim_policy.flow.server import Call, ServerFlow
    from apim_policy.rules.context import RuleContext
    from apim_policy.rules.mcp.layout import Line
    from apim_policy.syntax.tree import Document, Element
    from apim_policy.text.edits import TextEdit


class Offer(NamedTuple):
    """What can be said of relaying one header."""

    fix: Fix | None
    refusal: str = ""
    """Why no relay is offered, as a sentence; empty where that goes without saying."""
    caution: str = ""
    """What who relays must know, as sentences."""
    paste: str = ""
    """The halves for files that are not in the workspace."""


def sending(header: str, form: Form, *, guarded: bool, quote: str = '"') -> list[Line]:
    """The half for an MCP server's policy; ``quote`` is how attributes spell a quote."""
    value = f'context.Request.Headers.GetValueOrDefault("{header}", "")'
    write = [
        (0, f'<set-header name="{KEY_HEADER}" exists-action="override">'),
        (
            1,
            f'<value>@("{header}=" + {value})</value>'
            if form is Form.NAMED
            else f"<value>@({value})</value>",
        ),
        (0, "</set-header>"),
    ]
    return (
        _guarded(f"context.Request.Headers.ContainsKey({quote}{header}{quote})", write) if guarded else write
    )


def restoring(header: str, form: Form, *, quote: str = '"') -> list[Line]:
    """The half for an API's policy; ``quote`` is how attributes spell a quote."""
    mark = f"{header}=" if form is Form.NAMED else SCHEME
    value = _key('"') + (f'.Substring("{mark}".Length)' if form is Form.NAMED else "")
    return _guarded(
        f"{_key(quote)}.StartsWith({quote}{mark}{quote})",
        [
            (0, f'<set-header name="{header}" exists-action="override">'),
            (1, f"<value>@({value})</value>"),
            (0, "</set-header>"),
            (0, f'<set-header name="{KEY_HEADER}" exists-action="delete" />'),
        ],
    )


def _key(quote: str) -> str:
    return f"context.Request.Headers.GetValueOrDefault({quote}{KEY_HEADER}{quote}, {quote}{quote})"


def _guarded(condition: str, lines: Iterable[Line]) -> list[Line]:
    inner = [(depth + 2, text) for depth, text in lines]
    return [
        (0, "<choose>"),
        (1, f'<when condition="@({condition})">'),
        *inner,
        (1, "</when>"),
        (0, "</choose>"),
    ]


def offer(
    context: RuleContext, flows: Sequence[ServerFlow], header: str, *, title: str, batch: bool = False
) -> Offer:
    """The fix that relays a header from the policies of MCP servers to all APIs behind their tools.

    Only halves that are not there already are added. ``batch`` says whether it may be applied to many files at once
    where nothing is assumed.
    """
    refusal = next((reason for flow in flows if (reason := _refusal(flow, header)) is not None), None)
    if refusal is not None:
        return Offer(None, refusal)
    form = _form(flows, header)
    if form is None:
        return Offer(None)
    relay = _Relay(context, header, form)
    for flow in flows:
        if not any(half.carries(header) for half in sending_halves(flow)):
            relay.send_from(flow)
    for name, calls in _calls_by_api(flows).items():
        if not all(any(half.carries(header) for half in restoring_halves(call.passage)) for call in calls):
            relay.restore_in(name, calls)
    if any(not flow.server.tools_from for flow in flows):
        relay.restore_somewhere("the API behind the tools")
    if not relay.edits:
        return Offer(None)
    unsure = _apis_that_may_need_a_key(flows)
    condition = f" (only if {unsure} needs no subscription key)" if unsure else ""
    fix = Fix(
        f"{title}{condition}",
        tuple(relay.edits),
        Applicability.UNSAFE,
        batch=batch and not unsure and not relay.paste and not any(assumed(flow) for flow in flows),
        named=True,
    )
    return Offer(fix, caution=_caution(context, flows, header), paste="\n\n".join(relay.paste))


def _refusal(flow: ServerFlow, header: str) -> str | None:
    """Why a header cannot be relayed; empty where the reason is plain, None where nothing is in the way."""
    state = flow.outer.sent(header)
    if state is None or not is_header_name(header) or all(_deletes(source) for source in state.sources):
        return ""
    for call in flow.calls:
        api = call.resource
        if api is not None and api.subscription_required is not None and api.subscription_required.value:
            return (
                f'A relay through {KEY_HEADER} is no way out: "{call.api}" requires a subscription, and the gateway'
                " answers 401 to what is no key before any of the API's policies runs."
            )
        if api is not None and api.key_header is not None and api.key_header.lower() != KEY:
            return f'A relay through {KEY_HEADER} is no way out: "{call.api}" takes its key from "{api.key_header}".'
        for write in call.passage.writes:
            if write.origin.layer in (Layer.GLOBAL, Layer.PRODUCT) and write.key == header.lower():
                return (
                    f'A relay through {KEY_HEADER} is no way out: a policy around "{call.api}" sets or deletes'
                    f' "{header}" as well.'
                )
    for half in sending_halves(flow):
        if not half.carries(header):
            load = f'carries "{half.header}" already' if half.header else "is set here already"
            return f"{KEY_HEADER} {load}, and only one value can ride on it."
    if any(_section(write.origin.element) == "backend" for write in state.writes()):
        return "Set it in inbound to be able to relay it."
    return None


def _deletes(source: Source) -> bool:
    return isinstance(source, Write) and source.deletes


def _section(element: Element) -> str | None:
    """The section of a policy document in which an element stands."""
    name = None
    for ancestor in element.ancestors():
        if ancestor.parent is None:
            break
        name = ancestor.name
    return name


def _form(flows: Iterable[ServerFlow], header: str) -> Form | None:
    """The form for missing halves: that of the halves which are there; None where those allow no other half."""
    forms: set[Form | None] = set()
    for flow in flows:
        for half in sending_halves(flow):
            if half.carries(header):
                forms.add(half.form if half.form is not Form.POSSIBLE else None)
        for call in flow.calls:
            for half in restoring_halves(call.passage):
                if half.carries(header):
                    copy = half.write.use.copy
                    fits = half.form is Form.NAMED or (copy is not None and copy.exact)
                    forms.add(half.form if fits else None)
    return forms.pop() if len(forms) == 1 else None if forms else Form.NAMED


class _Relay:
    """The halves of one relay that are missing: edits where their files allow it, text to paste for the others."""

    def __init__(self, context: RuleContext, header: str, form: Form) -> None:
        self.edits: list[FileEdit] = []
        self.paste: list[str] = []
        self._context = context
        self._header = header
        self._form = form

    def send_from(self, flow: ServerFlow) -> None:
        """Add the half of an MCP server."""
        state = flow.outer.sent(self._header)
        guarded = state is None or not state.present
        document = self._document(flow.info.path)
        edit = None
        if document is not None:
            lines = sending(self._header, self._form, guarded=guarded, quote=_quote(document))
            inbound = section(document, "inbound")
            if inbound is None:
                edit = _new_inbound(document, lines, before_base=False)
            elif _whole(inbound):
                edit = layout.appended(document, inbound, lines)
        if edit is not None:
            self.edits.append(FileEdit(flow.info.path, (edit,)))
        else:
            half = layout.pasted(sending(self._header, self._form, guarded=guarded))
            self.paste.append(f"For the end of the MCP server's inbound section:\n\n{half}")

    def restore_in(self, api: str, calls: Sequence[Call]) -> None:
        """Add the half of an API."""
        resource = calls[0].resource
        path = resource.policy if resource is not None else None
        document = self._document(path) if path is not None else None
        edit = (
            self._restoring_edit(document, path, calls) if path is not None and document is not None else None
        )
        if path is not None and edit is not None:
            self.edits.append(FileEdit(path, (edit,)))
        else:
            self.restore_somewhere(f'"{api}"')

    def restore_somewhere(self, where: str) -> None:
        """Add the half of an API whose policy cannot be changed."""
        half = layout.pasted(restoring(self._header, self._form))
        place = f'For the inbound section of {where}, before the first policy that reads "{self._header}":'
        self.paste.append(f"{place}\n\n{half}")

    def _restoring_edit(self, document: Document, path: Path, calls: Sequence[Call]) -> TextEdit | None:
        lines = restoring(self._header, self._form, quote=_quote(document))
        users = list(_users(path, calls, self._header))
        inbound = section(document, "inbound")
        if inbound is None:
            return _new_inbound(document, lines, before_base=document.root in users)
        if not _whole(inbound):
            return None
        children = [child for user in users if (child := _child_of(inbound, user)) is not None]
        first = min(children, key=lambda child: child.start) if children else _after_preamble(inbound)
        if first is None:
            return layout.appended(document, inbound, lines)
        return layout.put_before(document, first, lines)

    def _document(self, path: Path) -> Document | None:
        try:
            return self._context.other(path)
        except UnreadableFileError:
            return None


def _after_preamble(inbound: Element) -> Element | None:
    """The first policy after the outer scopes' and after ``cors``, which other scopes find only where it stands early."""
    preamble = [child for child in inbound.elements() if facts.is_base(child) or child.name == "cors"]
    at = preamble[-1].end if preamble else inbound.start
    return next((child for child in inbound.elements() if child.start >= at), None)


def _users(path: Path, calls: Iterable[Call], header: str) -> Iterator[Element]:
    """What in an API's policy looks at the header, or does something to the key before it could be restored."""
    key = header.lower()
    for call in calls:
        origins = [read.origin for read in call.passage.reads if read.key == key]
        origins += [write.origin for write in call.passage.writes if write.key == KEY]
        for origin in origins:
            element = origin.seen_from(path)
            if element is not None:
                yield element


def _child_of(holder: Element, element: Element) -> Element | None:
    """The child of an element in which, or as which, another one stands."""
    child = element
    for ancestor in element.ancestors():
        if ancestor is holder:
            return child
        child = ancestor
    return None


def _new_inbound(document: Document, lines: Sequence[Line], *, before_base: bool) -> TextEdit | None:
    root = document.root
    if root is None or root.name != "policies" or not _whole(root):
        return None
    inner: list[Line] = [(depth + 1, text) for depth, text in lines]
    base: list[Line] = [(1, "<base />")]
    block: list[Line] = [
        (0, "<inbound>"),
        *(inner + base if before_base else base + inner),
        (0, "</inbound>"),
    ]
    first = next(root.elements(), None)
    return (
        layout.appended(document, root, block) if first is None else layout.put_before(document, first, block)
    )


def _whole(element: Element) -> bool:
    """Whether what an element holds is known and its end is there."""
    return not element.open and (element.self_closing or element.end_tag is not None)


def _quote(document: Document) -> str:
    """How expressions in the document's attributes spell a quote."""
    return "&quot;" if any(expression.escaped for expression in document.expressions()) else '"'


def _calls_by_api(flows: Iterable[ServerFlow]) -> dict[str, list[Call]]:
    found: dict[str, list[Call]] = {}
    for flow in flows:
        for call in flow.calls:
            found.setdefault(call.api, []).append(call)
    return found


def _apis_that_may_need_a_key(flows: Iterable[ServerFlow]) -> str:
    """The APIs of which nobody says that they need no subscription, for a title."""
    flows = list(flows)
    unsure = [
        name
        for name, calls in _calls_by_api(flows).items()
        if calls[0].resource is None or calls[0].resource.subscription_required is None
    ]
    if any(not flow.server.tools_from for flow in flows):
        return "the API"
    return quoted(unsure) if unsure else ""


def _caution(context: RuleContext, flows: Iterable[ServerFlow], header: str) -> str:
    sentences = [
        f'A direct caller of the API can send the same value, so validate "{header}" there or do not trust it.'
    ]
    for name, calls in _calls_by_api(flows).items():
        uses = sorted({use for call in calls for use in _uses_of_subscription(context, call)})
        if uses:
            places = [f"{member} ({file}, line {line})" for file, line, member in uses[:_NAMED_USES]]
            more = f" and {len(uses) - _NAMED_USES} more" if len(uses) > _NAMED_USES else ""
            sentences.append(
                f'The inner call has no subscription, yet "{name}" uses {", ".join(places)}{more}.'
            )
    return " ".join(sentences)


def _uses_of_subscription(context: RuleContext, call: Call) -> Iterator[tuple[str, int, str]]:
    for path, document in call.passage.documents.items():
        if not any(f"context.{name}" in document.text for name in _OF_SUBSCRIPTION):
            continue
        for expression in document.expressions():
            for member in context_members(document, expression):
                if member.name in _OF_SUBSCRIPTION:
                    line = document.lines.line_of(expression.start + member.span.start) + 1
                    yield shown(context, path), line, f"context.{member.name}"


_OF_SUBSCRIPTION = ("Subscription", "Product")
_NAMED_USES = 3
