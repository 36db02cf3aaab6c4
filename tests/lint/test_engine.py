"""Findings come in the order of the text, at the levels that were asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from apim_policy.lint.engine import lint_document
from apim_policy.lint.selection import Selection
from apim_policy.rules import registry
from apim_policy.rules.model import Severity
from apim_policy.text.span import Span
from support.workspaces import lint, open_workspace, write_files

SOURCE = '<policies>\n  <inbound a="1" a="2" />\n  <outbound b="1" b="2" />\n</policies>\n'


def replace_check(monkeypatch: pytest.MonkeyPatch, code: str, check, **fields) -> None:
    rules = [
        replace(rule, check=check, **fields) if rule.code == code else rule for rule in registry.all_rules()
    ]
    monkeypatch.setattr(registry, "all_rules", lambda: rules)


def severities(settings: str) -> list[Severity]:
    found = lint({"policy.xml": SOURCE, "apim-policy.toml": settings}, select=["XML006"])
    return [finding.severity for finding in found.all]


def test_findings_are_in_the_order_of_the_text(monkeypatch: pytest.MonkeyPatch):
    def backwards(context):
        rule = registry.rule("XML001")
        for start in (30, 10, 20):
            yield rule.diagnostic(context, Span(start, start + 1), "here")

    replace_check(monkeypatch, "XML001", backwards)
    found = lint(SOURCE, select=["XML"])
    starts = [finding.span.start for finding in found.all]
    assert starts == sorted(starts)
    assert len(starts) == 5


def test_a_rule_keeps_its_level_unless_something_else_is_said():
    assert severities("") == [Severity.ERROR] * 2


@pytest.mark.parametrize("level", ["error", "warning", "info", "hint"])
def test_the_settings_give_a_rule_its_level(level: str):
    assert severities(f'[rules]\nXML006 = "{level}"') == [Severity(level)] * 2


@pytest.mark.parametrize(
    ("level", "found"),
    [("error", Severity.INFO), ("warning", Severity.INFO), ("info", Severity.INFO), ("hint", Severity.HINT)],
)
def test_a_finding_that_rests_on_an_assumption_is_lowered_but_never_raised(
    monkeypatch: pytest.MonkeyPatch, level: str, found: Severity
):
    def unsure(context):
        yield registry.rule("XML006").diagnostic(context, Span(0, 1), "perhaps", severity=Severity.INFO)

    replace_check(monkeypatch, "XML006", unsure)
    assert severities(f'[rules]\nXML006 = "{level}"') == [found]


def test_the_strict_profile_raises_rules_that_say_so(monkeypatch: pytest.MonkeyPatch):
    def advise(context):
        yield registry.rule("XML006").diagnostic(context, Span(0, 1), "better not", severity=Severity.INFO)

    replace_check(monkeypatch, "XML006", advise, level=Severity.INFO, strict=Severity.WARNING)
    assert severities("") == [Severity.INFO]
    assert severities('profile = "strict"') == [Severity.WARNING]
    assert severities('profile = "strict"\n[rules]\nXML006 = "hint"') == [Severity.HINT]


def test_an_editor_s_text_is_checked_in_place_of_the_file(tmp_path):
    write_files(tmp_path, {"policy.xml": "<policies/>"})
    workspace = open_workspace(tmp_path)
    path = tmp_path / "policy.xml"
    selection = Selection(workspace.settings, select=["XML006"])
    assert lint_document(workspace, path, selection) == []
    workspace.store.open(path, SOURCE)
    workspace.update(path)
    assert len(lint_document(workspace, path, selection)) == 2


def test_a_parser_that_fails_is_a_finding(tmp_path, monkeypatch: pytest.MonkeyPatch):
    write_files(tmp_path, {"policy.xml": "<policies/>"})
    workspace = open_workspace(tmp_path)
    monkeypatch.setattr(workspace.store, "document", lambda path: {}["tree"])
    (finding,) = lint_document(workspace, tmp_path / "policy.xml", Selection(workspace.settings))
    assert finding.code == "LNT003"
    assert finding.message.startswith("The parser failed on this document (KeyError: 'tree', ")
