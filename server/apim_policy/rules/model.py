"""What a rule is, and what it reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from apim_policy.rules.context import RuleContext
    from apim_policy.text.edits import TextEdit
    from apim_policy.text.span import Span


class Severity(Enum):
    """How much a finding matters; the values are those of the JSON output."""

    ERROR = "error"
    """The service rejects the document when it is saved, or the policy cannot do what it says."""
    WARNING = "warning"
    """Accepted, and very probably wrong at run time."""
    INFO = "info"
    HINT = "hint"

    @property
    def rank(self) -> int:
        """0 for the gravest, 3 for a hint."""
        return _RANKS[self]

    def at_least(self, other: Severity) -> bool:
        """Whether this is as grave as ``other`` or graver."""
        return self.rank <= other.rank

    def lowered(self) -> Severity:
        """One level milder; a hint stays a hint."""
        return _BY_RANK[min(self.rank + 1, 3)]


_BY_RANK = (Severity.ERROR, Severity.WARNING, Severity.INFO, Severity.HINT)
_RANKS = {severity: rank for rank, severity in enumerate(_BY_RANK)}


class Applicability(Enum):
    """Whether a fix may be applied without a look at each place."""

    SAFE = "safe"
    """Keeps the behaviour of sound documents and never touches the bytes of an expression."""
    UNSAFE = "unsafe"


class Tag(Enum):
    """How an editor may draw a finding."""

    UNNECESSARY = "unnecessary"
    DEPRECATED = "deprecated"


@dataclass(frozen=True, slots=True)
class FileEdit:
    """Edits of one file; the file is made where it does not exist yet."""

    path: Path
    edits: tuple[TextEdit, ...]


@dataclass(frozen=True, slots=True)
class Fix:
    """One way to mend a finding."""

    title: str
    """An imperative without a full stop, as an editor's menu shows it."""
    edits: tuple[FileEdit, ...]
    applicability: Applicability = Applicability.SAFE
    preferred: bool = False
    """Whether an editor applies it when the author asks for the quickest fix."""
    batch: bool = True
    """False for what is never applied to many files at once: changes to settings, and all that rests on an assumption."""
    named: bool = False
    """Whether a batch applies it only where ``--fix-only`` names its rule."""


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that a finding speaks of."""

    path: Path
    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding."""

    path: Path
    """The file that it is about: always the file that the rule was asked to check."""
    span: Span
    code: str
    name: str
    severity: Severity
    message: str
    related: tuple[Related, ...] = ()
    fixes: tuple[Fix, ...] = ()
    tags: frozenset[Tag] = field(default_factory=frozenset)

    @property
    def batch_fix(self) -> Fix | None:
        """The only fix that is ever applied to many files at once: the first, unless it opts out."""
        return self.fixes[0] if self.fixes and self.fixes[0].batch else None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Its module's docstring is its page; see ``rules/documentation.py``."""

    code: str
    """Never changes its meaning."""
    name: str
    """The slug; works wherever the code does."""
    level: Severity
    """The level of its findings where neither the rule nor the settings say otherwise."""
    summary: str
    """One line for tables, without a full stop."""
    check: Callable[[RuleContext], Iterable[Diagnostic]] | None
    """Looks at one document; None for what only the linter itself can see."""
    fix: Applicability | None = None
    """What kind of fix it offers, where it offers one."""
    preview: bool = False
    strict: Severity | None = None
    """Its level under the profile ``strict``, where that is another."""

    @property
    def family(self) -> str:
        """The letters of its code."""
        return self.code.rstrip("0123456789")

    def diagnostic(
        self,
        context: RuleContext,
        span: Span,
        message: str,
        *,
        severity: Severity | None = None,
        related: Iterable[Related] = (),
        fixes: Iterable[Fix] = (),
        tags: Iterable[Tag] = (),
    ) -> Diagnostic:
        """A finding of this rule in the file that ``context`` checks."""
        return Diagnostic(
            path=context.path,
            span=span,
            code=self.code,
            name=self.name,
            severity=severity or self.level,
            message=message,
            related=tuple(related),
            fixes=tuple(fixes),
            tags=frozenset(tags),
        )
