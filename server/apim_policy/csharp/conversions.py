"""Which values C# takes where another type is due, and which type two values have in common."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from apim_policy.csharp.library import bases, lookup
from apim_policy.csharp.types import BOOL, INT, NULL, OBJECT, STRING, Type, is_value

if TYPE_CHECKING:
    from collections.abc import Iterable

LARGEST = 60
"""A type of more parts than this, counting type arguments of type arguments, is taken for unknown."""

NULLABLE = "System.Nullable"
_TOKEN = "Newtonsoft.Json.Linq.JToken"
_CHAR = Type("System.Char")
_DOUBLE = Type("System.Double")
_WIDER = {
    "SByte": "Int16 Int32 Int64 Single Double Decimal",
    "Byte": "Int16 UInt16 Int32 UInt32 Int64 UInt64 Single Double Decimal",
    "Int16": "Int32 Int64 Single Double Decimal",
    "UInt16": "Int32 UInt32 Int64 UInt64 Single Double Decimal",
    "Int32": "Int64 Single Double Decimal",
    "UInt32": "Int64 UInt64 Single Double Decimal",
    "Int64": "Single Double Decimal",
    "UInt64": "Single Double Decimal",
    "Char": "UInt16 Int32 UInt32 Int64 UInt64 Single Double Decimal",
    "Single": "Double",
}
_IMPLICIT = {f"System.{name}": {f"System.{wide}" for wide in wider.split()} for name, wider in _WIDER.items()}
_NUMBERS = frozenset((*_IMPLICIT, "System.Double", "System.Decimal"))
# Of the types that arithmetic gives, the one that takes most others comes last.
_ARITHMETIC = ("Int32", "UInt32", "Int64", "UInt64", "Single", "Double", "Decimal")
_JSON_VALUES = frozenset(
    {
        *_NUMBERS,
        "System.String",
        "System.Boolean",
        "System.DateTime",
        "System.DateTimeOffset",
        "System.Guid",
        "System.TimeSpan",
        "System.Uri",
    }
)
_TRUTHS = frozenset({"&&", "||", "==", "!=", "<", ">", "<=", ">="})
_NUMERIC = frozenset({"+", "-", "*", "/", "%"})
_BITWISE = frozenset({"&", "|", "^"})
_SHIFTS = frozenset({"<<", ">>"})
_EVALUATOR = "System.Text.RegularExpressions.MatchEvaluator"
_DELEGATES = (
    "System.Func",
    "System.Action",
    "System.Predicate",
    "System.Comparison",
    "System.Converter",
    _EVALUATOR,
)


def nullable(type_: Type) -> Type:
    """The type with null beside its values."""
    return Type(NULLABLE, (type_,)) if is_value(type_) and type_.name != NULLABLE else type_


def bare(type_: Type) -> Type:
    """The type of the value of a nullable one; any other type as it is."""
    return type_.arguments[0] if type_.name == NULLABLE and type_.arguments else type_


def is_number(type_: Type) -> bool:
    """Whether values of a type are numbers; characters are not."""
    return type_.name in _NUMBERS and type_ != _CHAR


def bounded(type_: Type) -> Type | None:
    """The type, or None where it has grown beyond what an author writes."""
    waiting, parts = [type_], 0
    while waiting:
        parts += 1
        if parts > LARGEST:
            return None
        waiting.extend(waiting.pop().arguments)
    return type_


def delegate(type_: Type | None) -> tuple[tuple[Type, ...], Type | None] | None:
    """What a function that a delegate's type stands for takes and gives back; None for any other type."""
    if type_ is None or type_.name not in _DELEGATES:
        return None
    arguments = type_.arguments
    if type_.name == _EVALUATOR:
        return (Type("System.Text.RegularExpressions.Match"),), STRING
    match type_.name:
        case "System.Func" | "System.Converter" if arguments:
            return arguments[:-1], arguments[-1]
        case "System.Action":
            return arguments, None
        case "System.Predicate":
            return arguments, Type("System.Boolean")
        case "System.Comparison":
            return arguments * 2, INT
    return None


@lru_cache(4096)
def converts(source: Type, target: Type) -> int | None:
    """How far a value is from a type that is due: 0 for the same type, more for a conversion; None where it is none.

    User-defined conversions count only from plain values to a JToken. Nothing is told of open types.
    """
    if source == target:
        return 0
    if source == NULL:
        return 1 if target.name == NULLABLE or not is_value(target) else None
    if target == OBJECT:
        return 4
    if target.name == NULLABLE:
        inner = converts(bare(source), bare(target))
        return None if inner is None else inner + 1
    if target.name in _IMPLICIT.get(source.name, ()):
        return 1
    if _derives(source, target):
        return 2
    return 3 if target.name == _TOKEN and bare(source).name in _JSON_VALUES else None


def _derives(source: Type, target: Type) -> bool:
    for candidate in (source, *bases(source)):
        if candidate == target:
            return True
        if candidate.name == target.name and len(candidate.arguments) == len(target.arguments):
            pairs = zip(candidate.arguments, target.arguments, strict=True)
            if all(
                ours == theirs or (not is_value(ours) and _derives(ours, theirs)) for ours, theirs in pairs
            ):
                return True
    return False


