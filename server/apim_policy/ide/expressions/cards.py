"""What the service and .NET say of a member, a type or a name in an expression, laid out for the eye."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apim_policy.csharp.framework import context
from apim_policy.csharp.library import documentation, lookup, type_allowed
from apim_policy.csharp.types import Allowed, MemberKind, parse_type
from apim_policy.ide.markup import Code, Link, Markup, Strong

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apim_policy.csharp.scopes import Local
    from apim_policy.csharp.types import Member, Type
    from apim_policy.ide.markup import Inline
    from apim_policy.ide.proposals import CodeSubject

_DOT = " · "
_MOST = 4
"""So many overloads are shown; the rest is counted."""
_DOTNET = "https://learn.microsoft.com/dotnet/api/"
_NEWTONSOFT = "https://www.newtonsoft.com/json/help/html/"
# Holds the extension methods of the service; no author writes its name.
_NAMELESS = "PolicyExpressions"


def card(subject: CodeSubject) -> Markup | None:
    """The card of a member or type by its names; None where there is no such thing."""
    type_ = parse_type(subject.type)
    if type_ is None:
        return None
    if subject.member is None:
        return type_card(type_)
    members = lookup(type_, subject.member, static=subject.static)
    usable = [member for member in members if member.allowed is not Allowed.NO]
    return member_card(usable or members) if members else None


def member_card(members: Sequence[Member]) -> Markup:
    """The card of a member, the overload that is meant first."""
    first = members[0]
    markup = Markup()
    name = str(first.owner) if first.kind is MemberKind.CONSTRUCTOR else first.name
    title = f"{first.owner!s}[…]" if first.kind is MemberKind.INDEXER else name
    markup.paragraph(Strong(title), f"{_DOT}{_kind(first)}", *_owner(first))
    shown = [member.signature for member in members[:_MOST]]
    if len(members) > _MOST:
        shown.append(f"// and {len(members) - _MOST} more")
    markup.code("csharp", "\n".join(shown))
    if first.documentation:
        markup.prose(first.documentation)
    notes = _notes(first)
    if notes:
        markup.paragraph(*notes)
    link = page(first.owner, first)
    if link is not None:
        markup.paragraph(link)
    return markup


def explained(member: Member) -> Markup | None:
    """What there is to say of one overload beside its signature."""
    markup = Markup()
    if member.documentation:
        markup.prose(member.documentation)
    notes = _notes(member)
    if notes:
        markup.paragraph(*notes)
    return markup if markup.blocks else None


def _kind(member: Member) -> str:
    return "extension method" if member.extension else member.kind.value


def _owner(member: Member) -> list[Inline]:
    if member.kind in (MemberKind.CONSTRUCTOR, MemberKind.INDEXER) or member.owner.name == _NAMELESS:
        return []
    return [" of ", Code(spelled(member.owner))]


def _notes(member: Member) -> list[Inline]:
    """Whether it may be null, and whether the service takes it."""
    notes: list[Inline] = []
    if member.nullable:
        notes.append("May be null.")
    if member.allowed is Allowed.NO:
        notes.append("Not among the members that policy expressions may use.")
    elif member.allowed is Allowed.UNSURE:
        notes.append("No page says whether policy expressions may use it.")
    return [" ".join(map(str, notes))] if notes else []


def type_card(type_: Type) -> Markup:
    """The card of a type."""
    markup = Markup()
    own = type_.name in context()["types"]
    if type_.name == "Context":
        markup.paragraph(Strong("context"), f"{_DOT}the call that is being handled")
    elif own:
        markup.paragraph(Strong(spelled(type_)), f"{_DOT}type of the service")
    else:
        markup.paragraph(Strong(str(type_)), f"{_DOT}type ", Code(type_.name))
    words = documentation(type_)
    if words:
        markup.prose(words)
    allowed = type_allowed(type_.name)
    if allowed is Allowed.NO:
        markup.paragraph("Not among the types that policy expressions may use.")
    elif allowed is Allowed.UNSURE:
        markup.paragraph("No page says whether policy expressions may use it.")
    elif not own:
        markup.paragraph("Policy expressions may use it.")
    link = page(type_)
    if link is not None:
        markup.paragraph(link)
    return markup


def local_card(local: Local) -> Markup:
    """The card of a name that the expression itself declares."""
    markup = Markup()
    markup.paragraph(Strong(local.name), f"{_DOT}{local.kind.value}")
    if local.type is not None:
        markup.code("csharp", f"{local.type} {local.name}")
    else:
        markup.paragraph("Its type cannot be told from the expression.")
    return markup


def spelled(type_: Type) -> str:
    """The name of a type as an author would look for it: that of a part of ``context`` by the path to it."""
    name = str(type_)
    return name.replace("Context", "context", 1) if name.split(".")[0] == "Context" else name


def page(type_: Type, member: Member | None = None) -> Link | None:
    """Where to read about a type or one of its members."""
    known = context()["types"].get(type_.key)
    if known is not None:
        url = context()["sources"].get(known.get("source", ""), "")
        return Link("Documentation", url) if url.startswith("https:") else None
    name = type_.name
    if not name[0].isalpha() or "." not in name:
        return None
    if name.startswith("Newtonsoft."):
        return Link("Documentation", f"{_NEWTONSOFT}T_{name.replace('.', '_')}.htm")
    path = f"{name}-{len(type_.arguments)}" if type_.arguments else name
    if member is None:
        return Link("Documentation", f"{_DOTNET}{path.lower()}")
    ending = {MemberKind.CONSTRUCTOR: "-ctor", MemberKind.INDEXER: "item"}.get(member.kind, member.name)
    if member.kind is MemberKind.ENUM_VALUE:
        return Link("Documentation", f"{_DOTNET}{path.lower()}")
    return Link("Documentation", f"{_DOTNET}{path.lower()}.{ending.lower()}")
