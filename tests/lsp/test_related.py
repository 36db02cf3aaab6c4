"""A client that asks for diagnostics and takes those of related documents along."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types

from lsp.profiles import VSCODE
from support.workspaces import write_files

if TYPE_CHECKING:
    from lsp.editor import Editor

pytestmark = pytest.mark.asyncio

RELATED = deepcopy(VSCODE)
RELATED["textDocument"]["diagnostic"]["relatedDocumentSupport"] = True
del RELATED["workspace"]["diagnostics"]

SERVER, API = "server.xml", "api.xml"
FILES = {
    SERVER: "<!-- apim-policy: scope=mcp tools-from=orders -->\n<policies><inbound><base /></inbound></policies>\n",
    API: "<!-- apim-policy: scope=api api=orders -->\n<policies><inbound>"
    '<base /><check-header name="X-User" failed-check-httpcode="401" /></inbound></policies>\n',
}


@pytest.mark.parametrize("capabilities", [RELATED], ids=["related"])
async def test_the_others_come_with_the_answer(editor: Editor) -> None:
    write_files(editor.root, FILES)
    await editor.start(askAboutMcpHeaderForwarding=False)
    editor.open(SERVER, API)
    assert "MCP002" in await editor.codes(API)
    editor.replace(SERVER, "scope=mcp tools-from=orders", "scope=mcp kind=passthrough")
    report = await editor.client.text_document_diagnostic_async(
        types.DocumentDiagnosticParams(types.TextDocumentIdentifier(editor.uri(SERVER)))
    )
    assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
    ((uri, other),) = (report.related_documents or {}).items()
    assert uri == editor.uri(API)
    assert isinstance(other, types.FullDocumentDiagnosticReport)
    assert "MCP002" not in [item.code for item in other.items]
