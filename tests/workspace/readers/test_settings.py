from __future__ import annotations

from pathlib import Path

from apim_policy.workspace.model import McpKind, Scope
from apim_policy.workspace.readers.settings import SettingsReader
from apim_policy.workspace.settings import Settings
from apim_policy.workspace.settings_format import parse_settings

FILE = Path("/project/apim-policy.toml")
TEXT = """\
[[document]]
path = "mcp/*/policy.xml"
kind = "rest-backed"
tools-from = ["orders-api"]

[[document]]
path = "mcp/orders/policy.xml"
subscription-required = true
"""


def test_every_entry_that_fits_is_a_statement_with_its_place() -> None:
    reader = SettingsReader(parse_settings(FILE, TEXT))
    tools, key = reader.statements(FILE.parent / "mcp/orders/policy.xml")
    assert (tools.implied_scope, tools.kind, tools.tools_from) == (
        Scope.MCP,
        McpKind.REST_BACKED,
        ("orders-api",),
    )
    assert (tools.evidence[0].path, tools.evidence[0].line) == (FILE, 0)
    assert tools.evidence[0].text == "kind is rest-backed, tools-from is orders-api"
    assert TEXT[slice(*tools.evidence[0].span)] == "[[document]]"
    assert key.implied_scope is None
    assert key.subscription_required is not None
    assert key.subscription_required.value is True
    assert key.subscription_required.evidence.line == 5
    assert key.subscription_required.evidence.text == "subscription-required is true"


def test_other_files_are_not_spoken_of() -> None:
    reader = SettingsReader(parse_settings(FILE, TEXT))
    assert reader.statements(FILE.parent / "apis/orders/policy.xml") == []
    assert reader.statements(Path("/elsewhere/mcp/orders/policy.xml")) == []
    assert SettingsReader(Settings()).statements(FILE.parent / "mcp/orders/policy.xml") == []
