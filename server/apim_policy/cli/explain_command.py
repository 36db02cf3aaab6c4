"""``apim-policy explain``."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from apim_policy.cli.main import OK, UsageError
from apim_policy.cli.output import style_for, write
from apim_policy.cli.rules_command import as_object
from apim_policy.report import page
from apim_policy.report.json_report import objects
from apim_policy.rules.documentation import markdown
from apim_policy.rules.registry import UnknownRuleError, all_rules, rule

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from apim_policy.report.style import Style
    from apim_policy.rules.model import Rule


def run(options: Namespace) -> int:
    """Print the pages of rules; the exit status."""
    rules = _chosen(options)
    if options.output_format == "json":
        text = objects("rules", [{**as_object(rule), "page": markdown(rule)} for rule in rules])
    elif options.output_format == "markdown":
        text = "\n".join(map(markdown, rules))
    else:
        text = _pages(rules, style_for(options.output_file))
    write(text, options.output_file)
    return OK


def _chosen(options: Namespace) -> Sequence[Rule]:
    if options.all:
        if options.codes:
            raise UsageError("explain takes either --all or codes, not both.")
        return all_rules()
    if not options.codes:
        raise UsageError(
            "explain needs the code or name of a rule, such as MCP001, or --all. To list them: apim-policy rules"
        )
    try:
        return [rule(code) for code in options.codes]
    except UnknownRuleError as error:
        raise UsageError(str(error)) from None


def _pages(rules: Sequence[Rule], style: Style) -> str:
    width = shutil.get_terminal_size((96, 24)).columns
    line = style.dim("-" * min(width, 96))
    return f"\n{line}\n\n".join(page.render(rule, style, width) for rule in rules)
