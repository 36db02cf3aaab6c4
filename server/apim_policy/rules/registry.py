"""All rules, found by the names of their modules.

A rule's module is ``rules/<family>/<code>_<slug>.py``, the code in lower case, the slug with underscores, and holds the
rule as ``RULE``. Adding the file adds the rule. Codes and slugs are known from the names alone; a module is imported
when its rule is asked for.
"""

from __future__ import annotations

import pkgutil
import re
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

import apim_policy.rules as package

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import ModuleType

    from apim_policy.rules.model import Rule

PAGES = "https://github.com/apim-policy/apim-policy/blob/main/docs/rules"
"""Where the pages of the rules are published, one ``<code>.md`` each."""

_MODULE = re.compile(r"([a-z]{3}\d{3})_(\w+)")


class Name(NamedTuple):
    """The two names of a rule."""

    code: str
    slug: str


class UnknownRuleError(LookupError):
    """No rule has that code or slug."""

    def __init__(self, text: str, nearest: str | None) -> None:
        hint = f' Did you mean "{nearest}"?' if nearest else ""
        super().__init__(f'There is no rule "{text}".{hint}')
        self.nearest = nearest


@cache
def _modules() -> Mapping[Name, str]:
    # iter_modules asks the importer for the names, so it answers from a folder as from a zip archive.
    found = {}
    for family in pkgutil.iter_modules(package.__path__):
        if family.ispkg:
            folders = [f"{folder}/{family.name}" for folder in package.__path__]
            for module in pkgutil.iter_modules(folders):
                if match := _MODULE.fullmatch(module.name):
                    name = Name(match[1].upper(), match[2].replace("_", "-"))
                    found[name] = f"{package.__name__}.{family.name}.{module.name}"
    return dict(sorted(found.items()))


@cache
def names() -> Sequence[Name]:
    """The names of all rules, sorted by code; imports none."""
    return tuple(_modules())


@cache
def families() -> Sequence[str]:
    """The letters that codes begin with, sorted."""
    return tuple(sorted({name.code[:3] for name in names()}))


def module(name: Name) -> ModuleType:
    """The module of a rule."""
    return import_module(_modules()[name])


@cache
def all_rules() -> Sequence[Rule]:
    """All rules, sorted by code."""
    return tuple(module(name).RULE for name in names())


@cache
def _by_any_name() -> Mapping[str, Name]:
    return {key: name for name in names() for key in (name.code, name.slug)}


def find(text: str) -> Name | None:
    """The rule of a code or slug, in any case; None where there is none."""
    return _by_any_name().get(text.upper()) or _by_any_name().get(text.lower())


def rule(code_or_slug: str) -> Rule:
    """The rule of a code or slug, in any case. Raises UnknownRuleError, which names the nearest."""
    name = find(code_or_slug)
    if name is None:
        raise UnknownRuleError(code_or_slug, nearest(code_or_slug))
    found: Rule = module(name).RULE
    return found


def url(code: str) -> str | None:
    """Where the page of a rule is published; None for a custom rule, which has none."""
    return f"{PAGES}/{code}.md" if find(code) else None


def nearest(text: str) -> str | None:
    """The code or slug that ``text`` most likely means, if any is near."""
    from difflib import get_close_matches

    # Codes of one family differ in a digit only: near by letters says little, so families are compared first.
    if re.fullmatch(r"[A-Za-z]{2,4}\d*", text):
        letters = re.match(r"[A-Za-z]+", text)
        close = get_close_matches(letters[0].upper() if letters else "", families(), n=1, cutoff=0.6)
        digits = text[len(close[0]) :] if close else ""
        candidates = [name.code for name in names() if close and name.code.startswith(close[0])]
        return (
            next(iter(get_close_matches(close[0] + digits, candidates, n=1, cutoff=0.6)), None)
            if close
            else None
        )
    return next(iter(get_close_matches(text.lower(), [name.slug for name in names()], n=1, cutoff=0.6)), None)
