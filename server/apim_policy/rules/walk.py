"""One walk over the tree of a document, side by side with the schema, for all rules about structure.

It only notes what is wrong. It enters no foreign XML, and nothing of a policy whose name is unknown.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cache
from typing import TYPE_CHECKING

from apim_policy.rules.structure import Kind, Place, Slip, Structure
from apim_policy.rules.values import Misfit, misfit, takes_anything
from apim_policy.schema.declarations import Expressions, FragmentUse, Order, Status
from apim_policy.schema.model import load
from apim_policy.syntax.tree import Element, PartKind, Text
from apim_policy.text.words import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from apim_policy.schema.declarations import AttributeDecl, ElementDecl, Policy, ValueType
    from apim_policy.syntax.tree import Attribute, Document


class _Facts:
    """What the walk asks of a declaration, ready to be looked up."""

    __slots__ = ("anything", "attributes", "decl", "maxima", "required", "sequence")

    def __init__(self, decl: ElementDecl) -> None:
        self.decl = decl
        self.attributes = decl.attributes
        self.anything = frozenset(
            name for name, attribute in decl.attributes.items() if takes_anything(attribute.type)
        )
        self.required = tuple(attribute for attribute in decl.attributes.values() if attribute.required)
        self.maxima = {name: child.max for name, child in decl.children.items() if child.max is not None}
        self.sequence = decl.order is Order.SEQUENCE


# The declarations of the model live as long as the process, and so do their facts.
_kept: dict[int, _Facts] = {}


def _facts(decl: ElementDecl) -> _Facts:
    found = _kept.get(id(decl))
    if found is None:
        found = _kept[id(decl)] = _Facts(decl)
    return found


@cache
def parents() -> Mapping[str, frozenset[str]]:
    """The elements that name a child, by the child's name; policies in lists do not count."""
    found: dict[str, set[str]] = {}
    for parent, child, _ in _children():
        found.setdefault(child, set()).add(parent)
    return {name: frozenset(names) for name, names in found.items()}


@cache
def _only() -> Mapping[str, ElementDecl]:
    """The declarations of children that are the same wherever they stand."""
    found: dict[str, list[ElementDecl]] = {}
    for _, child, decl in _children():
        if all(decl is not other for other in found.setdefault(child, [])):
            found[child].append(decl)
    return {name: decls[0] for name, decls in found.items() if len(decls) == 1}


@cache
def _children() -> Sequence[tuple[str, str, ElementDecl]]:
    model = load()
    found = []
    names = (*model.roots, *(name for name in model.policy_names if name not in model.roots))
    stack = [(name, model.element(name)) for name in reversed(names)]
    while stack:
        parent, decl = stack.pop()
        for name, child in decl.children.items():
            found.append((parent, name, child.element))
            if not model.is_policy(name):
                stack.append((name, child.element))
    return found


def structure(document: Document) -> Structure:
    """Walk over a document. Takes time linear in its size, and never recurses."""
    walk = _Walk(document)
    walk.run()
    return walk.found


