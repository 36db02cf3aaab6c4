"""The command itself: version, help, wrong usage, and ends that are not its own choice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import apim_policy as package
from apim_policy.cli import rules_command
from apim_policy.cli.arguments import COMMANDS
from support.command import apim_policy
from support.workspaces import write_files

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = [sys.executable, "-m", "apim_policy"]
FAULTY = '<policies>\n    <inbound a="1" a="2" />\n</policies>\n'


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_version(option: str):
    result = apim_policy(option)
    assert (result.status, result.text) == (0, f"apim-policy {package.__version__}\n")


@pytest.mark.parametrize("option", ["--help", "-h", "help"])
def test_help_lists_the_commands(option: str):
    result = apim_policy(option)
    assert result.status == 0
    assert all(f"  {name} " in result.text for name in COMMANDS)


def test_without_a_command_the_help_comes_with_a_failure():
    result = apim_policy()
    assert (result.status, result.text) == (2, apim_policy("--help").text)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command: str):
    result = apim_policy(command, "--help")
    assert result.status == 0
    assert result.text.startswith(f"usage: apim-policy {command} [OPTIONS]")
    assert all(len(line) <= 110 for line in result.text.splitlines())


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("lnt", '"lnt" is no command. Did you mean "lint"?'),
        ("policy.xml", '"policy.xml" is no command. To check it: apim-policy lint policy.xml'),
        ("nonsense", '"nonsense" is no command. The commands are lint, fix, '),
        ("--select", '"--select" must come after a command.'),
    ],
)
def test_a_command_that_does_not_exist(
    argument: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    write_files(tmp_path, {"policy.xml": FAULTY})
    monkeypatch.chdir(tmp_path)
    result = apim_policy(argument)
    assert (result.status, result.text) == (2, "")
    assert result.err.startswith(f"apim-policy: {message}")


def test_a_defect_is_told_in_one_line_without_a_traceback(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rules_command, "all_rules", lambda: {}["rules"])
    result = apim_policy("rules")
    assert result.status == 3
    assert result.err.count("\n") == 1
    assert result.err.startswith("apim-policy: internal error: KeyError: 'rules' (")
    assert "Please report this message at https://" in result.err


def test_ctrl_c(monkeypatch: pytest.MonkeyPatch):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(rules_command, "all_rules", interrupted)
    result = apim_policy("rules")
    assert (result.status, result.err) == (130, "")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_a_reader_that_goes_away_ends_the_command_quietly(tmp_path: Path):
    # More than any pipe holds.
    write_files(tmp_path, {"policy.xml": "<policies>" + '<a b="1" b="2" />\n' * 10_000 + "</policies>"})
    # Unbuffered, Python takes a write that was cut short for a whole one.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen(
        [*PROGRAM, "lint", str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 128 + signal.SIGPIPE


def test_as_a_program_of_its_own(tmp_path: Path):
    write_files(tmp_path, {"policy.xml": FAULTY})
    done = subprocess.run(
        [*PROGRAM, "lint", "--output-format", "concise"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.stdout.startswith("policy.xml:2:20 error XML006 ")
    assert (done.returncode, done.stderr) == (1, "")


def test_a_console_in_an_old_code_page_loses_nothing_but_the_look(tmp_path: Path):
    write_files(tmp_path, {"policy.xml": FAULTY.replace("<inbound", "<!-- 🚀 --><inbound")})
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([*PROGRAM, "lint"], cwd=tmp_path, capture_output=True, env=environment)
    assert b"XML006" in done.stdout
    assert (done.returncode, done.stderr) == (1, b"")


HEAVY = ("pygls", "lsprotocol", "xmlschema", "rich", "asyncio", "pathspec", "tomllib", "rapidfuzz", "email")


def modules_after(*arguments: str, folder: Path) -> set[str]:
    code = (
        "import sys, io\nfrom apim_policy.cli.main import main\nout = sys.stdout\nsys.stdout = io.StringIO()\n"
        "main(sys.argv[1:])\nprint(*sys.modules, file=out)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_linting_imports_nothing_heavy(tmp_path: Path):
    write_files(tmp_path, {"policy.xml": FAULTY})
    loaded = modules_after("lint", "policy.xml", folder=tmp_path)
    assert "apim_policy.lint.engine" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_the_version_imports_next_to_nothing(tmp_path: Path):
    loaded = {name for name in modules_after("--version", folder=tmp_path) if name.startswith("apim_policy")}
    assert loaded == {"apim_policy", "apim_policy.cli", "apim_policy.cli.main"}
    assert modules_after("--version", folder=tmp_path).isdisjoint(
        {*HEAVY, "argparse", "dataclasses", "json", "pathlib"}
    )
