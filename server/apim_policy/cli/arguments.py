"""The arguments of each command."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from apim_policy.cli.main import MISUSED, OK, PROGRAM, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_REPORTS = ("text", "concise", "json", "sarif", "github", "azure-pipelines", "gitlab", "junit")
_LEVELS = ("error", "warning", "info", "hint")
_STATUSES = """\
  0  nothing found at or above the level of --fail-on
  1  findings
  2  wrong usage or settings, a path that does not exist, a file that could not be written
  3  a defect of the program"""

_FORMAT_STATUSES = """\
  0  all documents are laid out
  1  with --check or --diff: some would change
  2  wrong usage or settings, a path that does not exist, a document with syntax errors,
     a file that could not be written
  3  a defect of the program"""


class Command(NamedTuple):
    """A command of the program."""

    summary: str
    build: Callable[[argparse.ArgumentParser], None]
    """Adds its arguments."""
    operands: str = ""
    """What follows its options."""
    examples: tuple[tuple[str, str], ...] = ()
    """Command lines without the program's name, and what each does."""


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Keeps lines as written, and gives an option and its explanation one line where they fit."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=34, width=100)


def parse(arguments: Sequence[str]) -> argparse.Namespace | int:
    """The options of a command line, with its ``command``; an exit status where there is nothing left to do.

    Raises UsageError for a command that does not exist.
    """
    first = arguments[0] if arguments else "--help"
    if first in {"-h", "--help", "help"}:
        print(_overview(), end="")
        return OK if arguments else MISUSED
    command = COMMANDS.get(first)
    if command is None:
        raise UsageError(_unknown(first))
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} {first}",
        usage=f"{PROGRAM} {first} [OPTIONS] {command.operands}".rstrip(),
        description=f"{command.summary}.",
        epilog=_epilog(command),
        formatter_class=_Formatter,
        allow_abbrev=False,
        add_help=False,
    )
    command.build(parser)
    parser.add_argument_group("help").add_argument(
        "-h", "--help", action="help", help="show this text and exit"
    )
    try:
        options = parser.parse_args(list(arguments[1:]))
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else MISUSED
    options.command = first
    return options


def _lint(parser: argparse.ArgumentParser) -> None:
    _paths(parser).add_argument(
        "--changed-since",
        metavar="REV",
        help="only documents that differ from this revision of git, and those whose findings depend on what differs",
    )
    _selection(parser)
    _known(parser)
    _report(parser)
    _jobs(parser)
    _exit_status(parser)