class _Walk:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._model = load()
        self._faults = sorted(fault.start for fault in document.faults)
        self._meant: dict[str, str] = {}
        self._in_fragment = False
        self.found = Structure()
        self._stack: list[Place] = []

    def run(self) -> None:
        root = self._document.root
        described = self._model.root(root.name) if root is not None else None
        if root is None or described is None:
            return
        policy = self._model.policy(root.name)
        place = Place(root, described.element, None, None, policy, listed=False)
        self.found.root = place
        self._in_fragment = root.name == "fragment"
        self._stack.append(place)
        while self._stack:
            self._visit(self._stack.pop())

    def _visit(self, place: Place) -> None:
        element, decl = place.element, place.decl
        found = self.found
        found.places.append(place)
        if place.policy is not None:
            found.policies.append(place)
        if decl.constraints:
            found.constrained.append(place)
        torn = False
        if self._faults:
            torn = self._faulty(element.start, element.tag_end)
            place.open = place.open or self._faulty(element.start, element.end)
        if not element.self_closing and element.end_tag is None:
            place.open = True
        facts = _facts(decl)
        if not torn:
            self._attributes(place, facts)
        self._content(place, facts)

    def _faulty(self, start: int, end: int) -> bool:
        """Whether a syntax error begins between two offsets."""
        at = bisect_left(self._faults, start)
        return at < len(self._faults) and self._faults[at] < end

    # Attributes

    def _attributes(self, place: Place, facts: _Facts) -> None:
        element = place.element
        declared = facts.attributes
        free: list[str] | None = None
        for attribute in element.attributes:
            name = attribute.name
            known = declared.get(name)
            if known is None:
                if free is None:
                    given = {other.name for other in element.attributes}
                    free = [name for name in declared if name not in given]
                self._unknown_attribute(place, attribute, free)
                continue
            parts = attribute.parts
            if len(parts) == 1 and parts[0].kind is PartKind.LITERAL and name in facts.anything:
                continue
            self._value(place, attribute, known.type)
        if facts.required and not element.open_tag:
            self._missing(place, facts.required)

    def _unknown_attribute(self, place: Place, attribute: Attribute, free: Sequence[str]) -> None:
        name = attribute.name
        if name.startswith("xmlns") or ":" in name or not name.replace("-", "").replace("_", "").isalnum():
            return
        meant = nearest(name, free)
        if meant:
            place.proposed |= {meant}
        self.found.add(
            Kind.UNKNOWN_ATTRIBUTE, Slip(place, place.element, attribute=attribute, name=meant or "")
        )

    def _missing(self, place: Place, required: tuple[AttributeDecl, ...]) -> None:
        given = {attribute.name for attribute in place.element.attributes}
        for declared in required:
            if declared.name not in given and declared.name not in place.proposed:
                slip = Slip(place, place.element, name=declared.name, type=declared.type)
                self.found.add(Kind.MISSING_ATTRIBUTE, slip)

    def _value(self, place: Place, owner: Attribute | Text, kind: ValueType) -> None:
        """Look at a value that is not empty, or at an attribute's that may be."""
        expression, literal = None, False
        text = self._document.text
        for part in owner.parts:
            if part.kind is PartKind.EXPRESSION:
                expression = expression or part
            elif part.kind is PartKind.LITERAL:
                literal = literal or not text[part.start : part.end].isspace()
            else:
                return
        attribute, whole = (None, owner) if isinstance(owner, Text) else (owner, None)
        if expression is not None:
            if kind.expressions is Expressions.NOT_ALLOWED:
                slip = Slip(place, place.element, attribute=attribute, part=expression, type=kind)
                self.found.add(Kind.EXPRESSION, slip)
            elif literal and kind.expressions is Expressions.ALLOWED:
                slip = Slip(place, place.element, attribute=attribute, part=whole or expression, type=kind)
                self.found.add(Kind.MIXED, slip)
            return
        if takes_anything(kind):
            return
        value = self._document.literal(owner) or ""
        if whole is not None:
            value = value.strip()
        wrong = misfit(value, kind)
        if wrong is not None:
            slip = Slip(
                place, place.element, attribute=attribute, part=whole, type=kind, value=value, misfit=wrong
            )
            self.found.add(Kind.OUT_OF_RANGE if wrong is Misfit.RANGE else Kind.INVALID_VALUE, slip)

    # Content

    def _content(self, place: Place, facts: _Facts) -> None:
        element, decl = place.element, place.decl
        elements: list[Element] = []
        texts: list[Text] = []
        for node in element.children:
            if isinstance(node, Element):
                elements.append(node)
            elif isinstance(node, Text) and node.parts and not self._blank(node):
                texts.append(node)
        if decl.any_xml and not decl.children and elements:
            return
        self._texts(place, elements, texts)
        for child in reversed(elements):
            self._child(place, child)
        if place.open or not (decl.children or decl.min_children):
            return
        counts: dict[str, int] = {}
        for child in elements:
            counts[child.name] = counts.get(child.name, 0) + 1
            most = facts.maxima.get(child.name)
            if most is not None and counts[child.name] == most + 1 and element.name != "policies":
                self.found.add(Kind.REPEATED_CHILD, Slip(place, child))
        if not place.unexpected:
            self._missing_children(place, counts)
        if facts.sequence:
            self._order(place, elements)

    def _blank(self, text: Text) -> bool:
        return self._document.text[text.start : text.end].isspace()

    def _texts(self, place: Place, elements: list[Element], texts: list[Text]) -> None:
        decl, element = place.decl, place.element
        if decl.text is None:
            if texts and not place.open and not decl.any_xml and not _substituted(texts):
                place.unexpected = True
                self.found.add(Kind.TEXT, Slip(place, element, part=texts[0]))
            return
        if place.open or (decl.text.liquid and element.attribute("template") is not None):
            return
        if len(texts) == 1:
            if not takes_anything(decl.text.type) or len(texts[0].parts) > 1 or not elements:
                self._value(place, texts[0], decl.text.type)
        elif not texts and not elements and not takes_anything(decl.text.type):
            wrong = misfit("", decl.text.type)
            if wrong is not None:
                slip = Slip(place, element, type=decl.text.type, misfit=wrong)
                self.found.add(Kind.INVALID_VALUE, slip)

    def _child(self, place: Place, child: Element) -> None:
        model, decl, name = self._model, place.decl, child.name
        declared = decl.children.get(name)
        policy = model.policy(name)
        if declared is not None:
            section = name if place.parent is None and place.element.name == "policies" else None
            if section is None and (declared.element.runs is not None or decl.any_policy):
                section = place.section
            self._push(Place(child, declared.element, place, section, policy, listed=False))
        elif decl.any_policy and policy is not None and policy.listed:
            self._listed(place, child, policy)
        elif policy is not None and policy.status is Status.STRUCTURAL:
            self.found.add(Kind.MISPLACED_BASE, Slip(place, child))
        elif place.parent is None and place.element.name == "policies":
            self._outside(place, child, policy)
        elif self._in_fragment and name in model.sections:
            place.unexpected = True
            self.found.add(Kind.NOT_IN_FRAGMENT, Slip(place, child))
            self._push(Place(child, _only()[name], place, None, None, listed=False))
        elif policy is not None or name in model.roots or name in parents():
            place.unexpected = True
            self.found.add(Kind.WRONG_PARENT, Slip(place, child))
            inner = policy.element if policy is not None else _only().get(name)
            if inner is not None:
                self._push(Place(child, inner, place, place.section, policy, listed=False))
        else:
            place.unexpected = True
            self._unknown(place, child)

    def _push(self, place: Place) -> None:
        self._stack.append(place)

    def _listed(self, place: Place, child: Element, policy: Policy) -> None:
        inner = Place(child, policy.element, place, place.section, policy, listed=True)
        if place.section is not None and policy.sections:
            sections: tuple[str, ...] = policy.sections
            for variant in policy.variants:
                if child.attribute(variant.attribute) is not None:
                    sections += variant.sections
            if place.section not in sections:
                self.found.add(Kind.WRONG_SECTION, Slip(inner, child, name=place.section))
        if self._in_fragment and policy.fragment is FragmentUse.NOT_ALLOWED:
            self.found.add(Kind.NOT_IN_FRAGMENT, Slip(inner, child))
        if place.section is not None and policy.element.runs is None and policy.element.any_policy:
            # What it holds runs apart from the section.
            inner.section = None
        self._push(inner)

    def _outside(self, place: Place, child: Element, policy: Policy | None) -> None:
        """A policy or an unknown element in the place of a section, which another rule reports."""
        if policy is not None:
            self._push(Place(child, policy.element, place, None, policy, listed=False))
        elif child.name not in parents() and nearest(child.name, self._model.sections):
            section = place.decl.children[self._model.sections[0]].element
            self._push(Place(child, section, place, None, None, listed=False))

    def _unknown(self, place: Place, child: Element) -> None:
        decl = place.decl
        if not decl.any_policy:
            meant = nearest(child.name, decl.children) or ""
            self.found.add(Kind.UNKNOWN_CHILD, Slip(place, child, name=meant))
            return
        if child.name not in self._meant:
            self._meant[child.name] = nearest(child.name, [*_listed_names(), *decl.children]) or ""
        self.found.add(Kind.UNKNOWN_POLICY, Slip(place, child, name=self._meant[child.name]))

    def _missing_children(self, place: Place, counts: dict[str, int]) -> None:
        decl = place.decl
        for name, child in decl.children.items():
            if counts.get(name, 0) < child.min:
                self.found.add(Kind.MISSING_CHILD, Slip(place, place.element, name=name))
                return
        if sum(counts.values()) < decl.min_children:
            self.found.add(Kind.MISSING_CHILD, Slip(place, place.element))

    def _order(self, place: Place, elements: list[Element]) -> None:
        at, before = 0, ""
        for child in elements:
            declared = place.decl.children.get(child.name)
            if declared is None:
                continue
            position = next((position for position in declared.positions if position >= at), None)
            if position is None:
                self.found.add(Kind.WRONG_ORDER, Slip(place, child, name=before))
                return
            at, before = position, child.name


@cache
def _listed_names() -> Sequence[str]:
    model = load()
    return [
        name for name in model.policy_names if (policy := model.policy(name)) is not None and policy.listed
    ]


def _substituted(texts: Iterable[Text]) -> bool:
    """Whether a template or a named value has a say in some texts."""
    return any(
        part.kind not in (PartKind.LITERAL, PartKind.EXPRESSION) for text in texts for part in text.parts
    )
