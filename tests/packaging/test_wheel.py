"""The package installs from a wheel, complete and without the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory):
    """A function that runs Python with the wheel installed and nothing of the checkout in reach."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder / "venv", symlinks=True)
    bin_folder = "Scripts" if os.name == "nt" else "bin"
    python = folder / "venv" / bin_folder / "python"
    (target,) = (folder / "venv").rglob("site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    # What the package depends on is installed beside the tests; an editable install leaves no package there.
    environment = {"PYTHONPATH": sysconfig.get_path("purelib"), "PATH": os.environ["PATH"]}

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [python, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode in (0, 1), done.stderr
        return done.stdout

    return run


def test_it_holds_the_program_and_the_schemas_and_nothing_else(wheel: Path):
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"apim_policy"}
    schemas = {path.relative_to(ROOT / "schemas").as_posix() for path in (ROOT / "schemas").rglob("*.xsd")}
    assert schemas <= {name.removeprefix("apim_policy/schemas/") for name in names}
    assert "apim_policy/schema/model.json" in names
    assert "apim_policy/schemas/settings.schema.json" in names


def test_it_lints_and_finds_its_schemas(installed, tmp_path: Path):
    document = tmp_path / "policy.xml"
    document.write_text("<policies><inbound><base /></policies>", encoding="utf-8")
    report = json.loads(installed("-m", "apim_policy", "lint", "--output-format", "json", str(document)))
    assert [finding["code"] for finding in report["diagnostics"]] == ["XML001"]
    where = "import apim_policy.schema.files as files; print(files.schemas_dir())"
    found = Path(installed("-c", where).strip())
    assert "site-packages" in found.parts
    assert (found / "policies.xsd").is_file()
    facts = "from apim_policy.schema.model import load; print(load().policy('choose').name)"
    assert installed("-c", facts).strip() == "choose"


def test_the_rules_are_found(installed):
    rules = json.loads(installed("-m", "apim_policy", "rules", "--output-format", "json"))
    assert "MCP001" in json.dumps(rules)
