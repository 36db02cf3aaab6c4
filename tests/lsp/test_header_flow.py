"""The picture of headers, as an editor asks for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

from lsp.profiles import VSCODE
from support.command import apim_policy
from support.mcp import API, AUTOMATIC, SERVER, look, policy, put, workspace
from support.workspaces import write_files

if TYPE_CHECKING:
    from lsp.editor import Editor

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.parametrize("capabilities", [VSCODE], ids=["vscode"]),
]

FILES = workspace("<base />\n" + put("X-User", "a"), look("X-User")) | {
    "apis/other-mcp/apiInformation.json": '{"properties": {"type": "mcp", "backendId": "b"}}',
    "apis/lonely-api/policy.xml": policy("<base />"),
    "policy.xml": policy(""),
}


async def ask(editor: Editor, **params: Any) -> Any:
    found = await editor.client.protocol.send_request_async("apim-policy/headerFlow", params)
    return None if found is None else found._asdict() if hasattr(found, "_asdict") else dict(vars(found))


async def test_the_page_of_a_server(editor: Editor) -> None:
    write_files(editor.root, FILES)
    await editor.start()
    editor.open(SERVER)
    found = await ask(editor, uri=editor.uri(SERVER))
    assert (found["format"], list(found["servers"])) == ("html", ["orders-mcp"])
    page = html.document_fromstring(found["text"])
    (stop,) = page.xpath("//td//a[contains(@class, 'event stopped')]/@href")
    assert stop == f"{editor.uri(SERVER)}#L4"


async def test_what_is_open_counts_not_what_is_saved(editor: Editor) -> None:
    write_files(editor.root, FILES)
    await editor.start()
    editor.open(SERVER)
    editor.replace(SERVER, 'name="X-User"', 'name="X-Other"')
    found = await ask(editor, uri=editor.uri(SERVER), format="json")
    (server,) = json.loads(found["text"])["servers"]
    assert server["lost"] == ["X-Other", "X-User"]


@pytest.mark.parametrize(
    ("name", "servers"),
    [
        (SERVER, ["orders-mcp"]),
        (API, ["orders-mcp"]),
        ("apis/lonely-api/policy.xml", None),
        ("policy.xml", ["orders-mcp", "other-mcp"]),
    ],
)
async def test_the_servers_that_a_document_has_to_do_with(
    editor: Editor, name: str, servers: list[str] | None
) -> None:
    write_files(editor.root, FILES)
    await editor.start()
    found = await ask(editor, uri=editor.uri(name), format="json")
    assert (None if found is None else list(found["servers"])) == servers


async def test_a_server_by_name_and_all_servers(editor: Editor) -> None:
    write_files(editor.root, FILES)
    await editor.start()
    assert list((await ask(editor, server="Other-MCP"))["servers"]) == ["other-mcp"]
    assert list((await ask(editor))["servers"]) == ["orders-mcp", "other-mcp"]
    assert await ask(editor, server="no-such-server") is None


@pytest.mark.parametrize("form", ["text", "json", "mermaid"])
async def test_the_command_line_says_the_same(
    editor: Editor, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(editor.root, FILES | {"apim-policy.toml": AUTOMATIC})
    await editor.start()
    monkeypatch.chdir(editor.root)
    expected = apim_policy("flow", "--output-format", form).text
    assert (await ask(editor, format=form))["text"] == expected


async def test_an_address_that_is_no_file(editor: Editor) -> None:
    await editor.start()
    assert await ask(editor, uri="https://example.com/policy.xml") is None
