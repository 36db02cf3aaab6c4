"""The form of a settings file: which keys there are, what each may hold, and what together makes no sense."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from apim_policy.workspace.globs import compile_glob
from apim_policy.workspace.model import McpKind, Scope
from apim_policy.workspace.setting_forms import (
    Choice,
    Flag,
    InvalidError,
    Keys,
    Map,
    Table,
    Tables,
    Text,
    Texts,
)
from apim_policy.workspace.settings import (
    CustomRule,
    DocumentSettings,
    Gateway,
    GatewayType,
    Level,
    McpHeaderForwarding,
    PathPattern,
    PerFile,
    Profile,
    Settings,
    SettingsError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_STATED_SCOPES = tuple(scope for scope in Scope if scope is not Scope.UNKNOWN)
# What tomllib says last: where it stopped.
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")
_BACK_REFERENCE = re.compile(r"(?<!\\)(?:\\\\)*(?:\\[1-9]|\(\?P=|\(\?\()")
_CUSTOM_CODE = re.compile(r"[A-Z]{3}\d{3}")
_NO_FLAGS = re.compile("").flags

FORM = Table(
    {
        "profile": Choice(tuple(Profile)),
        "select": Texts(),
        "extend-select": Texts(),
        "ignore": Texts(),
        "exclude": Texts(),
        "gateway": Table(
            {"type": Choice(tuple(GatewayType)), "mcp-header-forwarding": Choice(tuple(McpHeaderForwarding))}
        ),
        "rules": Map(Choice(tuple(Level))),
        "per-file": Map(Table({"ignore": Texts()})),
        "placeholders": Table({"patterns": Texts()}),
        "document": Tables(
            Table(
                {
                    "path": Text(),
                    "scope": Choice(_STATED_SCOPES),
                    "workspace": Text(),
                    "product": Text(),
                    "api": Text(),
                    "operation": Text(),
                    "fragment": Text(),
                    "kind": Choice(tuple(McpKind)),
                    "tools-from": Texts(),
                    "subscription-required": Flag(),
                },
                required=("path",),
            )
        ),
        "custom-rule": Tables(
            Table(
                {
                    "code": Text(),
                    "xpath": Text(),
                    "level": Choice(tuple(level for level in Level if level is not Level.OFF)),
                    "message": Text(),
                },
                required=("code", "xpath", "message"),
            )
        ),
    }
)
"""The whole file."""


def parse_settings(path: Path, text: str) -> Settings:
    """The settings that ``text``, the content of ``path``, states. Raises SettingsError."""
    import tomllib

    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(path, text, str(error)) from None
    except RecursionError:
        raise SettingsError(path, 0, "The settings are nested too deep.") from None
    bare = Settings(path, text)
    try:
        return _settings(bare, FORM.read(value, ()))
    except InvalidError as error:
        raise bare.error(error.message, *error.keys) from None


def _syntax_error(path: Path, text: str, message: str) -> SettingsError:
    place = _PLACE.search(message)
    said = message[: place.start()] if place else message
    line = int(place[1]) - 1 if place and place[1] else text.count("\n")
    return SettingsError(path, line, f"This is not TOML: {said[:1].lower()}{said[1:]}.")


def _settings(bare: Settings, value: Mapping[str, Any]) -> Settings:
    gateway = value.get("gateway", {})
    per_file = tuple(
        PerFile(_pattern(bare, text, ("per-file", text), anchored=False), table.get("ignore", ()))
        for text, table in value.get("per-file", {}).items()
    )
    return Settings(
        path=bare.path,
        text=bare.text,
        profile=value.get("profile", Profile.DEFAULT),
        select=value.get("select", ()),
        extend_select=value.get("extend-select", ()),
        ignore=value.get("ignore", ()),
        exclude=value.get("exclude", ()),
        gateway=Gateway(
            gateway.get("type"), gateway.get("mcp-header-forwarding", McpHeaderForwarding.UNKNOWN)
        ),
        rules=value.get("rules", {}),
        per_file=per_file,
        placeholders=_placeholders(value.get("placeholders", {}).get("patterns", ())),
        documents=tuple(
            _document(bare, table, index) for index, table in enumerate(value.get("document", ()))
        ),
        custom_rules=_custom_rules(value.get("custom-rule", ())),
    )


def _pattern(bare: Settings, text: str, keys: Keys, *, anchored: bool) -> PathPattern:
    if bare.root is None or text.startswith("../"):
        raise InvalidError(keys, f'"{text}" leads out of the folder of the settings.')
    return PathPattern(text, bare.root, compile_glob(text.removeprefix("./"), anchored=anchored))


def _document(bare: Settings, table: Mapping[str, Any], index: int) -> DocumentSettings:
    keys: Keys = ("document", index)
    if len(table) == 1:
        raise InvalidError(
            keys, f'[[document]] says nothing about "{table["path"]}". Give it a scope, for example.'
        )
    scope = table.get("scope")
    if "operation" in table and "api" not in table:
        raise InvalidError(
            (*keys, "operation"), '"operation" needs "api", the name of the API that it belongs to.'
        )
    for key in ("kind", "tools-from"):
        if key in table and scope not in (None, Scope.MCP):
            raise InvalidError(
                (*keys, key), f'"{key}" is for MCP servers. Set scope = "mcp", or leave "{key}" out.'
            )
    if table.get("kind") is McpKind.PASSTHROUGH and table.get("tools-from"):
        message = 'A passthrough MCP server has no tools of its own. Leave "tools-from" out, or set kind = "rest-backed".'
        raise InvalidError((*keys, "tools-from"), message)
    return DocumentSettings(
        pattern=_pattern(bare, table["path"], (*keys, "path"), anchored=True),
        span=bare.span(*keys),
        line=bare.line(*keys),
        scope=scope,
        workspace=table.get("workspace"),
        product=table.get("product"),
        api=table.get("api"),
        operation=table.get("operation"),
        fragment=table.get("fragment"),
        kind=table.get("kind"),
        tools_from=table.get("tools-from", ()),
        subscription_required=table.get("subscription-required"),
    )


def _custom_rules(tables: Iterable[Mapping[str, Any]]) -> tuple[CustomRule, ...]:
    rules: dict[str, CustomRule] = {}
    for index, table in enumerate(tables):
        code, keys = table["code"], ("custom-rule", index, "code")
        if not _CUSTOM_CODE.fullmatch(code):
            raise InvalidError(
                keys, f'"{code}" is no code. Write three capital letters and three digits, as in ORG001.'
            )
        if code in rules:
            raise InvalidError(keys, f"Two custom rules have the code {code}. Give each its own.")
        rules[code] = CustomRule(code, table["xpath"], table["message"], table.get("level", Level.WARNING))
    return tuple(rules.values())


def _placeholders(patterns: Iterable[str]) -> re.Pattern[str] | None:
    together = ""
    for index, pattern in enumerate(patterns):
        keys = ("placeholders", "patterns", index)
        try:
            compiled = re.compile(pattern)
            if compiled.flags != _NO_FLAGS:
                raise InvalidError(
                    keys, f"{pattern!r} sets a flag for all patterns. Write (?i:…) instead of (?i)."
                )
            together = f"{together}|(?:{pattern})".removeprefix("|")
            re.compile(together)
        except re.error as error:
            raise InvalidError(keys, f"{pattern!r} is no regular expression: {error}.") from None
        if compiled.match(""):
            raise InvalidError(keys, f"{pattern!r} fits the empty text, and so would be found everywhere.")
        if _BACK_REFERENCE.search(pattern):
            raise InvalidError(keys, f"{pattern!r} refers back to a group, which patterns here cannot.")
    return re.compile(together) if together else None