def common(types: Iterable[Type | None]) -> Type | None:
    """The one type that all values may be taken for; None where one is unknown or there is no such type."""
    found: Type | None = None
    for type_ in types:
        if type_ is None:
            return None
        if found is None or type_ == found:
            found = type_
        elif NULL in (type_, found):
            found = nullable(found if type_ == NULL else type_)
        elif converts(type_, found) is not None:
            continue
        elif converts(found, type_) is not None:
            found = type_
        else:
            return None
    return found


def arithmetic(operator: str, left: Type, right: Type) -> Type | None:
    """What ``+``, ``-`` and their kind give for two values of known types; None where that is not known."""
    if operator == "+" and (
        left == STRING or (right == STRING and left.name != "System.Xml.Linq.XNamespace")
    ):
        return STRING
    plain_left, plain_right = bare(left), bare(right)
    lifted = NULLABLE in (left.name, right.name)
    found = _number(plain_left, plain_right)
    if found is None:
        found = _time(operator, plain_left.name, plain_right.name)
    return nullable(found) if found is not None and lifted else found


def combined(sign: str, first: Type | None, second: Type | None) -> Type | None:
    """The type of two values with a sign between them; None where it is not known."""
    if sign == "??":
        return _otherwise(first, second)
    if sign in _TRUTHS:
        return BOOL
    if first is None or second is None:
        return STRING if sign == "+" and first == STRING else None
    if sign in _NUMERIC:
        return arithmetic(sign, first, second)
    if sign in _SHIFTS:
        return promoted(first)
    if sign in _BITWISE and bare(first) == bare(second):
        return nullable(bare(first)) if NULLABLE in (first.name, second.name) else first
    return arithmetic("*", first, second) if sign in _BITWISE else None


def signed(sign: str, value: Type | None) -> Type | None:
    """The type of a value with a sign before it; None where it is not known."""
    if sign == "!":
        return BOOL
    if value is None or sign in ("++", "--"):
        return value
    return promoted(value) if sign in ("-", "+", "~") else None


def _otherwise(first: Type | None, second: Type | None) -> Type | None:
    if first is None:
        return None
    if second is not None and second != NULL and second == bare(first):
        return second
    return common((first, second)) or common((bare(first), second))


def promoted(type_: Type) -> Type | None:
    """What a sign before a number gives."""
    found = _number(bare(type_), INT) or (bare(type_) if bare(type_).name == "System.TimeSpan" else None)
    return nullable(found) if found is not None and type_.name == NULLABLE else found


def _number(left: Type, right: Type) -> Type | None:
    if left.name not in _NUMBERS or right.name not in _NUMBERS:
        return None
    for name in _ARITHMETIC:
        wide = f"System.{name}"
        if all(side.name == wide or wide in _IMPLICIT.get(side.name, ()) for side in (left, right)):
            return Type(wide)
    return None


def _time(operator: str, left: str, right: str) -> Type | None:
    span = "System.TimeSpan"
    if operator == "-" and left == right and left in ("System.DateTime", "System.DateTimeOffset"):
        return Type(span)
    if operator in "+-" and right == span and left in ("System.DateTime", "System.DateTimeOffset", span):
        return Type(left)
    return None


@lru_cache(1024)
def element(type_: Type) -> Type | None:
    """What `foreach` over a value of a type gives; None where that is not known."""
    if type_.name == "[]":
        return type_.arguments[0]
    if type_ == STRING:
        return _CHAR
    for name in ("System.Collections.Generic.IEnumerator", "System.Collections.Generic.IEnumerable"):
        if name.endswith("IEnumerator"):
            # A public GetEnumerator decides where a class is a sequence in more than one way.
            own = lookup(type_, "GetEnumerator")[:1]
            candidates = [base for member in own for base in (member.type, *bases(member.type))]
        else:
            candidates = [type_, *bases(type_)]
        found = {
            candidate.arguments[0]
            for candidate in candidates
            if candidate.name == name and candidate.arguments
        }
        if len(found) == 1:
            return found.pop()
    return None


def literal_number(text: str) -> Type:
    """The type of a number as it is written."""
    lowered = text.lower()
    if not lowered.startswith("0x"):
        suffix = {"m": "Decimal", "f": "Single", "d": "Double"}.get(lowered[-1:])
        if suffix:
            return Type(f"System.{suffix}")
        if "." in lowered or "e" in lowered:
            return _DOUBLE
    if lowered.endswith(("ul", "lu")):
        return Type("System.UInt64")
    if lowered.endswith("l"):
        return Type("System.Int64")
    if lowered.endswith("u"):
        return Type("System.UInt32")
    digits = lowered.replace("_", "")
    # Longer than the longest number of 64 bits in base 2 is no number; ten digits in base 10 may be too large for int.
    plain = digits.removeprefix("0x").removeprefix("0b")
    return INT if len(plain) < 8 or (digits.isdigit() and len(plain) < 10) else _large(digits)


def _large(digits: str) -> Type:
    for base, prefix in ((16, "0x"), (2, "0b"), (10, "")):
        if digits.startswith(prefix):
            body = digits.removeprefix(prefix)[:70]
            try:
                value = int(body, base)
            except ValueError:
                return INT
            for name, limit in (("Int32", 1 << 31), ("UInt32", 1 << 32), ("Int64", 1 << 63)):
                if value < limit:
                    return Type(f"System.{name}")
            return Type("System.UInt64")
    return INT
