"""Every rule has a page; its examples do what the page says; the published pages are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from apim_policy.rules import documentation, registry
from apim_policy.rules.documentation import Section, parse
from apim_policy.rules.model import Severity
from support.workspaces import lint

ROOT = Path(__file__).parents[2]
RULES = registry.all_rules()
MANDATED = ["What it does", "Why is this bad?", "Example", "Use instead", "References"]
SHOWN_AS_TEXT = {"LNT002", "LNT003", "SCP012"}
"""Rules about what no well-formed example file of a page's size can hold."""

LEVELS = {
    "EXP001": "error",
    "EXP002": "error",
    "EXP003": "error",
    "EXP004": "error",
    "EXP005": "error",
    "EXP006": "warning",
    "EXP007": "warning",
    "EXP008": "error",
    "EXP009": "info",
    "EXP010": "warning",
    "EXP011": "error",
    "EXP012": "error",
    "LNT001": "warning",
    "LNT002": "error",
    "LNT003": "error",
    "MCP001": "warning",
    "MCP002": "warning",
    "MCP003": "warning",
    "MCP004": "warning",
    "MCP005": "warning",
    "MCP006": "info",
    "POL001": "error",
    "POL002": "error",
    "POL003": "error",
    "POL004": "error",
    "POL005": "error",
    "POL006": "error",
    "POL007": "error",
    "POL008": "warning",
    "POL009": "error",
    "POL010": "error",
    "POL011": "warning",
    "POL012": "hint",
    "POL013": "warning",
    "POL014": "error",
    "POL015": "warning",
    "POL016": "warning",
    "POL017": "warning",
    "REF001": "warning",
    "REF002": "warning",
    "REF003": "warning",
    "REF004": "warning",
    "REF005": "hint",
    "REF006": "hint",
    "REF007": "warning",
    "REF008": "warning",
    "SCP001": "error",
    "SCP002": "error",
    "SCP003": "warning",
    "SCP004": "error",
    "SCP005": "info",
    "SCP006": "warning",
    "SCP007": "error",
    "SCP008": "error",
    "SCP009": "error",
    "SCP010": "warning",
    "SCP011": "warning",
    "SCP012": "error",
    "SCP013": "warning",
    "SCP014": "error",
    "SCP015": "warning",
    "SEC001": "warning",
    "SEC002": "warning",
    "SEC003": "warning",
    "SEC004": "warning",
    "SEC005": "warning",
    "SEC006": "warning",
    "SEC007": "info",
    "SEC008": "info",
    "SEC009": "hint",
    "XML001": "error",
    "XML002": "error",
    "XML003": "error",
    "XML004": "error",
    "XML005": "error",
    "XML006": "error",
    "XML007": "error",
    "XML008": "warning",
    "XML009": "error",
    "XML010": "error",
}
"""The level of each rule, by decision; a change here changes the exit status of somebody's pipeline."""


@pytest.fixture(params=RULES, ids=lambda rule: rule.code)
def rule(request: pytest.FixtureRequest):
    return request.param


def test_levels_are_as_decided():
    assert {rule.code: rule.level for rule in RULES} == {
        code: Severity(level) for code, level in LEVELS.items()
    }


def test_the_page_has_its_title_and_all_sections_in_order(rule):
    page = documentation.page(rule.code)
    wanted = [*MANDATED[:-1], *(["Fix safety"] if rule.fix else []), MANDATED[-1]]
    assert page.title == f"{rule.code} {rule.name}"
    assert [section.title for section in page.sections] == wanted
    assert not [section.title for section in page.sections if not section.body.strip()]


def test_the_summary_fits_a_table(rule):
    assert rule.summary[0].isupper()
    assert not rule.summary.endswith(".")
    assert len(rule.summary) <= 90


def test_the_references_are_links(rule):
    references = documentation.page(rule.code).section("References")
    assert re.search(r"\]\(https://[^)\s]+\)", references.body)


def test_the_rule_has_a_test_file_beside(rule):
    tests = ROOT / "tests" / "rules" / rule.family.lower()
    assert list(tests.glob(f"test_{rule.code.lower()}*.py")), f"no test file for {rule.code} in {tests}"


def examples(title: str) -> list:
    return [*_examples(title)]


def _examples(title: str):
    for rule in RULES:
        section = documentation.page(rule.code).section(title)
        for number, files in enumerate(section.examples() if section else []):
            yield pytest.param(rule, files, id=f"{rule.code}-{number}")


@pytest.mark.parametrize(("rule", "files"), examples("Example"))
def test_the_example_gives_the_finding(rule, files):
    assert rule.code in lint(files).codes()


@pytest.mark.parametrize(("rule", "files"), examples("Use instead"))
def test_what_to_use_instead_does_not(rule, files):
    found = lint(files)
    assert rule.code not in found.codes(), found.the(rule.code).message


def test_every_rule_shows_an_example():
    without = {rule.code for rule in RULES if not documentation.page(rule.code).section("Example").examples()}
    assert without == SHOWN_AS_TEXT


def test_the_published_pages_are_those_of_the_code():
    folder = ROOT / "docs" / "rules"
    published = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    assert published == documentation.published(), "run: make docs"


PAGE = """# ABC001 a-name

## Example

Two files make one workspace:

```xml title="apis/a/policy.xml"
<policies>
## no heading
</policies>
```

```json title="apis/a/apiInformation.json"
{}
```

Another one, with what is printed:

```xml
<fragment/>
```

```text
output
```

```toml
ignore = []
```

## References

- none
"""


def test_a_page_is_read():
    page = parse(PAGE)
    assert page.title == "ABC001 a-name"
    assert [section.title for section in page.sections] == ["Example", "References"]


def test_blocks_with_nothing_between_them_make_one_workspace():
    section = parse(PAGE).section("Example")
    assert section.examples() == [
        {
            "apis/a/policy.xml": "<policies>\n## no heading\n</policies>\n",
            "apis/a/apiInformation.json": "{}\n",
        },
        {"policy.xml": "<fragment/>\n", "apim-policy.toml": "ignore = []\n"},
    ]


def test_a_page_without_sections():
    assert parse("# ABC001 a-name").sections == ()


def test_published_fences_name_their_file_above(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(documentation, "page", lambda code: parse(PAGE))
    text = documentation.markdown(RULES[0])
    assert "`apis/a/policy.xml`:\n\n```xml\n<policies>\n" in text
    assert "title=" not in text


def test_a_section_of_prose_has_no_example():
    assert Section("Why", "Because.\n\n```text\nx\n```").examples() == []
