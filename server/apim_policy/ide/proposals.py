"""Proposals at a caret, whoever makes them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from apim_policy.ide.grammar import Subject
    from apim_policy.text.span import Span


class CompletionKind(Enum):
    """What a proposal is."""

    DOCUMENT = "document"
    SECTION = "section"
    POLICY = "policy"
    CHILD = "child"
    ATTRIBUTE = "attribute"
    VALUE = "value"
    END_TAG = "end-tag"
    EXPRESSION = "expression"
    """A whole expression, or statements of C#, with stops to fill in."""
    METHOD = "method"
    PROPERTY = "property"
    CONSTANT = "constant"
    """A value of an enumeration, or a field."""
    TYPE = "type"
    LOCAL = "local"
    """A local variable or a parameter of C#, or ``context``."""
    VARIABLE = "variable"
    """A variable of the call, by name."""
    HEADER = "header"
    KEYWORD = "keyword"


class CodeSubject(NamedTuple):
    """Something of C# that has documentation, by names alone."""

    type: str
    """The type as C# spells it."""
    member: str | None = None
    """A member of that type, with all its overloads; None for the type itself."""
    static: bool = False


@dataclass(frozen=True, slots=True)
class Completion:
    """One proposal."""

    label: str
    kind: CompletionKind
    snippet: str
    """What is written, in the snippet syntax of the language server protocol."""
    sort: str
    """Proposals are shown in the order of this text."""
    filter: str
    """What the word before the caret is compared with."""
    detail: str = ""
    mark: str = ""
    """A word beside the label: required, preview, retired, …; of what has one, the type."""
    deprecated: bool = False
    subject: Subject | CodeSubject | None = None
    """What the documentation is about."""


@dataclass(frozen=True, slots=True)
class Completions:
    """All proposals at a caret."""

    items: tuple[Completion, ...]
    insert: Span
    """What a proposal takes the place of: the word up to the caret."""
    replace: Span
    """The same with the rest of the word."""
    indent: str
    """What the lines of a proposal after its first begin with."""
