"""Whether a literal fits the type of an attribute or a text."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING

from apim_policy.schema.declarations import ValueKind
from apim_policy.text.words import listed

if TYPE_CHECKING:
    from apim_policy.schema.declarations import ValueType


class Misfit(Enum):
    """How a literal fails."""

    FORM = "form"
    """It is no value of the type at all."""
    RANGE = "range"
    """It is a number outside the limits."""
    PERHAPS = "perhaps"
    """A word in capitals where a number is due: somebody may replace it before the document is deployed."""


_BOOLEANS = frozenset({"true", "false", "1", "0"})
_INTEGER = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([Ee][+-]?[0-9]+)?")
_CAPITALS = re.compile(r"[A-Z][A-Z0-9_]*")
_DURATION = re.compile(
    r"-?P(?=.)([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?"
)
_DATE_TIME = re.compile(
    r"-?(?!0000-)(?:[1-9][0-9]*)?([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"T(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
    r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEBRUARY = 2
_LONGEST = 25
"""Digits of an integer that is compared exactly; one that is longer is outside every range anyway."""
_FORMS = {
    ValueKind.BOOLEAN: "true or false",
    ValueKind.INTEGER: "a whole number",
    ValueKind.NUMBER: "a number",
    ValueKind.DATE_TIME: "a date and time such as 2030-01-31T00:00:00Z",
    ValueKind.DURATION: "a duration such as PT1H30M",
}
_INT_WIDTH = 2147483647
_LISTED = 12
_values: dict[int, tuple[ValueType, frozenset[str]]] = {}


def takes_anything(kind: ValueType) -> bool:
    """Whether every literal fits."""
    return kind.kind is ValueKind.STRING and not kind.patterns and not kind.min_length


def misfit(value: str, kind: ValueType) -> Misfit | None:
    """How a literal, its entities decoded, fails to be a value of the type; None where it fits."""
    if kind.kind is ValueKind.ENUMERATION:
        return None if value in enumeration(kind) else Misfit.FORM
    if kind.kind is ValueKind.STRING:
        fits = len(value) >= kind.min_length
        if fits and kind.patterns:
            fits = any(_pattern(pattern).fullmatch(value) for pattern in kind.patterns)
        return None if fits or _is_listed(value, kind) else Misfit.FORM
    value = value.strip()
    if _is_listed(value, kind):
        return None
    if kind.kind is ValueKind.BOOLEAN:
        return None if value in _BOOLEANS else Misfit.FORM
    if kind.kind is ValueKind.DATE_TIME:
        return None if _is_date_time(value) else Misfit.FORM
    if kind.kind is ValueKind.DURATION:
        return None if _DURATION.fullmatch(value) else Misfit.FORM
    if not (_INTEGER if kind.kind is ValueKind.INTEGER else _NUMBER).fullmatch(value):
        return Misfit.PERHAPS if _CAPITALS.fullmatch(value) else Misfit.FORM
    number = int(value) if kind.kind is ValueKind.INTEGER and len(value) <= _LONGEST else float(value)
    inside = not kind.ranges or any(least <= number <= greatest for least, greatest in kind.ranges)
    return None if inside else Misfit.RANGE


def enumeration(kind: ValueType) -> frozenset[str]:
    """The values that a type lists."""
    kept = _values.get(id(kind))
    if kept is None:
        kept = _values[id(kind)] = (kind, frozenset(value.value for value in kind.values))
    return kept[1]


def valid(kind: ValueType) -> str:
    """What a value must be, to follow "must be"."""
    if kind.form:
        return kind.form
    if kind.kind is ValueKind.ENUMERATION:
        return listed([value.value for value in kind.values][:_LISTED], "or")
    if kind.kind is ValueKind.STRING:
        return "a text that is not empty"
    words = _FORMS[kind.kind]
    return f"{words} {limits(kind)}".rstrip() if kind.ranges else words


def limits(kind: ValueType) -> str:
    """The limits of a number in words; nothing where only its width limits it."""
    found = []
    for least, greatest in kind.ranges:
        low = f"{least:.15g}" if least > -_INT_WIDTH - 1 else ""
        high = f"{greatest:.15g}" if greatest < _INT_WIDTH else ""
        if low and high:
            found.append(low if low == high else f"from {low} to {high}")
        elif low:
            found.append(f"of at least {low}")
        elif high:
            found.append(f"of at most {high}")
    return " or ".join(found)


def _is_date_time(value: str) -> bool:
    match = _DATE_TIME.fullmatch(value)
    if match is None:
        return False
    # Of a longer year, the last four digits say whether it is a leap year.
    year, month, day = (int(digits) for digits in match.groups())
    if not 1 <= month <= len(_DAYS):
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    last = 28 if month == _FEBRUARY and not leap else _DAYS[month - 1]
    return 1 <= day <= last


def _is_listed(value: str, kind: ValueType) -> bool:
    return bool(kind.values) and value in enumeration(kind)


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
