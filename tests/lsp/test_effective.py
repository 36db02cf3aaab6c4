"""The effective policy, as an editor asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from support.command import apim_policy
from support.layers import COMMON, FRAGMENT, OPERATION, layers, put
from support.workspaces import write_files

if TYPE_CHECKING:
    from lsp.editor import Editor

pytestmark = pytest.mark.asyncio

METHOD = "apim-policy/effectivePolicy"
INVALID_PARAMS = -32602
FILES = {
    **layers(everywhere=put("a"), operation=f"<!-- 🛒 -->{COMMON}", fragment=f"<!-- 🛒 -->{put('d')}"),
    "notes.xml": "<notes />",
}


async def asked(editor: Editor, name: str) -> Any:
    return as_json(await editor.client.protocol.send_request_async(METHOD, {"uri": editor.uri(name)}))


def as_json(value: Any) -> Any:
    """What pygls makes tuples of, as it came."""
    if hasattr(value, "_asdict"):
        return {key: as_json(item) for key, item in value._asdict().items()}
    return [as_json(item) for item in value] if isinstance(value, list) else value


async def started(editor: Editor, *names: str) -> None:
    write_files(editor.root, FILES)
    await editor.start()
    editor.open(*names)


async def test_the_text_is_that_of_the_command_line(editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    await started(editor)
    monkeypatch.chdir(editor.root)
    found = await asked(editor, OPERATION)
    assert found["text"] == apim_policy("effective", OPERATION).text
    assert found["complete"] is True


async def test_parts_lead_to_their_origins_in_the_client_s_columns(editor: Editor) -> None:
    await started(editor, OPERATION)
    found = await asked(editor, OPERATION)
    _, part = [part for part in found["parts"] if part["of"] == 'fragment "common"']
    where = part["range"]
    assert where["start"]["character"] == where["end"]["character"] == 0
    lines = found["text"].splitlines()[where["start"]["line"] : where["end"]["line"]]
    assert [line.strip() for line in lines] == [put("d")]
    assert (part["kind"], part["section"], part["message"]) == ("policy", "inbound", None)
    assert part["origin"]["uri"] == editor.uri(FRAGMENT)
    start, end = (types.Position(**part["origin"]["range"][side]) for side in ("start", "end"))
    assert editor.quoted(FRAGMENT, types.Range(start, end)) == put("d")


async def test_what_is_typed_is_in_it(editor: Editor) -> None:
    await started(editor, FRAGMENT)
    editor.replace(FRAGMENT, 'name="d"', 'name="typed"')
    assert put("typed") in (await asked(editor, OPERATION))["text"]


async def test_what_is_no_policy_document_has_none(editor: Editor) -> None:
    await started(editor, "notes.xml")
    assert await asked(editor, "notes.xml") is None
    assert await asked(editor, "missing.xml") is None


@pytest.mark.parametrize("params", [None, [], {"uri": 5}])
async def test_wrong_parameters_are_answered(editor: Editor, params: object) -> None:
    await started(editor)
    with pytest.raises(JsonRpcException, match="takes an object with a string") as caught:
        await editor.client.protocol.send_request_async(METHOD, params)
    assert caught.value.code == INVALID_PARAMS
