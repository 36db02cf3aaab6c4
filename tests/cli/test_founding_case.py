"""The founding case from file to fix, as a user types it; the example workspace is the fixture."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from support.command import apim_policy

EXAMPLE = Path(__file__).parents[2] / "examples" / "orders-mcp"
SERVER = "apis/orders-mcp/policy.xml"
API = "apis/orders-api/policy.xml"
RELAY = ("fix", "--unsafe-fixes", "--fix-only", "MCP001")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = shutil.copytree(EXAMPLE, tmp_path / "orders")
    (folder / ".git").mkdir()
    monkeypatch.chdir(folder)
    return folder


def found(*paths: str) -> list[tuple[str, str, str]]:
    result = apim_policy("lint", "--output-format", "json", *paths)
    return [(item["file"], item["code"], item["severity"]) for item in result.json["diagnostics"]]


def test_the_header_that_is_lost_is_reported_at_both_ends():
    assert found() == [(API, "MCP002", "info"), (SERVER, "MCP001", "warning")]


def test_one_file_is_seen_in_its_surroundings():
    assert found(SERVER) == [(SERVER, "MCP001", "warning")]
    assert found(API) == [(API, "MCP002", "info")]


def test_the_relay_changes_both_files_and_leaves_nothing_to_report(folder: Path):
    before = {name: (folder / name).read_text() for name in (SERVER, API)}
    result = apim_policy(*RELAY)
    assert (result.status, result.text) == (
        0,
        "Fixed 1 finding in 2 documents.\n5 documents checked, nothing remains to report.\n",
    )
    assert found() == []
    for name, text in before.items():
        lines = (folder / name).read_text().splitlines()
        assert [line for line in text.splitlines() if line not in lines] == []
        assert len(lines) > len(text.splitlines())


@pytest.mark.parametrize("arguments", [["fix"], ["fix", "--unsafe-fixes"], ["fix", "--fix-only", "MCP001"]])
def test_nothing_less_applies_the_relay(folder: Path, arguments: list[str]):
    before = (folder / SERVER).read_text()
    assert apim_policy(*arguments).status == 1
    assert (folder / SERVER).read_text() == before


@pytest.mark.parametrize("locked", [SERVER, API])
def test_a_relay_is_never_written_by_halves(folder: Path, locked: str):
    before = {name: (folder / name).read_text() for name in (SERVER, API)}
    (folder / locked).chmod(0o444)
    result = apim_policy(*RELAY)
    (other,) = {SERVER, API} - {locked}
    assert result.status == 2
    assert result.err == (
        f'apim-policy: "{locked}" was not changed: it is read-only. '
        f'Nor was "{other}", which would change with it.\n'
    )
    assert {name: (folder / name).read_text() for name in (SERVER, API)} == before


@pytest.mark.parametrize(
    ("answer", "codes"),
    [("subscription-key-only", [("MCP002", "warning"), ("MCP001", "warning")]), ("automatic", [])],
)
def test_the_settings_answer_what_the_gateway_does(folder: Path, answer: str, codes: list[tuple[str, str]]):
    (folder / "apim-policy.toml").write_text(f'[gateway]\nmcp-header-forwarding = "{answer}"\n')
    assert [(code, severity) for _, code, severity in found()] == codes


def test_the_diff_shows_both_files(folder: Path):
    text = apim_policy(*RELAY, "--diff").text
    assert f"+++ b/{API}\n" in text
    assert f"+++ b/{SERVER}\n" in text
