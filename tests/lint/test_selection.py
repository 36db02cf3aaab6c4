"""Which rules run, by command line and settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from apim_policy.lint.selection import Selection, SelectionError, resolve
from apim_policy.rules import registry
from apim_policy.rules.model import Severity
from apim_policy.workspace.settings import Settings, SettingsError, load_settings

ALL = {name.code for name in registry.names()}
LNT = {"LNT001", "LNT002", "LNT003"}
FILE = Path("/project/policy.xml").absolute()


def codes(settings: Settings | None = None, path: Path = FILE, **options: list[str]) -> set[str]:
    return set(Selection(settings or Settings(), **options).rules(path).levels)


@pytest.fixture
def settings(tmp_path: Path):
    def write(text: str) -> Settings:
        path = tmp_path / "apim-policy.toml"
        path.write_text(text, encoding="utf-8")
        return load_settings(path)

    return write


@pytest.mark.parametrize("selector", ["LNT001", "lnt001", "unused-suppression"])
def test_a_code_or_name_selects_one_rule(selector: str):
    assert resolve(selector) == {"LNT001"}


@pytest.mark.parametrize("selector", ["LNT", "lnt", "LNT0", "LNT00"])
def test_a_family_or_prefix_selects_its_rules(selector: str):
    assert resolve(selector) == LNT


@pytest.mark.parametrize(
    ("selector", "hint"),
    [
        ("XM", 'Did you mean "XML"?'),
        ("LNT01", 'Did you mean "LNT001"?'),
        ("LNT009", 'Did you mean "LNT00'),
        ("unused-supression", 'Did you mean "unused-suppression"?'),
        ("nonsense", "The families are EXP, LNT, MCP, POL"),
        ("", "The families are EXP, LNT, MCP, POL"),
        ("*", "The families are EXP, LNT, MCP, POL"),
    ],
)
def test_a_selector_that_means_nothing_names_what_is_near(selector: str, hint: str):
    with pytest.raises(SelectionError) as raised:
        resolve(selector)
    assert f'"{selector}"' in str(raised.value)
    assert hint in str(raised.value)


def test_all_rules_run_unless_something_else_is_said():
    assert codes() == ALL


def test_select_runs_these_and_no_others():
    assert codes(select=["LNT"]) == LNT


def test_ignore_leaves_out():
    assert codes(ignore=["LNT"]) == ALL - LNT


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"select": ["LNT"], "ignore": ["LNT002"]}, {"LNT001", "LNT003"}),
        ({"select": ["LNT002"], "ignore": ["LNT"]}, {"LNT002"}),
        ({"select": ["LNT"], "ignore": ["LNT"]}, set()),
        ({"select": ["LNT001"], "extend_select": ["LNT003"]}, {"LNT001", "LNT003"}),
        ({"select": ["unused-suppression", "LNT0"], "ignore": ["LNT00"]}, {"LNT001"}),
    ],
)
def test_the_more_exact_selector_wins(options: dict[str, list[str]], expected: set[str]):
    assert codes(**options) == expected


def test_settings_select(settings):
    assert codes(settings('select = ["LNT"]\nignore = ["LNT003"]')) == {"LNT001", "LNT002"}


def test_a_select_of_the_command_line_replaces_that_of_the_settings(settings):
    assert codes(settings('select = ["LNT"]\nignore = ["LNT003"]'), select=["LNT003"]) == {"LNT003"}


def test_extend_select_of_the_command_line_brings_back_what_the_settings_ignore(settings):
    assert codes(settings('ignore = ["LNT"]'), extend_select=["LNT001"]) == ALL - {"LNT002", "LNT003"}


def test_a_rule_can_be_turned_off(settings):
    assert codes(settings('[rules]\nLNT001 = "off"')) == ALL - {"LNT001"}


def test_a_rule_has_the_level_that_the_settings_give_it(settings):
    rules = Selection(settings('[rules]\nunused-suppression = "error"')).rules(FILE)
    assert rules.levels["LNT001"] is Severity.ERROR
    assert rules.levels["LNT002"] is None


def test_rules_are_ignored_for_some_files_only(settings):
    found = settings(
        '[per-file]\n"samples/**" = { ignore = ["LNT"] }\n"**/old.xml" = { ignore = ["LNT001"] }'
    )
    root = found.path.parent
    assert codes(found, root / "policy.xml") == ALL
    assert codes(found, root / "samples" / "a" / "policy.xml") == ALL - LNT
    assert codes(found, root / "old.xml") == ALL - {"LNT001"}
    assert codes(found, root / "samples" / "old.xml", select=["LNT"]) == set()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('profile = "default"\nselect = ["LNT", "LTN001"]', 2),
        ('ignore = ["LTN001"]', 1),
        ('extend-select = [\n  "LTN001",\n]', 2),
        ('[rules]\n\nLTN001 = "off"', 3),
        ('[rules]\nLNT = "error"', 2),
        ('[per-file]\n"a/*" = { ignore = ["LTN001"] }', 2),
    ],
)
def test_a_wrong_code_in_the_settings_names_its_line(settings, text: str, line: int):
    with pytest.raises(SettingsError) as raised:
        Selection(settings(text))
    assert raised.value.line + 1 == line
    assert "LNT" in raised.value.message
