"""What may be written at a caret inside an expression."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apim_policy.csharp.library import CONTEXT, constructors, type_named
from apim_policy.csharp.types import Allowed
from apim_policy.ide import snippets
from apim_policy.ide.expressions import names, words
from apim_policy.ide.expressions.members import members_of, overloads_of
from apim_policy.ide.expressions.prefix import Within
from apim_policy.ide.expressions.receivers import receiver, scope
from apim_policy.ide.expressions.types import Nameable, nameable
from apim_policy.ide.proposals import CodeSubject, Completion, CompletionKind, Completions
from apim_policy.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from apim_policy.ide.expressions.cursor import Caret

TRIGGERS = frozenset({".", '"', "<", " ", "("})
"""Characters inside an expression after which there may be something to propose."""

_REST_OF_WORD = re.compile(r"\w*")
_DOTS = (".", "?.")
# Words after which a value begins; after any other word comes an operator, or the name of something new.
_BEFORE_VALUES = frozenset(
    {
        "return",
        "in",
        "is",
        "as",
        "else",
        "throw",
        "case",
        "await",
        "out",
        "ref",
        "new",
        "do",
        "not",
        "and",
        "or",
        "when",
    }
)
_BEFORE_STATEMENTS = frozenset({"{", "}", ";", "else", "do"})
_ORDER = {"local": "0", "context": "1", "keyword": "2", "block": "3", "word": "4", "type": "5", "rest": "6"}


def complete_expression(caret: Caret, trigger: str | None = None) -> Completions:
    """What may be written at a caret in an expression.

    ``trigger`` is the character that was just typed, where that alone made the editor ask.
    """
    prefix = caret.prefix
    if prefix.within is Within.STRING:
        found = names.completions(caret) if trigger in (None, '"') else None
        return found if found is not None else _completions(caret, ())
    if prefix.within is Within.COMMENT or not _asked(caret, trigger):
        return _completions(caret, ())
    return _completions(caret, _items(caret))


def _asked(caret: Caret, trigger: str | None) -> bool:
    """Whether the character that was typed asks for proposals where it stands."""
    before = caret.prefix.before
    last = before[-1].text if before else ""
    return {
        None: True,
        ".": last in _DOTS and not (len(before) > 1 and before[-2].text[0].isdigit()),
        " ": last == "new",
        "<": last == "<" and _takes_types(caret),
        "(": not before,
    }.get(trigger, False)


def _completions(caret: Caret, items: Iterable[Completion]) -> Completions:
    text, offset = caret.document.text, caret.offset
    rest = _REST_OF_WORD.match(text, offset)
    start = caret.source(len(caret.prefix.text) - len(caret.prefix.word))
    return Completions(
        tuple(caret.written(item) for item in items),
        Span(start, offset),
        Span(start, rest.end() if rest else offset),
        snippets.indentation(caret.document, offset),
    )


def _items(caret: Caret) -> list[Completion]:
    prefix = caret.prefix
    before = prefix.before
    last = before[-1] if before else None
    end = len(prefix.text) - len(prefix.word)
    if last is None:
        return _values(caret, end, statement=prefix.text.startswith("@{"))
    if last.text in _DOTS:
        return _after_dot(caret, end)
    if last.text == "new":
        return _constructions(caret)
    if last.text == "<" and _takes_types(caret):
        return _type_arguments(caret)
    if last.text[0] in "\"'$@" or last.text[0].isdigit() or last.text == "]":
        return []
    if last.is_word and last.text not in _BEFORE_VALUES:
        return []
    statement = last.text in _BEFORE_STATEMENTS or (last.text == ")" and _in_statements(caret))
    return _values(caret, end, statement=statement and _in_statements(caret))


def _in_statements(caret: Caret) -> bool:
    opened = caret.prefix.opened
    return opened[-1].close == ";}" if opened else caret.prefix.text.startswith("@{")


# Members


def _after_dot(caret: Caret, end: int) -> list[Completion]:
    known, values = receiver(caret, end)
    if known is None:
        return _in_namespace(caret)
    if values is not None:
        return [
            Completion(
                name, CompletionKind.PROPERTY, snippets.escaped(name), f"0{name}", name, mark=str(type_ or "")
            )
            for name, type_ in values.items()
        ]
    return members_of(known, called=_following(caret) in ("(", "<"))


def _following(caret: Caret) -> str:
    """The character after the rest of the word."""
    text = caret.document.text
    rest = _REST_OF_WORD.match(text, caret.offset)
    end = rest.end() if rest else caret.offset
    return "<" if text.startswith("&lt;", end) else text[end : end + 1]


def _in_namespace(caret: Caret) -> list[Completion]:
    """The types of a namespace that is spelled out, and the namespaces in it."""
    tokens = caret.prefix.before
    at, path = len(tokens) - 2, []
    while at >= 0 and tokens[at].is_word:
        path.append(tokens[at].text)
        if at == 0 or tokens[at - 1].text != ".":
            break
        at -= 2
    space = ".".join(reversed(path)) + "."
    items: dict[str, Completion] = {}
    for each in nameable():
        if not each.full.startswith(space):
            continue
        name, _, more = each.full.removeprefix(space).partition(".")
        if more and name not in items:
            items[name] = Completion(name, CompletionKind.TYPE, name, f"1{name}", name, mark="namespace")
        elif not more:
            items[name] = _type(each, "0")
    return list(items.values())


# Names and keywords


def _values(caret: Caret, end: int, *, statement: bool) -> list[Completion]:
    items = [
        Completion(
            local.name,
            CompletionKind.LOCAL,
            snippets.escaped(local.name),
            f"{_ORDER['local']}{local.name}",
            local.name,
            detail=local.kind.value,
            mark=str(local.type) if local.type is not None else "",
        )
        for local in scope(caret, end).values()
        if local.span.end <= end
    ]
    items.append(
        Completion(
            "context",
            CompletionKind.LOCAL,
            "context",
            _ORDER["context"],
            "context",
            detail="the call that is being handled",
            subject=CodeSubject(str(CONTEXT)),
        )
    )
    if statement:
        items += _keywords(words.STATEMENTS, "keyword")
        items += [
            Completion(
                label,
                CompletionKind.EXPRESSION,
                snippet,
                f"{_ORDER['block']}{keyword}",
                keyword,
                detail="statement",
            )
            for keyword, (label, snippet) in words.BLOCKS.items()
        ]
    items += _keywords(words.VALUES, "word")
    items += _keywords(words.TYPES, "rest")
    items += [_type(each, _ORDER["type"]) for each in nameable()]
    return items


def _keywords(listed: Iterable[str], order: str) -> Iterator[Completion]:
    for rank, word in enumerate(listed):
        yield Completion(word, CompletionKind.KEYWORD, word, f"{_ORDER[order]}{rank:02}", word)


def _type(each: Nameable, group: str) -> Completion:
    return Completion(
        each.label,
        CompletionKind.TYPE,
        f"{each.name}<$1>" if each.arity else each.name,
        f"{group}{each.name}",
        each.name,
        detail=each.full,
        subject=CodeSubject(str(each.type)),
    )


def _constructions(caret: Caret) -> list[Completion]:
    called = _following(caret) in ("(", "{", "<")
    items = []
    for each in nameable():
        ways = constructors(each.type)
        if each.abstract or not any(way.allowed is not Allowed.NO for way in ways):
            continue
        arguments = f"<{', '.join(f'${number + 1}' for number in range(each.arity))}>" if each.arity else ""
        stop = f"${each.arity + 1}" if any(way.parameters for way in ways) else ""
        items.append(
            Completion(
                each.label,
                CompletionKind.TYPE,
                each.name if called else f"{each.name}{arguments}({stop})",
                each.name,
                each.name,
                detail=each.full,
                subject=CodeSubject(str(each.type)),
            )
        )
    return items


# Type arguments


def _takes_types(caret: Caret) -> bool:
    """Whether the ``<`` before the caret opens type arguments rather than compares."""
    tokens = caret.prefix.before
    if len(tokens) < 2 or not tokens[-2].is_word:
        return False
    name = tokens[-2]
    if len(tokens) > 2 and tokens[-3].text in _DOTS:
        known, _ = receiver(caret, name.start)
        if known is None:
            return name.text == "As"
        return any(member.type_parameters for member in overloads_of(known, name.text))
    return any(type_named(name.text, arity) is not None for arity in (1, 2))


def _type_arguments(caret: Caret) -> list[Completion]:
    """The types that ``As`` takes before a body; else all that may be named."""
    body = caret.prefix.before[-2].text == "As"
    listed = words.BODY_TYPES if body else words.TYPES
    items = [
        Completion(
            name,
            CompletionKind.TYPE,
            snippets.escaped(name),
            f"0{rank:02}",
            name,
            subject=CodeSubject(name),
        )
        for rank, name in enumerate(listed)
    ]
    taken = {item.label for item in items}
    return items + [_type(each, "1") for each in nameable() if each.label not in taken and not body]
