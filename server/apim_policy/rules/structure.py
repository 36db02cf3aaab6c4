"""What is wrong with the structure of a document: what ``walk`` notes and the rules word."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.schema.declarations import Runs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from apim_policy.rules.values import Misfit
    from apim_policy.schema.declarations import ElementDecl, Policy, ValueType
    from apim_policy.syntax.tree import Attribute, Element, Part, Text


class Kind(Enum):
    """What can be wrong; each has its rule."""

    UNKNOWN_POLICY = "unknown-policy"
    UNKNOWN_ATTRIBUTE = "unknown-attribute"
    MISSING_ATTRIBUTE = "missing-attribute"
    INVALID_VALUE = "invalid-value"
    OUT_OF_RANGE = "out-of-range"
    EXPRESSION = "expression"
    MIXED = "mixed"
    """An expression with a literal before or after it."""
    UNKNOWN_CHILD = "unknown-child"
    REPEATED_CHILD = "repeated-child"
    MISSING_CHILD = "missing-child"
    WRONG_ORDER = "wrong-order"
    TEXT = "text"
    WRONG_PARENT = "wrong-parent"
    WRONG_SECTION = "wrong-section"
    MISPLACED_BASE = "misplaced-base"
    NOT_IN_FRAGMENT = "not-in-fragment"


class Place:
    """An element that the schema describes, and where it stands."""

    __slots__ = (
        "decl",
        "depth",
        "element",
        "listed",
        "open",
        "parent",
        "policy",
        "proposed",
        "repeated",
        "section",
        "top",
        "unexpected",
    )

    def __init__(
        self,
        element: Element,
        decl: ElementDecl,
        parent: Place | None,
        section: str | None,
        policy: Policy | None,
        *,
        listed: bool,
    ) -> None:
        self.element = element
        self.decl = decl
        self.parent = parent
        self.section = section
        """The section whose policies it is one of; None in fragments, resolvers, and what runs apart."""
        self.policy = policy
        """The policy that it is; None for a child of a policy and for a section."""
        self.listed = listed
        """Whether it stands in a list of any policies."""
        self.depth: int = parent.depth + 1 if parent is not None else 0
        """How many elements are around it."""
        self.top: Place | None = None
        """The section, the fragment or the resolver that it stands in; None for a root."""
        self.repeated: Place | None = None
        """The nearest element around it that runs what it holds again and again."""
        if parent is not None:
            self.top = parent if parent.element.name != "policies" and parent.depth < 2 else parent.top
            self.repeated = parent if parent.decl.runs is Runs.REPEATEDLY else parent.repeated
        self.open = element.open
        """Whether more may stand in it than the text shows: a template decides, or a syntax error tore it."""
        self.unexpected = False
        """Whether a child or a text stands in it that it does not hold, so that one that it needs is no second fault."""
        self.proposed: frozenset[str] = frozenset()
        """Attributes that are given under a name that is none, so that they are not missing."""

    def above(self) -> Iterator[Place]:
        """The place around this one, the one around that, and so on."""
        place = self.parent
        while place is not None:
            yield place
            place = place.parent


class Slip(NamedTuple):
    """Something wrong."""

    place: Place
    """The element, or the parent of one that has no place."""
    element: Element
    attribute: Attribute | None = None
    part: Part | Text | None = None
    """The expression, or the text."""
    name: str = ""
    """What is missing, or was meant; nothing where that is not known."""
    type: ValueType | None = None
    value: str = ""
    misfit: Misfit | None = None


class Structure:
    """What one walk found."""

    __slots__ = ("_slips", "constrained", "places", "policies", "root")

    def __init__(self) -> None:
        self._slips: dict[Kind, list[Slip]] = {}
        self.root: Place | None = None
        self.places: list[Place] = []
        """In the order of the text."""
        self.policies: list[Place] = []
        """The places of policies, in the order of the text."""
        self.constrained: list[Place] = []
        """The places whose declaration has constraints."""

    def of(self, kind: Kind) -> Sequence[Slip]:
        """What is wrong in one way."""
        return self._slips.get(kind, ())

    def add(self, kind: Kind, slip: Slip) -> None:
        """Note what is wrong."""
        self._slips.setdefault(kind, []).append(slip)
