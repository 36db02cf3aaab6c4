"""The model of the policy language: what ``compile`` made of the XSDs, built policy by policy as it is asked for.

``model.json`` holds, by keys that are left out where they say nothing:

- ``sections``, ``roots``: names;
- ``types``: value types, referred to by their index;
- ``elements``: global elements by name; ``null`` in the place of a child's element stands for the global one;
- ``policies``: facts of policies as a whole, by name.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from apim_policy.schema.declarations import (
    AttributeDecl,
    ChildDecl,
    Constraint,
    ConstraintKind,
    Effect,
    EffectKind,
    ElementDecl,
    EnumerationValue,
    Expressions,
    FragmentUse,
    Message,
    Once,
    Order,
    Policy,
    Role,
    RoleKind,
    Root,
    Runs,
    Source,
    Status,
    TextDecl,
    ValueKind,
    ValueType,
    Variant,
)
from apim_policy.schema.files import model_file

if TYPE_CHECKING:
    Raw = dict[str, Any]


@cache
def load() -> PolicyModel:
    """The model that ships with the package, read once."""
    return PolicyModel(json.loads(model_file().read_bytes()))


class PolicyModel:
    """Policies, sections and roots by name."""

    def __init__(self, raw: Raw) -> None:
        self._raw = raw
        self._types: dict[int, ValueType] = {}
        self._elements: dict[str, ElementDecl] = {}
        self._policies: dict[str, Policy] = {}
        self.sections: tuple[str, ...] = tuple(raw["sections"])
        """In the order in which they run."""
        self.roots: tuple[str, ...] = tuple(raw["roots"])
        """Names of the elements that may be the root of a document."""
        self.policy_names: tuple[str, ...] = tuple(raw["policies"])
        """In alphabetical order; ``base`` and ``set-url`` are among them."""

    def is_policy(self, name: str) -> bool:
        """Whether a policy of that name is known, wherever it may stand."""
        return name in self._raw["policies"]

    def policy(self, name: str) -> Policy | None:
        """The policy of that name; names are told apart by case."""
        found = self._policies.get(name)
        if found is None and (raw := self._raw["policies"].get(name)) is not None:
            found = self._policies[name] = self._policy(name, raw)
        return found

    def root(self, name: str) -> Root | None:
        """The root element of that name."""
        if name not in self.roots:
            return None
        raw = self._raw["elements"][name]
        snippet = raw["snippet"] if "snippet" in raw else self._raw["policies"][name]["snippet"]
        return Root(name=name, element=self.element(name), snippet=snippet)

    def element(self, name: str) -> ElementDecl:
        """The global element of that name: a policy's or a root. Raises KeyError where there is none."""
        found = self._elements.get(name)
        if found is None:
            found = self._elements[name] = self._element(name, self._raw["elements"][name])
        return found

    def _policy(self, name: str, raw: Raw) -> Policy:
        return Policy(
            name=name,
            title=raw["title"],
            category=raw.get("category", ""),
            documentation=self._raw["elements"][name]["doc"],
            element=self.element(name),
            listed=raw.get("listed", False),
            doc_url=raw.get("link"),
            status=Status(raw.get("status", "documented")),
            successor=raw.get("successor"),
            sections=tuple(raw.get("sections", ())),
            disputed_sections=tuple(raw.get("disputed-sections", ())),
            scopes=tuple(raw.get("scopes", ())),
            gateways=tuple(raw.get("gateways", ())),
            fragment=FragmentUse(raw["fragment"]),
            once=Once(raw["once"]) if "once" in raw else None,
            ignored_by=tuple(raw.get("ignored-by", ())),
            variants=tuple(_variant(variant) for variant in raw.get("variants", ())),
            snippet=raw["snippet"],
            sources=tuple(Source(**source) for source in raw.get("sources", ())),
        )

    def _element(self, name: str, raw: Raw) -> ElementDecl:
        documentation = raw["doc"]
        text = raw.get("text")
        return ElementDecl(
            name=name,
            documentation=documentation,
            attributes={
                attribute["name"]: self._attribute(attribute) for attribute in raw.get("attributes", ())
            },
            children={child["name"]: self._child(child) for child in raw.get("children", ())},
            order=Order.SEQUENCE if raw.get("sequence") else Order.ANY,
            any_policy=raw.get("any-policy", False),
            any_xml=raw.get("any-xml", False),
            min_children=raw.get("min-children", 0),
            text=None if text is None else TextDecl(self._type(text), raw.get("liquid", False)),
            roles=_roles(raw),
            effects=tuple(_effect(effect) for effect in raw.get("effects", ())),
            constraints=tuple(_constraint(constraint) for constraint in raw.get("constraints", ())),
            message=Message(raw["message"]) if "message" in raw else None,
            runs=Runs(raw["runs"]) if "runs" in raw else None,
        )

    def _child(self, raw: Raw) -> ChildDecl:
        name = raw["name"]
        element = self._element(name, raw["element"]) if raw["element"] else self.element(name)
        return ChildDecl(
            element=element,
            min=raw.get("min", 0),
            max=raw.get("max"),
            positions=tuple(raw.get("positions", (0,))),
            documentation=raw.get("doc") or element.documentation,
        )

    def _attribute(self, raw: Raw) -> AttributeDecl:
        return AttributeDecl(
            name=raw["name"],
            documentation=raw["doc"],
            type=self._type(raw["type"]),
            required=raw.get("required", False),
            soft=raw.get("soft", False),
            default=raw.get("default"),
            roles=_roles(raw),
        )

    def _type(self, index: int) -> ValueType:
        found = self._types.get(index)
        if found is None:
            raw = self._raw["types"][index]
            found = self._types[index] = ValueType(
                kind=ValueKind(raw["kind"]),
                expressions=Expressions(raw["expressions"]),
                values=tuple(EnumerationValue(value, words) for value, words in raw.get("values", ())),
                ranges=tuple((least, greatest) for least, greatest in raw.get("ranges", ())),
                patterns=tuple(raw.get("patterns", ())),
                min_length=raw.get("min-length", 0),
                form=raw.get("form", ""),
            )
        return found


