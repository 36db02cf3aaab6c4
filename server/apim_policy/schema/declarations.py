"""What the schemas say of a policy, an element, an attribute and a value.

The words in ``documentation`` are for people; every other field is a fact that rules, completion and the flow of
headers ask for. ``schemas/appinfo.xsd`` defines the vocabulary.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Expressions(Enum):
    """Whether a value takes a policy expression."""

    ALLOWED = "allowed"
    NOT_ALLOWED = "not-allowed"
    """The documentation says so."""
    UNKNOWN = "unknown"
    """No source says: nothing is reported."""


class ValueKind(Enum):
    """What a literal value is."""

    STRING = "string"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    ENUMERATION = "enumeration"
    DATE_TIME = "date-time"
    DURATION = "duration"


class Status(Enum):
    """How official a policy is."""

    DOCUMENTED = "documented"
    PREVIEW = "preview"
    UNDOCUMENTED = "undocumented"
    """Microsoft's own schema has it, no page speaks of it."""
    RETIRED = "retired"
    STRUCTURAL = "structural"
    """``base``: no policy, but it stands where policies do."""
    CHILD_ONLY = "child-only"
    """``set-url``: stands only inside certain policies."""


class FragmentUse(Enum):
    """Whether a policy fragment may hold a policy."""

    ALLOWED = "allowed"
    NOT_ALLOWED = "not-allowed"
    DISPUTED = "disputed"
    """The documentation forbids what real documents do."""


class Once(Enum):
    """Where a policy may stand only once."""

    SECTION = "section"
    DOCUMENT = "document"


class Order(Enum):
    """How the children of an element may follow each other."""

    SEQUENCE = "sequence"
    """By the positions of the children."""
    ANY = "any"


class Message(Enum):
    """The message that policies inside an element act upon."""

    REQUEST = "request"
    RESPONSE = "response"
    CALL = "call"
    """A request that the element sends itself."""


class Runs(Enum):
    """How the policies inside an element run."""

    ONCE = "once"
    REPEATEDLY = "repeatedly"
    """Once at least."""
    SIDE_BY_SIDE = "side-by-side"
    IF_CHOSEN = "if-chosen"
    """Only where the element is chosen among its siblings."""


class RoleKind(Enum):
    """What a value stands for."""

    VARIABLE_SET = "variable-set"
    VARIABLE_READ = "variable-read"
    REQUEST_HEADER_READ = "request-header-read"
    REQUEST_HEADER_SET = "request-header-set"
    """Of the request, or of the call in which the policy stands."""
    RESPONSE_HEADER_SET = "response-header-set"
    HEADER_SET = "header-set"
    """Of the message that is current where the policy stands."""
    BODY_SET = "body-set"
    FRAGMENT = "fragment"
    BACKEND = "backend"
    LOGGER = "logger"
    CERTIFICATE = "certificate"
    AUTHORIZATION_PROVIDER = "authorization-provider"
    AUTHORIZATION = "authorization"
    SCHEMA = "schema"
    URL = "url"
    CONDITION = "condition"
    SECRET = "secret"
    LOG = "log"


class EffectKind(Enum):
    """What running an element does to the call."""

    FORWARDS = "forwards"
    ENDS_REQUEST = "ends-request"
    MAY_END_REQUEST = "may-end-request"
    READS_BODY = "reads-body"
    BUFFERS_RESPONSE = "buffers-response"
    REPLACES_RESPONSE = "replaces-response"
    COUNTS_CALLS = "counts-calls"
    CALLS_OUT = "calls-out"


class ConstraintKind(Enum):
    """A condition between attributes or children; ``schemas/appinfo.xsd`` says which fields each kind uses."""

    EXACTLY_ONE_OF = "exactly-one-of"
    AT_LEAST_ONE_OF = "at-least-one-of"
    MUTUALLY_EXCLUSIVE = "mutually-exclusive"
    REQUIRES = "requires"
    REQUIRES_WHEN = "requires-when"
    FIXED_VALUE_WHEN = "fixed-value-when"
    VALUE_WHEN = "value-when"
    PATTERN_UNLESS = "pattern-unless"
    VALUE_OPTIONAL_FOR = "value-optional-for"
    RANGE = "range"
    WHOLE_VALUE_EXPRESSION = "whole-value-expression"
    PROTECTED_HEADER = "protected-header"
    WILDCARD_ALONE = "wildcard-alone"
    EXACTLY_ONE_CHILD_OF = "exactly-one-child-of"
    AT_LEAST_ONE_CHILD_OF = "at-least-one-child-of"
    CHILDREN_REQUIRED_UNLESS = "children-required-unless"
    CHILDREN_REQUIRED_WHEN = "children-required-when"
    DISALLOWED_CHILDREN = "disallowed-children"
    MAX_CUSTOM_CHILDREN = "max-custom-children"


class EnumerationValue(NamedTuple):
    """One value of an enumeration."""

    value: str
    documentation: str


class ValueType(NamedTuple):
    """What an attribute or a text may hold where it is a literal.

    A value that holds a named value or a template's placeholder is accepted whatever the type.
    """

    kind: ValueKind
    expressions: Expressions
    values: tuple[EnumerationValue, ...] = ()
    """The values of an enumeration; for a string, values that it is known to take among others."""
    ranges: tuple[tuple[float, float], ...] = ()
    """For numbers: least and greatest value of each range, both included; the width of the integer among them."""
    patterns: tuple[str, ...] = ()
    """For strings: regular expressions, one of which matches the whole value."""
    min_length: int = 0
    """For strings: the least number of characters."""
    form: str = ""
    """What a valid value looks like, to follow "must be", where the kind alone does not tell."""


