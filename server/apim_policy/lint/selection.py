"""Which rules run on which file, and at which level."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from apim_policy.rules import registry
from apim_policy.rules.model import Severity
from apim_policy.workspace.settings import Level, Profile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from apim_policy.rules.model import Rule
    from apim_policy.workspace.settings import Settings

_PREFIX = re.compile(r"[A-Z]{3}\d{0,3}")


class SelectionError(ValueError):
    """A code, slug, family or prefix that selects no rule."""

    def __init__(self, selector: str) -> None:
        from difflib import get_close_matches

        families = registry.families()
        near = get_close_matches(selector.upper(), families, n=1) if selector.isalpha() else []
        nearest = near[0] if near else registry.nearest(selector)
        hint = f'Did you mean "{nearest}"?' if nearest else f"The families are {', '.join(families)}."
        super().__init__(f'"{selector}" is no rule, family or prefix of rules. {hint}')
        self.selector = selector


class ActiveRules:
    """The rules that run on a file."""

    def __init__(self, rules: Iterable[Rule], levels: Mapping[str, Severity | None]) -> None:
        self.rules = tuple(rules)
        """Sorted by code."""
        self.checks = tuple((rule, rule.check) for rule in self.rules if rule.check is not None)
        """Those that look at documents."""
        self.levels = {rule.code: levels.get(rule.code) for rule in self.rules}
        """The level that settings and profile give each rule; None where they say nothing."""
        self.usual = {rule.code: rule.level for rule in self.rules}
        """The level of each rule by itself."""

    def without(self, codes: frozenset[str]) -> ActiveRules:
        """The same with some rules left out."""
        return ActiveRules((rule for rule in self.rules if rule.code not in codes), self.levels)


@cache
def resolve(selector: str, custom: tuple[str, ...] = ()) -> frozenset[str]:
    """The codes that a code, slug, family or prefix selects, ``custom`` being the codes of custom rules.

    Raises SelectionError where there are none.
    """
    name = registry.find(selector)
    if name is not None:
        return frozenset((name.code,))
    prefix = selector.upper()
    if _PREFIX.fullmatch(prefix):
        known = (*(name.code for name in registry.names()), *custom)
        codes = frozenset(code for code in known if code.startswith(prefix))
        if codes:
            return codes
    raise SelectionError(selector)


class Selection:
    """What settings and command line select together.

    The more exact selector wins: ``--select MCP --ignore MCP006`` and ``--ignore MCP --extend-select MCP001`` do what
    they say; between equals, ``ignore`` wins. A ``select`` of the command line replaces what the settings say of
    selection; ``extend_select`` and ``ignore`` add to it. Raises SelectionError for a selector that means nothing,
    SettingsError where it stands in the settings.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        select: Sequence[str] = (),
        extend_select: Sequence[str] = (),
        ignore: Sequence[str] = (),
    ) -> None:
        own = _custom_rules(settings)
        custom = tuple(rule.code for rule in own)
        for selector in (*select, *extend_select, *ignore):
            resolve(selector, custom)
        _validate(settings, custom)
        rules = (*registry.all_rules(), *own)
        levels = {_code(key): level for key, level in settings.rules.items()}
        if select:
            chosen = _choose(custom, frozenset(), select, extend_select, ignore)
        else:
            off = [code for code, level in levels.items() if level is Level.OFF]
            start = frozenset() if settings.select else frozenset(rule.code for rule in rules)
            unwanted = (*settings.ignore, *off)
            chosen = _choose(custom, start, settings.select, settings.extend_select, unwanted)
            chosen = _choose(custom, chosen, (), extend_select, ignore)
        severities = {}
        if settings.profile is Profile.STRICT:
            severities = {rule.code: rule.strict for rule in rules if rule.strict is not None}
        severities |= {
            code: Severity(level.value) for code, level in levels.items() if level is not Level.OFF
        }
        self._active = ActiveRules((rule for rule in rules if rule.code in chosen), severities)
        self._per_file = [(part, _union(custom, part.ignore)) for part in settings.per_file]
        self._narrowed: dict[frozenset[str], ActiveRules] = {}

    def rules(self, path: Path) -> ActiveRules:
        """The rules that run on a file."""
        if not self._per_file:
            return self._active
        ignored = frozenset(code for part, codes in self._per_file if part.matches(path) for code in codes)
        if ignored not in self._narrowed:
            self._narrowed[ignored] = self._active.without(ignored)
        return self._narrowed[ignored]


def _custom_rules(settings: Settings) -> tuple[Rule, ...]:
    """The rules that the settings add. Raises SettingsError where one makes no sense."""
    if not settings.custom_rules:
        return ()
    from apim_policy.rules.custom import CustomRuleError, rule_of

    found = []
    for index, custom in enumerate(settings.custom_rules):
        if custom.code[:3] in registry.families():
            message = (
                f"{custom.code[:3]} is a family of rules that comes with apim-policy. Take other letters."
            )
            raise settings.error(message, "custom-rule", index, "code")
        try:
            found.append(rule_of(custom))
        except CustomRuleError as error:
            raise settings.error(str(error), "custom-rule", index, "xpath") from None
    return tuple(found)


def _code(key: str) -> str:
    """The code of a rule, by its code or slug."""
    name = registry.find(key)
    return name.code if name else key.upper()


def _validate(settings: Settings, custom: tuple[str, ...]) -> None:
    """Raise SettingsError, which knows the line, for a selector of the settings that means nothing."""
    listed = [
        *((selector, ("select", index)) for index, selector in enumerate(settings.select)),
        *((selector, ("extend-select", index)) for index, selector in enumerate(settings.extend_select)),
        *((selector, ("ignore", index)) for index, selector in enumerate(settings.ignore)),
        *(
            (selector, ("per-file", part.pattern.text, "ignore", index))
            for part in settings.per_file
            for index, selector in enumerate(part.ignore)
        ),
    ]
    for selector, keys in listed:
        try:
            resolve(selector, custom)
        except SelectionError as error:
            raise settings.error(str(error), *keys) from None
    for key in settings.rules:
        if key.upper() in custom:
            continue
        try:
            registry.rule(key)
        except registry.UnknownRuleError as error:
            raise settings.error(str(error), "rules", key) from None


def _union(custom: tuple[str, ...], selectors: Iterable[str]) -> frozenset[str]:
    return frozenset(code for selector in selectors for code in resolve(selector, custom))


def _choose(
    custom: tuple[str, ...],
    start: frozenset[str],
    select: Iterable[str],
    extend_select: Iterable[str],
    ignore: Iterable[str],
) -> frozenset[str]:
    wanted = _exactness(custom, (*select, *extend_select))
    unwanted = _exactness(custom, ignore)
    added = {code for code, exact in wanted.items() if exact > unwanted.get(code, 0)}
    removed = {code for code, exact in unwanted.items() if exact >= wanted.get(code, 0)}
    return (start | added) - removed


def _exactness(custom: tuple[str, ...], selectors: Iterable[str]) -> Mapping[str, int]:
    """For each code that some selector names, the length of the longest; a slug is as exact as a code."""
    found: dict[str, int] = {}
    for selector in selectors:
        exact = 6 if registry.find(selector) else len(selector)
        for code in resolve(selector, custom):
            found[code] = max(exact, found.get(code, 0))
    return found
