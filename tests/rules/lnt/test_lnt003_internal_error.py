"""A rule that fails takes nothing but its own findings away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from apim_policy.rules import registry
from support.workspaces import Linted, lint

SOURCE = '<policies>\n    <!-- apim-policy: ignore[XML001] -->\n    <inbound a="1" a="2" />\n</policies>\n'


def failing(context):
    yield context.document.root.missing


@pytest.fixture
def linted(monkeypatch: pytest.MonkeyPatch) -> Linted:
    rules = [replace(rule, check=failing) if rule.code == "XML001" else rule for rule in registry.all_rules()]
    monkeypatch.setattr(registry, "all_rules", lambda: rules)
    return lint(SOURCE, select=["XML", "LNT"])


def test_the_message_names_the_rule_and_the_place(linted: Linted):
    finding = linted.the("LNT003")
    assert linted.quoted(finding) == "policies"
    assert finding.message.startswith("XML001 failed on this document (AttributeError: ")
    assert "in test_lnt003_internal_error.py line " in finding.message


def test_the_other_rules_still_run(linted: Linted):
    assert linted.the("XML006")


def test_nothing_is_said_about_suppressions_of_the_rule(linted: Linted):
    assert "LNT001" not in linted.codes()
