"""The templates for pipelines do what they say, as far as that shows without their hosts."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar

import junitparser
import pytest
import yaml

ROOT = Path(__file__).parents[2]
CI = ROOT / "client-config" / "ci"
BIN = Path(sys.executable).parent
FAULTY = '<policies><inbound><base /><set-header name="X" exist-action="skip" /></inbound></policies>\n'
SOUND = "<policies><inbound><base /></inbound></policies>\n"

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="the steps are written for bash")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "repository" / "my apis").mkdir(parents=True)
    (tmp_path / "repository" / "policy.xml").write_text(FAULTY, encoding="utf-8")
    (tmp_path / "repository" / "my apis" / "sound.xml").write_text(SOUND, encoding="utf-8")
    (tmp_path / "temp" / "apim-policy").mkdir(parents=True)
    (tmp_path / "temp" / "apim-policy" / "bin").symlink_to(BIN)
    return tmp_path


def run(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "RUNNER_TEMP": str(folder / "temp"),
        "AGENT_TEMPDIRECTORY": str(folder / "temp"),
        **environment,
    }
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=folder / "repository",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def filled_in(environment: dict[str, str], prefix: str, values: dict[str, str]) -> dict[str, str]:
    """What the host makes of ``${{ … }}`` in the environment of a step."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if "&&" in name:
            return "github"
        return values[name.removeprefix(prefix)]

    return {key: re.sub(r"\$\{\{ (.*?) \}\}", value, text) for key, text in environment.items()}


class TestGitHub:
    ACTION: Any = yaml.safe_load((CI / "github" / "action.yml").read_text("utf-8"))
    INPUTS: ClassVar = {name: entry["default"] for name, entry in ACTION["inputs"].items()}

    def step(self, name: str, folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
        step = next(step for step in self.ACTION["runs"]["steps"] if step.get("name") == name)
        environment = filled_in(step.get("env", {}), "inputs.", {**self.INPUTS, **inputs})
        return run(step["run"], folder, GITHUB_ACTION_PATH=str(CI / "github"), **environment)

    def test_it_installs_the_checkout_that_it_stands_in(self) -> None:
        step = next(
            step for step in self.ACTION["runs"]["steps"] if step.get("name") == "Install apim-policy"
        )
        assert step["run"].rstrip().endswith('"$GITHUB_ACTION_PATH/../../.."')
        assert (CI / "github" / ".." / ".." / ".." / "pyproject.toml").resolve() == ROOT / "pyproject.toml"

    def test_the_report_is_sarif_and_never_fails(self, folder: Path) -> None:
        done = self.step("Report", folder)
        assert done.returncode == 0, done.stderr
        report = json.loads((folder / "repository" / "apim-policy.sarif").read_text("utf-8"))
        assert [result["ruleId"] for result in report["runs"][0]["results"]] == ["POL002"]

    def test_findings_are_annotations_and_fail_the_job(self, folder: Path) -> None:
        done = self.step("Check", folder)
        assert done.returncode == 1
        assert done.stdout.startswith("::error file=policy.xml,line=1,")

    def test_paths_and_arguments_are_words_and_no_code(self, folder: Path) -> None:
        done = self.step(
            "Check", folder, paths="policy.xml $(touch pwned) `touch pwned`", arguments="--ignore POL"
        )
        assert not (folder / "repository" / "pwned").exists()
        assert done.returncode == 2
        assert '"$(touch"' in done.stderr

    def test_what_is_sound_passes(self, folder: Path) -> None:
        (folder / "repository" / "policy.xml").write_text(SOUND, encoding="utf-8")
        assert self.step("Check", folder).returncode == 0


class TestAzurePipelines:
    TEMPLATE: Any = yaml.safe_load((CI / "azure-pipelines" / "apim-policy.yml").read_text("utf-8"))
    PARAMETERS: ClassVar = {entry["name"]: entry["default"] for entry in TEMPLATE["parameters"]}

    def check(self, folder: Path, **parameters: str) -> subprocess.CompletedProcess[str]:
        step = next(step for step in self.TEMPLATE["steps"] if step.get("displayName") == "Check policies")
        environment = filled_in(step["env"], "parameters.", {**self.PARAMETERS, **parameters})
        return run(step["bash"], folder, **environment)

    def test_findings_are_issues_and_test_results_and_fail_the_job(self, folder: Path) -> None:
        done = self.check(folder)
        assert done.returncode == 1
        assert done.stdout.startswith("##vso[task.logissue type=error;sourcepath=policy.xml;linenumber=1;")
        report = junitparser.JUnitXml.fromfile(str(folder / "temp" / "apim-policy.xml"))
        assert report.failures + report.errors == 1

    def test_the_results_are_published_from_where_they_are_written(self) -> None:
        (published,) = self.TEMPLATE["steps"][-1].values()
        assert published[0]["inputs"]["testResultsFiles"] == "$(Agent.TempDirectory)/apim-policy.xml"

    def test_the_level_that_fails_can_be_chosen(self, folder: Path) -> None:
        assert self.check(folder, arguments="--ignore POL002", failOn="error").returncode == 0


class TestGitLab:
    JOB: Any = yaml.safe_load((CI / "gitlab" / "apim-policy.yml").read_text("utf-8"))["apim-policy"]

    def check(self, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
        return run("\n".join(self.JOB["script"]), folder, **{**self.JOB["variables"], **variables})

    def test_findings_are_in_both_reports_and_fail_the_job(self, folder: Path) -> None:
        done = self.check(folder)
        assert done.returncode == 1
        assert "POL002" in done.stdout
        reports = self.JOB["artifacts"]["reports"]
        quality = json.loads((folder / "repository" / reports["codequality"]).read_text("utf-8"))
        assert [issue["check_name"] for issue in quality] == ["unknown-attribute"]
        junit = junitparser.JUnitXml.fromfile(str(folder / "repository" / reports["junit"]))
        assert junit.failures + junit.errors == 1

    def test_what_is_sound_passes(self, folder: Path) -> None:
        (folder / "repository" / "policy.xml").write_text(SOUND, encoding="utf-8")
        assert self.check(folder).returncode == 0


def test_an_apiops_pipeline_stops_at_a_planted_fault_and_goes_on_after_a_fix(folder: Path) -> None:
    """Lint stands before the publisher; the repair is that of the command line."""
    artifacts = folder / "repository" / "apimartifacts"
    shutil.copytree(ROOT / "examples" / "orders-mcp", artifacts)
    policy = artifacts / "apis" / "orders-mcp" / "policy.xml"
    sound = policy.read_text("utf-8").replace('name="Authorization"', 'name="Accept"')
    policy.write_text(sound, encoding="utf-8")
    pipeline = "apim-policy lint apimartifacts && echo published"
    assert run(pipeline, folder).stdout.endswith("published\n")

    policy.write_text(sound.replace("exists-action=", "exist-action="), encoding="utf-8")
    stopped = run(pipeline, folder)
    assert stopped.returncode == 1
    assert "published" not in stopped.stdout
    assert "POL002" in stopped.stdout

    assert run("apim-policy fix apimartifacts --unsafe-fixes --fix-only POL002", folder).returncode == 0
    assert policy.read_text("utf-8") == sound
    assert run(pipeline, folder).stdout.endswith("published\n")
