"""``apim-policy init``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apim_policy.workspace.settings import load_settings
from support.command import apim_policy
from support.workspaces import write_files

if TYPE_CHECKING:
    from pathlib import Path

SERVER = '{"properties": {"type": "mcp", "mcpTools": [{"name": "get", "operationId": "/apis/orders/operations/get"}]}}'
SOUND = "<policies><inbound><base /></inbound></policies>\n"
FILES = {
    "apis/orders-mcp/apiInformation.json": SERVER,
    "apis/orders-mcp/policy.xml": SOUND,
    "loose/[old] one.xml": "<policies>\n<inbound><base />\n"
    '<retry condition="@(true)" count="RETRY_COUNT" interval="ten"><trace source="x">m</trace></retry>\n'
    "</inbound></policies>\n",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(write_files(tmp_path, FILES))
    return tmp_path


def test_it_writes_settings_that_can_be_used(folder: Path) -> None:
    result = apim_policy("init")
    assert result.status == 0
    assert result.text == (
        "Wrote apim-policy.toml for 2 policy documents. Read it through: what is a guess is commented out.\n"
    )
    settings = load_settings(folder / "apim-policy.toml")
    assert settings.placeholders is not None
    assert settings.placeholders.pattern == r"(?:\bRETRY_COUNT\b)"
    assert settings.documents == ()


def test_it_says_what_was_found() -> None:
    text = apim_policy("init", "--print").text
    assert "# 2 policy documents when it was written: 1 mcp and 1 unknown.\n" in text
    assert "# It matters here, for orders-mcp.\n" in text
    assert "#   POL004 invalid-value" in text
    assert "    '\\bRETRY_COUNT\\b',  # loose/[old] one.xml:3\n" in text
    assert "interval" not in text


def test_what_it_proposes_for_a_document_works_once_it_is_no_comment(folder: Path) -> None:
    text = apim_policy("init", "--print").text
    start = text.index("# [[document]]")
    assert text[start:] == '# [[document]]\n# path = "loose/[[]old] one.xml"\n# scope = "api"\n'
    (folder / "apim-policy.toml").write_text(text[:start] + text[start:].replace("# ", ""), encoding="utf-8")
    result = apim_policy("scopes", "loose", "--output-format", "json")
    (document,) = result.json["documents"]
    assert (document["scope"], document["confidence"]) == ("api", "stated")


def test_printing_writes_nothing(folder: Path) -> None:
    assert apim_policy("init", "--print").status == 0
    assert not (folder / "apim-policy.toml").exists()


def test_a_file_that_is_there_stays_unless_it_is_forced(folder: Path) -> None:
    file = folder / "apim-policy.toml"
    file.write_text("ignore = ['SCP']\n", encoding="utf-8")
    refused = apim_policy("init")
    assert refused.status == 2
    assert '"apim-policy.toml" is there already. To write it anew: --force.' in refused.err
    assert file.read_text(encoding="utf-8") == "ignore = ['SCP']\n"
    assert apim_policy("init", "--force").status == 0
    assert load_settings(file).ignore == ()


def test_another_folder(folder: Path) -> None:
    assert "Wrote loose/apim-policy.toml for 1 policy document." in apim_policy("init", "loose").text
    assert (folder / "loose" / "apim-policy.toml").is_file()


def test_a_folder_without_documents(folder: Path) -> None:
    (folder / "empty").mkdir()
    result = apim_policy("init", "empty")
    assert result.status == 0
    assert "There were no policy documents here" in (folder / "empty" / "apim-policy.toml").read_text("utf-8")


def test_what_is_no_folder_is_said_so() -> None:
    result = apim_policy("init", "nowhere")
    assert (result.status, result.err) == (2, 'apim-policy: "nowhere" is no folder.\n')
