"""The forms that settings may have, and what is said about a value that has another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from enum import Enum

Keys = tuple[str | int, ...]
"""The path to a value: names of keys, and indices from 0."""


class InvalidError(Exception):
    """A value that its place may not hold."""

    def __init__(self, keys: Keys, message: str) -> None:
        super().__init__(message)
        self.keys = keys
        self.message = message


@dataclass(frozen=True)
class Text:
    """A string that is not empty."""

    def read(self, value: object, keys: Keys) -> str:
        """The string. Raises InvalidError."""
        if not isinstance(value, str):
            _wrong_type(keys, "a string", value)
        if not value.strip():
            raise InvalidError(keys, f"{_named(keys)} is empty. Give it a value, or leave it out.")
        return value


@dataclass(frozen=True)
class Flag:
    """True or false."""

    def read(self, value: object, keys: Keys) -> bool:
        """The flag. Raises InvalidError."""
        if not isinstance(value, bool):
            _wrong_type(keys, "true or false", value)
        return value


@dataclass(frozen=True)
class Choice:
    """One of a few words."""

    members: tuple[Enum, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The words, as an author writes them."""
        return tuple(str(member.value) for member in self.members)

    def read(self, value: object, keys: Keys) -> Enum:
        """The member whose value it is. Raises InvalidError."""
        if not isinstance(value, str):
            _wrong_type(keys, _or(self.words), value)
        for member in self.members:
            if member.value == value:
                return member
        hint = _hint(value, self.words) or f"It can be {_or(self.words)}."
        raise InvalidError(keys, f'"{value}" is no value of {_named(keys)}. {hint}')


@dataclass(frozen=True)
class Texts:
    """A list of strings."""

    def read(self, value: object, keys: Keys) -> tuple[str, ...]:
        """The strings. Raises InvalidError."""
        if not isinstance(value, list):
            example = f' Write {keys[-1]} = ["{value}"].' if isinstance(value, str) else ""
            _wrong_type(keys, "a list of strings", value, example)
        return tuple(Text().read(element, (*keys, index)) for index, element in enumerate(value))


@dataclass(frozen=True)
class Table:
    """Known keys, each with its form."""

    members: Mapping[str, Form]
    required: tuple[str, ...] = ()

    def read(self, value: object, keys: Keys) -> dict[str, Any]:
        """The values by key, each read in its form. Raises InvalidError."""
        if not isinstance(value, dict):
            _wrong_type(keys, "a table", value)
        for key in value:
            if key not in self.members:
                where = f" of {_named(tuple(name for name in keys if isinstance(name, str)))}" if keys else ""
                known = f"The settings{where} are {_and(self.members)}."
                raise InvalidError(
                    (*keys, key), f'"{key}" is no setting{where}. {_hint(key, self.members) or known}'
                )
        for key in self.required:
            if key not in value:
                raise InvalidError(keys, f'"{key}" is missing.')
        return {key: self.members[key].read(member, (*keys, key)) for key, member in value.items()}


@dataclass(frozen=True)
class Map:
    """Keys that the author chooses, each with a value of one form."""

    member: Form

    def read(self, value: object, keys: Keys) -> dict[str, Any]:
        """The values by key. Raises InvalidError."""
        if not isinstance(value, dict):
            _wrong_type(keys, "a table", value)
        return {key: self.member.read(member, (*keys, key)) for key, member in value.items()}


@dataclass(frozen=True)
class Tables:
    """Any number of tables of one form, each under ``[[…]]``."""

    member: Table

    def read(self, value: object, keys: Keys) -> list[dict[str, Any]]:
        """The tables in order, each read in its form. Raises InvalidError."""
        if not isinstance(value, list) or not all(isinstance(element, dict) for element in value):
            raise InvalidError(keys, f"Write [[{keys[-1]}]], with two brackets, above each {keys[-1]}.")
        return [self.member.read(element, (*keys, index)) for index, element in enumerate(value)]


Form = Text | Flag | Choice | Texts | Table | Map | Tables


def _wrong_type(keys: Keys, wanted: str, value: object, example: str = "") -> NoReturn:
    names = {
        str: "a string",
        bool: "true or false",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "a table",
    }
    raise InvalidError(
        keys, f"{_named(keys)} must be {wanted}, not {names.get(type(value), 'a date')}.{example}"
    )


def _named(keys: Keys) -> str:
    """A path of keys as an author knows it: ``"profile"``, ``gateway.type``; an element begins a sentence."""
    names = [key for key in keys if isinstance(key, str)]
    named = f'"{names[0]}"' if len(names) == 1 else ".".join(names)
    return f"A value of {named}" if isinstance(keys[-1], int) else named


def _hint(word: str, known: Iterable[str]) -> str:
    from rapidfuzz import fuzz, process, utils

    found = process.extractOne(
        word, list(known), scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=65
    )
    return f'Did you mean "{found[0]}"?' if found else ""


def _or(words: Iterable[str]) -> str:
    return _listed(words, "or")


def _and(words: Iterable[str]) -> str:
    return _listed(words, "and")


def _listed(words: Iterable[str], joined_by: str) -> str:
    *most, last = [f'"{word}"' for word in words]
    return f"{', '.join(most)} {joined_by} {last}" if most else last
