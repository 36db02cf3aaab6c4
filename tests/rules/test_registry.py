"""Rules are found by the names of their modules, from a folder as from an archive."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import apim_policy
from apim_policy.rules import registry


def test_every_rule_has_the_code_and_slug_of_its_module():
    for name in registry.names():
        rule = registry.module(name).RULE
        assert (rule.code, rule.name) == (name.code, name.slug)


def test_codes_and_slugs_are_unique():
    codes = [name.code for name in registry.names()]
    slugs = [name.slug for name in registry.names()]
    assert len(set(codes)) == len(codes)
    assert len(set(slugs)) == len(slugs)


def test_codes_stay_clear_of_those_of_the_policy_toolkit():
    assert not [name.code for name in registry.names() if name.code.startswith("APIM")]


def test_rules_are_sorted_by_code():
    codes = [rule.code for rule in registry.all_rules()]
    assert codes == sorted(codes)
    assert "LNT001" in codes


@pytest.mark.parametrize("text", ["LNT001", "lnt001", "unused-suppression", "Unused-Suppression"])
def test_a_rule_answers_to_code_and_slug_in_any_case(text: str):
    assert registry.rule(text).code == "LNT001"


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("LTN001", "LNT001"),
        ("LNT01", "LNT001"),
        ("unused-supression", "unused-suppression"),
        ("quite-another-thing", None),
        ("", None),
    ],
)
def test_an_unknown_rule_names_the_nearest(text: str, nearest: str | None):
    with pytest.raises(registry.UnknownRuleError) as raised:
        registry.rule(text)
    assert raised.value.nearest == nearest
    assert text in str(raised.value)


def test_rules_are_found_inside_a_zip_archive(tmp_path: Path):
    source = Path(apim_policy.__file__).parent
    archive = tmp_path / "package.zip"
    with zipfile.ZipFile(archive, "w") as target:
        for path in source.rglob("*.py"):
            target.write(path, path.relative_to(source.parent).as_posix())
    code = "import sys; sys.path.insert(0, sys.argv[1])\nfrom apim_policy.rules import registry\nprint(len(registry.all_rules()), registry.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", code, str(archive)], capture_output=True, text=True, check=True
    )
    count, origin = done.stdout.split(maxsplit=1)
    assert int(count) == len(registry.all_rules())
    assert str(archive) in origin
