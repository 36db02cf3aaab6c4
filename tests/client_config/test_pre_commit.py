"""The hooks of pre-commit, run by pre-commit itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRE_COMMIT = Path(sys.executable).parent / "pre-commit"
FAULTY = '<policies><inbound><base /><set-header name="X" exists-action=delete /></inbound></policies>\n'

pytestmark = pytest.mark.skipif(
    not (ROOT / ".git").exists() or shutil.which("git") is None, reason="the hooks come from a git repository"
)


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def run(folder: Path, home: Path, hook: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never"}
    return subprocess.run(
        [PRE_COMMIT, "run", hook, "--all-files", "--verbose"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_hooks_find_mend_and_lay_out(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet")
    policy = folder / "policy.xml"
    policy.write_text(FAULTY, encoding="utf-8")
    revision = git(ROOT, "rev-parse", "HEAD")
    hooks = "\n".join(
        f"      - id: {name}" for name in ("apim-policy", "apim-policy-fix", "apim-policy-format")
    )
    config = f"repos:\n  - repo: {ROOT}\n    rev: {revision}\n    hooks:\n{hooks}\n"
    (folder / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    git(folder, "add", ".")

    found = run(folder, tmp_path / "home", "apim-policy")
    assert found.returncode == 1, found.stdout + found.stderr
    assert "error XML005" in found.stdout

    assert run(folder, tmp_path / "home", "apim-policy-fix").returncode == 1
    assert 'exists-action="delete"' in policy.read_text(encoding="utf-8")
    laid_out = run(folder, tmp_path / "home", "apim-policy-format")
    assert laid_out.returncode == 1, laid_out.stdout
    assert policy.read_text(encoding="utf-8").startswith("<policies>\n    <inbound>\n        <base />\n")

    git(folder, "add", ".")
    for hook in ("apim-policy", "apim-policy-fix", "apim-policy-format"):
        done = run(folder, tmp_path / "home", hook)
        assert done.returncode == 0, done.stdout + done.stderr
