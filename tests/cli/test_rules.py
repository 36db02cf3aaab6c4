"""``apim-policy rules`` and ``apim-policy explain``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apim_policy.rules import documentation, registry
from support.command import apim_policy

if TYPE_CHECKING:
    from pathlib import Path

RULES = registry.all_rules()


class TestRules:
    def test_the_table_has_a_line_for_each(self):
        result = apim_policy("rules")
        lines = result.text.splitlines()
        assert result.status == 0
        assert lines[0].split() == ["Code", "Name", "Level", "Fix", "Reports"]
        assert [line.split()[0] for line in lines[1:] if line] == [rule.code for rule in RULES]

    def test_families_stand_apart(self):
        lines = apim_policy("rules").text.splitlines()
        breaks = [index for index, line in enumerate(lines) if not line]
        assert len(breaks) == len(registry.families()) - 1

    def test_json(self):
        found = apim_policy("rules", "--output-format", "json").json
        assert found["version"] == 1
        assert [rule["code"] for rule in found["rules"]] == [rule.code for rule in RULES]
        assert next(rule for rule in found["rules"] if rule["code"] == "LNT001") == {
            "code": "LNT001",
            "name": "unused-suppression",
            "family": "LNT",
            "level": "warning",
            "summary": "Suppression comment that suppresses nothing",
            "fix": "safe",
            "preview": False,
            "url": f"{registry.PAGES}/LNT001.md",
        }


class TestExplain:
    @pytest.mark.parametrize("name", ["LNT001", "lnt001", "unused-suppression"])
    def test_a_rule_by_code_or_name(self, name: str):
        result = apim_policy("explain", name)
        assert result.status == 0
        assert result.text.startswith("LNT001 unused-suppression\nLevel: warning · Fix: safe\n")

    def test_all_sections_and_examples_are_there(self):
        text = apim_policy("explain", "LNT001").text
        for section in documentation.page("LNT001").sections:
            assert f"\n\n{section.title}\n\n" in text
        assert "        <!-- apim-policy: ignore -->\n" in text

    def test_lines_fit_the_terminal(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setenv("COLUMNS", "60")
        text = apim_policy("explain", "LNT001").text
        prose = [line for line in text.splitlines() if not line.startswith(("    ", "https:"))]
        assert max(map(len, prose)) <= 60

    def test_several(self):
        text = apim_policy("explain", "LNT002", "LNT001").text
        assert text.index("LNT002 unreadable-file") < text.index("LNT001 unused-suppression")

    def test_all_as_markdown(self):
        result = apim_policy("explain", "--all", "--output-format", "markdown")
        assert result.text == "\n".join(documentation.markdown(rule) for rule in RULES)

    def test_json_holds_the_page(self):
        (found,) = apim_policy("explain", "LNT001", "--output-format", "json").json["rules"]
        assert found["code"] == "LNT001"
        assert found["page"] == documentation.markdown(registry.rule("LNT001"))

    def test_into_a_file(self, tmp_path: Path):
        file = tmp_path / "rules.md"
        result = apim_policy("explain", "--all", "--output-format", "markdown", "--output-file", str(file))
        assert (result.status, result.text) == (0, "")
        assert file.read_text(encoding="utf-8").startswith("# EXP001 syntax-error\n")

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["LTN001"], 'There is no rule "LTN001". Did you mean "LNT001"?'),
            (["something-else-entirely"], 'There is no rule "something-else-entirely".'),
            ([], "explain needs the code or name of a rule"),
            (["--all", "LNT001"], "explain takes either --all or codes"),
        ],
    )
    def test_wrong_usage(self, arguments: list[str], message: str):
        result = apim_policy("explain", *arguments)
        assert (result.status, result.text) == (2, "")
        assert result.err.startswith(f"apim-policy: {message}")
