from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from apim_policy.workspace.model import McpKind, Scope
from apim_policy.workspace.setting_forms import Choice, Flag, Form, Map, Table, Tables, Text, Texts
from apim_policy.workspace.settings import (
    GatewayType,
    Level,
    McpHeaderForwarding,
    Profile,
    Settings,
    SettingsError,
    SettingsFinder,
    find_settings,
    load_settings,
)
from apim_policy.workspace.settings_format import FORM, parse_settings
from support.workspaces import write_files

FILE = Path("/project/apim-policy.toml")
SCHEMA = Path(__file__).parents[2] / "schemas" / "settings.schema.json"


def parse(text: str) -> Settings:
    return parse_settings(FILE, text)


def refusal(text: str) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        parse(text)
    return caught.value


def test_a_file_with_everything() -> None:
    settings = parse(
        """
        profile = "strict"
        select = ["MCP", "XML"]
        extend-select = ["SCP007"]
        ignore = ["mcp-relay-obsolete"]
        exclude = ["**/archive/**"]
        [gateway]
        type = "self-hosted"
        mcp-header-forwarding = "subscription-key-only"
        [rules]
        MCP001 = "error"
        relay-leaks = "off"
        [per-file]
        "samples/**" = { ignore = ["SCP"] }
        [placeholders]
        patterns = ['\\bRETRY_COUNT\\b', "<<\\\\w+>>"]
        [[document]]
        path = "mcp/*/policy.xml"
        scope = "mcp"
        kind = "rest-backed"
        tools-from = ["orders-api"]
        subscription-required = true
        [[document]]
        path = "./ops/create.xml"
        api = "orders-api"
        operation = "create-order"
        workspace = "sales"
        """
    )
    assert settings.path == FILE
    assert settings.root == FILE.parent
    assert settings.profile is Profile.STRICT
    assert settings.select == ("MCP", "XML")
    assert settings.extend_select == ("SCP007",)
    assert settings.ignore == ("mcp-relay-obsolete",)
    assert settings.exclude == ("**/archive/**",)
    assert settings.gateway.type is GatewayType.SELF_HOSTED
    assert settings.gateway.mcp_header_forwarding is McpHeaderForwarding.SUBSCRIPTION_KEY_ONLY
    assert settings.rules == {"MCP001": Level.ERROR, "relay-leaks": Level.OFF}
    (per_file,) = settings.per_file
    assert per_file.ignore == ("SCP",)
    assert per_file.matches(FILE.parent / "samples/a/b.xml")
    assert not per_file.matches(FILE.parent / "apis/b.xml")
    assert not per_file.matches(Path("/elsewhere/samples/b.xml"))
    assert settings.placeholders is not None
    assert settings.placeholders.fullmatch("RETRY_COUNT")
    assert settings.placeholders.fullmatch("<<x>>")
    mcp, operation = settings.documents
    assert (mcp.scope, mcp.kind, mcp.tools_from, mcp.subscription_required) == (
        Scope.MCP,
        McpKind.REST_BACKED,
        ("orders-api",),
        True,
    )
    assert mcp.pattern.matches(FILE.parent / "mcp/orders/policy.xml")
    assert mcp.pattern.folder == FILE.parent / "mcp"
    assert settings.text[slice(*mcp.span)] == "[[document]]"
    assert (operation.api, operation.operation, operation.workspace, operation.scope) == (
        "orders-api",
        "create-order",
        "sales",
        None,
    )
    assert operation.pattern.matches(FILE.parent / "ops/create.xml")