def _roles(raw: Raw) -> tuple[Role, ...]:
    return tuple(
        Role(
            kind=RoleKind(role["kind"]),
            name=role.get("name"),
            unless=_words(role, "unless"),
            action=role.get("action"),
            value_attribute=role.get("value-attribute"),
            value_child=role.get("value-child"),
            type=role.get("type"),
            separator=role.get("separator"),
        )
        for role in raw.get("roles", ())
    )


def _effect(raw: Raw) -> Effect:
    return Effect(
        kind=EffectKind(raw["kind"]),
        when_attribute=raw.get("when-attribute"),
        when_value=raw.get("when-value"),
        unless_attribute=raw.get("unless-attribute"),
    )


def _constraint(raw: Raw) -> Constraint:
    return Constraint(
        kind=ConstraintKind(raw["kind"]),
        warning=raw.get("level") == "warning",
        note=raw.get("note", ""),
        attribute=raw.get("attribute"),
        attributes=_words(raw, "attributes"),
        needs=_words(raw, "needs"),
        children=_words(raw, "children"),
        values=tuple(value.strip() for value in raw["values"].split(",")) if "values" in raw else (),
        when_attribute=raw.get("when-attribute"),
        when_value=raw.get("when-value"),
        unless_attribute=raw.get("unless-attribute"),
        warn_above=float(raw["warn-above"]) if "warn-above" in raw else None,
        max=int(raw["max"]) if "max" in raw else None,
        pattern=raw.get("pattern"),
    )


def _variant(raw: Raw) -> Variant:
    return Variant(
        attribute=raw["attribute"],
        title=raw["title"],
        doc_url=raw["link"],
        sections=_words(raw, "sections"),
        scopes=_words(raw, "scopes"),
        gateways=_words(raw, "gateways"),
    )


def _words(raw: Raw, key: str) -> tuple[str, ...]:
    return tuple(raw[key].split()) if key in raw else ()
