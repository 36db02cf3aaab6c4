"""``apim-policy rules``."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from apim_policy.cli.main import OK
from apim_policy.cli.output import style_for, write
from apim_policy.report.json_report import objects
from apim_policy.report.table import table
from apim_policy.rules.registry import all_rules, url

if TYPE_CHECKING:
    from argparse import Namespace

    from apim_policy.report.style import Style
    from apim_policy.rules.model import Rule


def run(options: Namespace) -> int:
    """Print all rules; the exit status."""
    if options.output_format == "json":
        text = objects("rules", [as_object(rule) for rule in all_rules()])
    else:
        text = _table(style_for(options.output_file))
    write(text, options.output_file)
    return OK


def as_object(rule: Rule) -> dict[str, Any]:
    """A rule in JSON."""
    return {
        "code": rule.code,
        "name": rule.name,
        "family": rule.family,
        "level": rule.level.value,
        "summary": rule.summary,
        "fix": rule.fix.value if rule.fix else None,
        "preview": rule.preview,
        "url": url(rule.code),
    }


def _table(style: Style) -> str:
    rows: list[list[str] | str] = []
    for _, family in groupby(all_rules(), key=lambda rule: rule.family):
        if rows:
            rows.append("")
        rows.extend(
            [
                style.link(rule.code, url(rule.code)),
                rule.name,
                style.severity(rule.level.value, rule.level),
                rule.fix.value if rule.fix else "",
                rule.summary,
            ]
            for rule in family
        )
    return table(("Code", "Name", "Level", "Fix", "Reports"), rows, style)