def test_an_empty_file_states_nothing() -> None:
    settings = parse("# nothing yet\n")
    assert settings.profile is Profile.DEFAULT
    assert settings.select == settings.ignore == settings.exclude == settings.documents == ()
    assert settings.gateway.type is None
    assert settings.gateway.mcp_header_forwarding is McpHeaderForwarding.UNKNOWN
    assert settings.placeholders is None


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('\nprofil = "strict"', 1, '"profil" is no setting. Did you mean "profile"?'),
        ("zzz = 1", 0, '"zzz" is no setting. The settings are "profile", "select", '),
        ('profile = "strit"', 0, '"strit" is no value of "profile". Did you mean "strict"?'),
        (
            '[gateway]\n# x\nmcp-header-forward = "automatic"',
            2,
            '"mcp-header-forward" is no setting of "gateway". Did you mean "mcp-header-forwarding"?',
        ),
        (
            '[gateway]\ntype = "premium"',
            1,
            '"premium" is no value of gateway.type. It can be "classic", "v2", "consumption", "self-hosted" or "workspace".',
        ),
        (
            'ignore = "SCP005"',
            0,
            '"ignore" must be a list of strings, not a string. Write ignore = ["SCP005"].',
        ),
        ("ignore = [\n  'A',\n  1,\n]", 2, 'A value of "ignore" must be a string, not a number.'),
        ("select = ['']", 0, 'A value of "select" is empty. Give it a value, or leave it out.'),
        ("gateway = 'v2'", 0, '"gateway" must be a table, not a string.'),
        ("[rules]\nMCP001 = 'eror'", 1, '"eror" is no value of rules.MCP001. Did you mean "error"?'),
        (
            "[rules]\nMCP001 = true",
            1,
            'rules.MCP001 must be "error", "warning", "info", "hint" or "off", not true or false.',
        ),
        (
            "[per-file]\n'a' = { ignor = [] }",
            1,
            '"ignor" is no setting of per-file.a. Did you mean "ignore"?',
        ),
        ("[document]\npath = 'a'", 0, "Write [[document]], with two brackets, above each document."),
        ("[[document]]\napi = 'a'\n\n[[document]]\npath = 'b'", 0, '"path" is missing.'),
        ("[[document]]\npath = 'b'", 0, '[[document]] says nothing about "b". Give it a scope, for example.'),
        (
            "[[document]]\npath = 'b'\nscope = 'unknown'",
            2,
            '"unknown" is no value of document.scope. It can be "global", ',
        ),
        (
            "[[document]]\npath = 'b'\noperation = 'x'",
            2,
            '"operation" needs "api", the name of the API that it belongs to.',
        ),
        (
            "[[document]]\npath = 'b'\nscope = 'api'\nkind = 'passthrough'",
            3,
            '"kind" is for MCP servers. Set scope = "mcp", or leave "kind" out.',
        ),
        (
            "[[document]]\npath = 'b'\nkind = 'passthrough'\ntools-from = ['a']",
            3,
            'A passthrough MCP server has no tools of its own. Leave "tools-from" out, or set kind = "rest-backed".',
        ),
        ("[[document]]\npath = '../b'\napi = 'x'", 1, '"../b" leads out of the folder of the settings.'),
        (
            "[[document]]\npath = 'b'\nsubscription-required = 'yes'",
            2,
            "must be true or false, not a string.",
        ),
        ("[placeholders]\npatterns = [\n'a',\n'(']", 3, "'(' is no regular expression: missing )"),
        (
            "[placeholders]\npatterns = ['a*']",
            1,
            "'a*' fits the empty text, and so would be found everywhere.",
        ),
        (
            "[placeholders]\npatterns = ['(?i)a']",
            1,
            "'(?i)a' sets a flag for all patterns. Write (?i:…) instead of (?i).",
        ),
        ("[placeholders]\npatterns = ['(a)\\1']", 1, "refers back to a group, which patterns here cannot."),
        ("profile = 1979-05-27", 0, '"profile" must be "default" or "strict", not a date.'),
        ("a = [", 0, "This is not TOML: invalid value."),
        ("a = 1\n\na = 2", 2, "This is not TOML: cannot overwrite a value."),
        ("a = " + "[" * 100_000, 0, "The settings are nested too deep."),
    ],
)
def test_errors_name_the_line_and_what_would_be_right(text: str, line: int, message: str) -> None:
    error = refusal(text)
    assert error.path == FILE
    assert message in error.message
    assert error.line == line
    assert str(error).startswith(f"{FILE}:{line + 1}: ")