def _known(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("known findings")
    group.add_argument(
        "--add-suppressions",
        action="store_true",
        help="write comments that suppress all that is found into the documents",
    )
    group.add_argument("--baseline", metavar="FILE", type=Path, help="hide the findings that this file lists")
    group.add_argument(
        "--write-baseline",
        action="store_true",
        help="write all that is found to the file of --baseline, so that only new findings are reported from now on",
    )


def _fix(parser: argparse.ArgumentParser) -> None:
    _paths(parser)
    group = parser.add_argument_group("fixes")
    group.add_argument(
        "--unsafe-fixes",
        action="store_true",
        help="also apply fixes that may change how a document behaves",
    )
    group.add_argument(
        "--fix-only",
        metavar="CODES",
        type=_list,
        action="extend",
        help="fix only findings of these rules; permits no unsafe fix by itself",
    )
    group.add_argument("--diff", action="store_true", help="print what would change, and change nothing")
    _selection(parser)
    _report(parser)
    _jobs(parser)
    _exit_status(parser)


def _format(parser: argparse.ArgumentParser) -> None:
    _paths(parser)
    parser.set_defaults(profile=None)
    group = parser.add_argument_group("layout")
    group.add_argument("--check", action="store_true", help="name what would change, and change nothing")
    group.add_argument("--diff", action="store_true", help="print what would change, and change nothing")
    parser.add_argument_group("exit status", _FORMAT_STATUSES)


def _explain(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("rules")
    group.add_argument("codes", metavar="CODE", nargs="*", help="code or name of a rule")
    group.add_argument("--all", action="store_true", help="every rule")
    _output(parser, "text", "json", "markdown")


def _rules(parser: argparse.ArgumentParser) -> None:
    _output(parser, "text", "json")


def _scopes(parser: argparse.ArgumentParser) -> None:
    _paths(parser)
    parser.set_defaults(profile=None)
    _output(parser, "text", "json")


def _flow(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("MCP servers")
    group.add_argument(
        "server",
        metavar="MCP-SERVER",
        nargs="?",
        help="its API name, its policy file, or a folder to look for servers in; all in the current folder by default",
    )
    either = group.add_mutually_exclusive_group()
    either.add_argument("--config", metavar="FILE", type=Path, help="settings file to use for all files")
    either.add_argument("--no-config", action="store_true", help="use no settings file")
    parser.set_defaults(stdin_filename=None, profile=None)
    _output(parser, "text", "json", "mermaid", "html")


def _effective(parser: argparse.ArgumentParser) -> None:
    _paths(parser, one=True)
    parser.set_defaults(profile=None)
    _output(parser, "text", "json")


def _init(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("settings")
    group.add_argument(
        "folder", metavar="FOLDER", nargs="?", default=".", help="the folder; the current one by default"
    )
    group.add_argument("--force", action="store_true", help="write it anew where it is there already")
    group.add_argument("--print", action="store_true", help="print it, and write nothing")
    # What it looks at is the folder as it is without settings.
    parser.set_defaults(
        jobs=0,
        config=None,
        no_config=True,
        stdin_filename=None,
        profile=None,
        select=[],
        extend_select=[],
        ignore=[],
    )


def _lsp(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(
        "transport", "Standard input and output by default; the others help to debug."
    )
    either = group.add_mutually_exclusive_group()
    either.add_argument("--stdio", action="store_true", help="standard input and output, as by default")
    either.add_argument("--tcp", metavar="[HOST:]PORT", type=_address, help="wait for clients on this port")
    either.add_argument(
        "--ws", metavar="[HOST:]PORT", type=_address, help="wait for WebSocket clients on this port"
    )


def _paths(parser: argparse.ArgumentParser, *, one: bool = False) -> argparse._ArgumentGroup:
    group = parser.add_argument_group("files")
    several = "files, and folders to search for policy documents; the current folder by default"
    group.add_argument(
        "paths",
        metavar="PATH",
        nargs=1 if one else "*",
        help=f"{'the policy document' if one else several}; - for standard input",
    )
    group.add_argument(
        "--stdin-filename", metavar="PATH", type=Path, help="where the text from standard input belongs"
    )
    either = group.add_mutually_exclusive_group()
    either.add_argument("--config", metavar="FILE", type=Path, help="settings file to use for all files")
    either.add_argument("--no-config", action="store_true", help="use no settings file")
    return group


def _jobs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument_group("speed").add_argument(
        "--jobs",
        metavar="N",
        type=_count,
        default=0,
        help="processes that check documents side by side; by default one, or where documents are many one for each "
        "processor",
    )


def _selection(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(
        "rules", "CODES are codes, names, families (MCP) or prefixes (MCP00), separated by commas."
    )
    group.add_argument(
        "--select",
        metavar="CODES",
        type=_list,
        action="extend",
        default=[],
        help="run these rules and no others",
    )
    group.add_argument(
        "--extend-select",
        metavar="CODES",
        type=_list,
        action="extend",
        default=[],
        help="run these rules too",
    )
    group.add_argument(
        "--ignore", metavar="CODES", type=_list, action="extend", default=[], help="leave these rules out"
    )
    group.add_argument(
        "--profile",
        metavar="PROFILE",
        choices=("default", "strict"),
        help="how much the rules ask for: default, strict",
    )


def _report(parser: argparse.ArgumentParser) -> None:
    _output(parser, *_REPORTS).add_argument(
        "--statistics",
        action="store_true",
        help="count the findings of each rule instead of listing them; beside a report for machines, on "
        "standard error",
    )


def _output(parser: argparse.ArgumentParser, *formats: str) -> argparse._ArgumentGroup:
    group = parser.add_argument_group("output")
    group.add_argument(
        "--output-format",
        metavar="FORMAT",
        choices=formats,
        default=formats[0],
        help=f"{', '.join(formats)} (default: {formats[0]})",
    )
    group.add_argument("--output-file", metavar="FILE", type=Path, help="write there, not to standard output")
    return group


def _exit_status(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("exit status", _STATUSES)
    group.add_argument(
        "--fail-on",
        metavar="LEVEL",
        choices=_LEVELS,
        default="warning",
        help="mildest level that counts: error, warning, info, hint (default: warning)",
    )
    group.add_argument("--exit-zero", action="store_true", help="exit with 0 whatever is found")


COMMANDS: Mapping[str, Command] = {
    "lint": Command(
        "Check policy documents",
        _lint,
        "[PATH ...]",
        (
            ("lint", "check the current folder"),
            ("lint apis --select MCP", "check a folder with one family of rules"),
            ("lint --output-format json > findings.json", "for programs"),
            ("lint --output-format sarif --output-file findings.sarif", "for code scanning"),
            ("lint --changed-since origin/main", "check what a pull request concerns"),
            ("lint --baseline known.json --write-baseline", "from now on, report only what is new"),
        ),
    ),
    "fix": Command(
        "Apply fixes, then report what remains",
        _fix,
        "[PATH ...]",
        (
            ("fix", "apply all safe fixes in the current folder"),
            ("fix --diff", "see them first"),
            ("fix --unsafe-fixes --fix-only MCP001", "relay the headers that MCP servers lose"),
        ),
    ),
    "format": Command(
        "Lay documents out: indentation, blank lines, space in tags",
        _format,
        "[PATH ...]",
        (
            ("format", "all policy documents in the current folder"),
            ("format --check", "only say whether something would change"),
        ),
    ),
    "explain": Command(
        "Print the page of a rule",
        _explain,
        "CODE ...",
        (("explain MCP001", ""), ("explain header-not-forwarded", "the same by its name")),
    ),
    "rules": Command("List all rules", _rules),
    "scopes": Command(
        "Show what each document was taken for, and by which evidence",
        _scopes,
        "[PATH ...]",
        (("scopes apis/orders-mcp/policy.xml", ""),),
    ),
    "flow": Command(
        "Draw the request headers of MCP servers from the client to the backend",
        _flow,
        "[MCP-SERVER]",
        (
            ("flow orders-mcp", "one of them"),
            ("flow --output-format html --output-file flow.html", "a page to look at"),
        ),
    ),
    "effective": Command(
        "Print the policy that runs at the scope of a document, each part with its origin",
        _effective,
        "PATH",
        (
            (
                "effective apis/orders/operations/get-order/policy.xml",
                "with what base and fragments bring in",
            ),
            ("effective --output-format json policy.xml", "for programs"),
        ),
    ),
    "init": Command(
        "Write apim-policy.toml for a folder, from what is in it",
        _init,
        "[FOLDER]",
        (("init --print", "see it first"),),
    ),
    "lsp": Command("Run the language server for an editor", _lsp),
}


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f'"{text}" is no number of processes; give 1 or more')
    return int(text)


def _list(text: str) -> list[str]:
    return [part for part in text.replace(",", " ").split() if part]


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not port.isdecimal() or not 0 <= int(port) <= 65535:
        raise argparse.ArgumentTypeError(
            f'"{text}" is no address; give a port such as 2087, or 127.0.0.1:2087'
        )
    return host or "127.0.0.1", int(port)


def _overview() -> str:
    width = max(map(len, COMMANDS))
    commands = "\n".join(f"  {name:{width}}  {command.summary}" for name, command in COMMANDS.items())
    return (
        "Language server and linter for Azure API Management policy documents.\n\n"
        f"usage: {PROGRAM} COMMAND [OPTIONS]\n\n"
        f"commands:\n{commands}\n\n"
        "options:\n"
        "  -h, --help     show this text, or that of a command, and exit\n"
        "  -V, --version  show the version and exit\n\n"
        f"exit status:\n{_STATUSES}\n"
    )


def _epilog(command: Command) -> str | None:
    if not command.examples:
        return None
    width = max(len(line) for line, _ in command.examples)
    lines = [f"  {PROGRAM} {line:{width}}  {what}".rstrip() for line, what in command.examples]
    return "examples:\n" + "\n".join(lines)


def _unknown(first: str) -> str:
    from difflib import get_close_matches

    commands = f"The commands are {', '.join(COMMANDS)}."
    if first.startswith("-"):
        return f'"{first}" must come after a command. {commands}'
    close = get_close_matches(first, COMMANDS, n=1)
    if close:
        return f'"{first}" is no command. Did you mean "{close[0]}"?'
    if os.path.lexists(first):
        return f'"{first}" is no command. To check it: {PROGRAM} lint {first}'
    return f'"{first}" is no command. {commands}'