class Role(NamedTuple):
    """What a value stands for, or what a policy does under a fixed name."""

    kind: RoleKind
    name: str | None = None
    """On an attribute: what holds where it is missing. On an element: the fixed name."""
    unless: tuple[str, ...] = ()
    """``name`` does not hold where one of these attributes is given."""
    action: str | None = None
    """The attribute that says how a header is written: override, skip, append or delete."""
    value_attribute: str | None = None
    """The attribute that holds what is written."""
    value_child: str | None = None
    """The child element that holds what is written."""
    type: str | None = None
    """The C# type of a variable, where it does not follow from what is written."""
    separator: str | None = None
    """Separates several names in one value."""


class Effect(NamedTuple):
    """What running an element does."""

    kind: EffectKind
    when_attribute: str | None = None
    """Only where this attribute has ``when_value``, stated or by default."""
    when_value: str | None = None
    unless_attribute: str | None = None
    """Only where this attribute is missing."""


class Constraint(NamedTuple):
    """A condition between attributes or children of one element."""

    kind: ConstraintKind
    warning: bool = False
    """Whether breaking it is a warning rather than an error."""
    note: str = ""
    attribute: str | None = None
    attributes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    when_attribute: str | None = None
    when_value: str | None = None
    unless_attribute: str | None = None
    warn_above: float | None = None
    max: int | None = None
    pattern: str | None = None


class AttributeDecl(NamedTuple):
    """An attribute that an element may have."""

    name: str
    documentation: str
    type: ValueType
    required: bool = False
    soft: bool = False
    """Required by the documentation alone: its absence is a warning."""
    default: str | None = None
    """What holds where it is missing, where a source says."""
    roles: tuple[Role, ...] = ()


class TextDecl(NamedTuple):
    """The text that an element may hold."""

    type: ValueType
    liquid: bool = False
    """Whether it may be a Liquid template."""


class ChildDecl(NamedTuple):
    """A child that an element may have."""

    element: ElementDecl
    min: int
    max: int | None
    """None where there is no limit."""
    positions: tuple[int, ...]
    """Where it may stand in a sequence, ascending: each child takes its least position that is not below that of the
    child before it; where it has none, the order is wrong. All 0 where any order is right."""
    documentation: str
    """What is said of the child in this parent, else of the element anywhere."""


class ElementDecl(NamedTuple):
    """An element: a policy, a child of one, a section or a root."""

    name: str
    documentation: str
    attributes: Mapping[str, AttributeDecl]
    children: Mapping[str, ChildDecl]
    """The children that it names; in their order where there is one."""
    order: Order = Order.ANY
    any_policy: bool = False
    """Whether it holds a list of policies."""
    any_xml: bool = False
    """Whether it may hold foreign XML, which nothing describes."""
    min_children: int = 0
    """The least number of children, whichever they are."""
    text: TextDecl | None = None
    """None where text other than white space is wrong."""
    roles: tuple[Role, ...] = ()
    """What its text stands for, and what the policy does under a fixed name."""
    effects: tuple[Effect, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    message: Message | None = None
    """None: that of the element around it."""
    runs: Runs | None = None
    """How the policies inside run as a part of the pipeline; None where it holds none that do."""

    def has_effect(self, kind: EffectKind) -> bool:
        """Whether it has that effect under some condition, or always."""
        return any(effect.kind is kind for effect in self.effects)


class Source(NamedTuple):
    """Where facts come from."""

    href: str
    date: str | None = None
    """Of the page that was read, as in 2024-07-23."""
    revision: str | None = None
    """Of the repository that was read."""
    note: str = ""


class Variant(NamedTuple):
    """A form of a policy that has a page of its own; meant where its attribute is given."""

    attribute: str
    title: str
    doc_url: str
    sections: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    gateways: tuple[str, ...] = ()


class Policy(NamedTuple):
    """A policy, ``base`` and ``set-url`` among them."""

    name: str
    title: str
    category: str
    documentation: str
    element: ElementDecl
    listed: bool
    """Whether it may stand where any policy may; False for ``base`` and for what only certain elements hold."""
    doc_url: str | None
    status: Status
    successor: str | None
    """The policy that replaces a retired one."""
    sections: tuple[str, ...]
    """Empty where nobody says."""
    disputed_sections: tuple[str, ...]
    """One source allows them, no known document uses them."""
    scopes: tuple[str, ...]
    """Among global, workspace, product, api, operation, resolver; empty where nobody says."""
    gateways: tuple[str, ...]
    """Among classic, v2, consumption, self-hosted, workspace; empty where nobody says."""
    fragment: FragmentUse
    once: Once | None
    ignored_by: tuple[str, ...]
    """Types of API that skip it at run time."""
    variants: tuple[Variant, ...]
    snippet: str
    """What completion inserts, in the snippet syntax of the language server protocol."""
    sources: tuple[Source, ...]

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What running it does."""
        return self.element.effects

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """Conditions between its attributes and children."""
        return self.element.constraints


class Root(NamedTuple):
    """An element that may be the root of a document."""

    name: str
    element: ElementDecl
    snippet: str
    """A whole document, in the snippet syntax of the language server protocol."""
