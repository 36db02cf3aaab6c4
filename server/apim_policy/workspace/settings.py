"""The settings of a folder: what ``apim-policy.toml`` says."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.text.span import Span
from apim_policy.workspace.files import reason_of

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

    from apim_policy.workspace.model import McpKind, Scope

FILE_NAME = "apim-policy.toml"


class SettingsError(Exception):
    """A settings file that cannot be used."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(f"{path}:{line + 1}: {message}")
        self.path = path
        self.line = line
        """From 0."""
        self.message = message
        """What is wrong and what would be right, in full sentences."""


class Profile(Enum):
    """A set of levels that rules start from."""

    DEFAULT = "default"
    STRICT = "strict"


class Level(Enum):
    """What the settings make of a rule's findings."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    HINT = "hint"
    OFF = "off"


class GatewayType(Enum):
    """A kind of gateway; kinds differ in the policies that they run."""

    CLASSIC = "classic"
    V2 = "v2"
    CONSUMPTION = "consumption"
    SELF_HOSTED = "self-hosted"
    WORKSPACE = "workspace"


class McpHeaderForwarding(Enum):
    """Which request headers cross from the policy of an MCP server to the API that a tool calls."""

    SUBSCRIPTION_KEY_ONLY = "subscription-key-only"
    """Only ``Ocp-Apim-Subscription-Key``, as before the update of November 2025."""
    AUTOMATIC = "automatic"
    """All but some that are not published, as since then."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Gateway:
    """What is known of the gateway that runs the policies."""

    type: GatewayType | None = None
    mcp_header_forwarding: McpHeaderForwarding = McpHeaderForwarding.UNKNOWN


class PathPattern(NamedTuple):
    """A pattern of paths in a settings file."""

    text: str
    """As written, relative to the settings' folder."""
    root: Path
    regex: re.Pattern[str]

    @property
    def folder(self) -> Path:
        """The innermost folder that holds all that can fit."""
        literal = []
        for part in self.text.split("/")[:-1]:
            if any(mark in part for mark in "*?["):
                break
            literal.append(part)
        return self.root.joinpath(*literal)

    def matches(self, path: Path) -> bool:
        """Whether an absolute path fits; none outside the settings' folder does."""
        try:
            relative = path.relative_to(self.root)
        except ValueError:
            return False
        return self.regex.match(relative.as_posix()) is not None


class PerFile(NamedTuple):
    """What holds for some files only."""

    pattern: PathPattern
    ignore: tuple[str, ...] = ()
    """Codes, slugs, families or prefixes."""

    def matches(self, path: Path) -> bool:
        """Whether it holds for the file."""
        return self.pattern.matches(path)


class DocumentSettings(NamedTuple):
    """What the settings state about the documents that a pattern fits."""

    pattern: PathPattern
    span: Span
    """Where it stands in the settings file."""
    line: int
    """The line of the span's start, from 0."""
    scope: Scope | None = None
    workspace: str | None = None
    product: str | None = None
    api: str | None = None
    operation: str | None = None
    fragment: str | None = None
    kind: McpKind | None = None
    tools_from: tuple[str, ...] = ()
    subscription_required: bool | None = None


class CustomRule(NamedTuple):
    """A rule of an organisation's own."""

    code: str
    xpath: str
    """XPath 1.0, not looked at yet."""
    message: str
    level: Level = Level.WARNING
    """Never ``off``."""


@dataclass(frozen=True)
class Settings:
    """What holds for the documents of a folder; without a file, the defaults."""

    path: Path | None = None
    """The file that says so."""
    text: str = field(default="", repr=False)
    """The text of the file."""
    profile: Profile = Profile.DEFAULT
    select: tuple[str, ...] = ()
    """Codes, slugs, families or prefixes; empty where the profile decides."""
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    """Patterns as in a ``.gitignore``, relative to the settings' folder."""
    gateway: Gateway = Gateway()
    rules: Mapping[str, Level] = field(default_factory=dict)
    """Levels by code or slug, as written."""
    per_file: tuple[PerFile, ...] = ()
    placeholders: re.Pattern[str] | None = None
    """Further forms of template placeholders, to be handed to the parser."""
    documents: tuple[DocumentSettings, ...] = ()
    custom_rules: tuple[CustomRule, ...] = ()
    """In the order of the file; no two have the same code."""

    @property
    def root(self) -> Path | None:
        """The folder that the settings hold for."""
        return self.path.parent if self.path else None

    def error(self, message: str, *keys: str | int) -> SettingsError:
        """An error about what stands at the end of a path of keys, such as ``("ignore", 0)``."""
        return SettingsError(self.path or Path(FILE_NAME), self.line(*keys), message)

    def span(self, *keys: str | int) -> Span:
        """Where the last of a path of keys stands, or the nearest key before it that stands anywhere."""
        for length in range(len(keys), 0, -1):
            if keys[:length] in self._spans:
                return self._spans[keys[:length]]
        return Span(0, 0)

    def states(self, *keys: str | int) -> bool:
        """Whether the file says something at the end of a path of keys, be it the default."""
        return keys in self._spans

    def line(self, *keys: str | int) -> int:
        """The line of ``span``, from 0."""
        return self.text.count("\n", 0, self.span(*keys).start)

    @cached_property
    def _spans(self) -> Mapping[tuple[str | int, ...], Span]:
        from apim_policy.workspace.toml_positions import key_spans

        return key_spans(self.text)


def load_settings(path: Path) -> Settings:
    """The settings of a file. Raises SettingsError."""
    from apim_policy.text.encoding import UndecodableError, decode
    from apim_policy.workspace.settings_format import parse_settings

    try:
        text, _ = decode(path.read_bytes())
    except OSError as error:
        raise SettingsError(path, 0, f"The settings cannot be read: {reason_of(error)}.") from None
    except UndecodableError as error:
        raise SettingsError(
            path, 0, f"The settings are not UTF-8: {error}. Save the file as UTF-8."
        ) from None
    return parse_settings(path, text)


def find_settings(start: Path) -> Path | None:
    """The nearest settings file, from a file or folder upwards as far as the root of its repository."""
    for folder in (start, *start.parents):
        candidate = folder / FILE_NAME
        if candidate.is_file():
            return candidate
        if (folder / ".git").exists():
            return None
    return None


class SettingsFinder:
    """The settings that hold for each path: those of one file that was named, the nearest ones, or none."""

    def __init__(self, config: Path | None = None, *, search: bool = True) -> None:
        self._config = config
        self._search = search
        self._by_folder: dict[Path, Path | None] = {}
        self._loaded: dict[Path, Settings] = {}
        self._defaults = Settings()

    def of(self, path: Path, *, is_folder: bool = False) -> Settings:
        """The settings for a file or folder; the same object for all that share them. Raises SettingsError."""
        file = self._config
        if file is None and self._search:
            folder = path if is_folder else path.parent
            if folder not in self._by_folder:
                self._by_folder[folder] = find_settings(folder)
            file = self._by_folder[folder]
        if file is None:
            return self._defaults
        if file not in self._loaded:
            self._loaded[file] = load_settings(file)
        return self._loaded[file]