def test_placeholder_patterns_may_hold_groups_and_escaped_backslashes() -> None:
    pattern = parse("[placeholders]\npatterns = ['(a|b)\\d', '(c)x', '\\\\1']").placeholders
    assert pattern is not None
    assert [bool(pattern.fullmatch(text)) for text in ("a1", "cx", "\\1", "x")] == [True, True, True, False]


def test_other_parts_of_the_program_can_point_at_a_setting() -> None:
    settings = parse('ignore = [\n  "MCP001",\n  "MCX001",\n]\n[rules]\nMCP002 = "off"\n')
    error = settings.error('"MCX001" is no rule.', "ignore", 1)
    assert (error.path, error.line, error.message) == (FILE, 2, '"MCX001" is no rule.')
    assert settings.line("rules", "MCP002") == 5
    assert settings.line("rules", "nothing") == 4
    assert settings.line("nothing") == 0


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'profile = "\xe9"', "The settings are not UTF-8"),
        (None, "The settings cannot be read: it does not exist."),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path, data: bytes | None, message: str) -> None:
    path = tmp_path / "apim-policy.toml"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(SettingsError, match=message):
        load_settings(path)


def test_the_nearest_file_counts_as_far_as_the_repository(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "apim-policy.toml": "",
            "repository/.git/HEAD": "",
            "repository/apis/policy.xml": "",
            "repository/mcp/apim-policy.toml": "",
            "repository/mcp/orders/policy.xml": "",
        },
    )
    repository = tmp_path / "repository"
    assert find_settings(repository / "mcp/orders/policy.xml") == repository / "mcp/apim-policy.toml"
    assert find_settings(repository / "mcp") == repository / "mcp/apim-policy.toml"
    assert find_settings(repository / "apis/policy.xml") is None
    assert find_settings(tmp_path / "other") == tmp_path / "apim-policy.toml"


def test_files_that_share_settings_share_the_object(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {".git/HEAD": "", "apim-policy.toml": "ignore = ['A']", "sub/apim-policy.toml": "ignore = ['B']"},
    )
    finder = SettingsFinder()
    assert finder.of(tmp_path / "a/x.xml") is finder.of(tmp_path / "b/y.xml")
    assert finder.of(tmp_path / "a/x.xml").ignore == ("A",)
    assert finder.of(tmp_path / "sub/x.xml").ignore == ("B",)
    assert finder.of(tmp_path / "sub", is_folder=True).ignore == ("B",)
    assert SettingsFinder(tmp_path / "sub/apim-policy.toml").of(tmp_path / "a/x.xml").ignore == ("B",)
    assert SettingsFinder(search=False).of(tmp_path / "a/x.xml").ignore == ()


def test_the_schema_knows_the_keys_and_values_that_the_loader_knows() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))

    def compare(form: Form, part: dict[str, Any], where: str) -> None:
        if "$ref" in part:
            part = {**part, **schema["$defs"][part["$ref"].removeprefix("#/$defs/")]}
        match form:
            case Table():
                assert part["additionalProperties"] is False, where
                assert set(part["properties"]) == set(form.members), where
                assert tuple(part.get("required", ())) == form.required, where
                for key, member in form.members.items():
                    assert part["properties"][key].get("description"), f"{where}.{key} has no description"
                    compare(member, part["properties"][key], f"{where}.{key}")
            case Map():
                compare(form.member, part["additionalProperties"], f"{where}.*")
            case Tables():
                assert part["type"] == "array", where
                compare(form.member, part["items"], where)
            case Choice():
                assert tuple(part["enum"]) == form.words, where
            case Texts():
                assert part["type"] == "array", where
                compare(Text(), part["items"], where)
            case Text():
                assert part["type"] == "string", where
            case Flag():
                assert part["type"] == "boolean", where

    compare(FORM, schema, "settings")


def test_the_examples_of_the_schema_are_valid() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    examples = {key: part["examples"][0] for key, part in schema["properties"].items() if "examples" in part}
    assert examples
    FORM.read(examples, ())
