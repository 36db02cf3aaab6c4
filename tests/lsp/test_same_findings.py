"""The editor and the command line find the same in the same files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from apim_policy.text.lines import LineIndex, Position, Unit
from lsp.profiles import EMACS, VSCODE
from support.command import apim_policy
from support.markers import parse_markers
from support.workspaces import write_files

if TYPE_CHECKING:
    from lsprotocol import types

    from lsp.editor import Editor

pytestmark = pytest.mark.asyncio

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / "examples" / "orders-mcp", *sorted((ROOT / "tests" / "scenarios").glob("*/files"))]
LEVELS = ["error", "warning", "info", "hint"]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): parse_markers(path.read_bytes().decode()).text.encode()
        for path in folder.rglob("*")
        if path.is_file()
    }


def on_command_line(name: str, item: Any) -> tuple[object, ...]:
    start, end = item["range"]["start"], item["range"]["end"]
    place = (start["line"], start["column"], end["line"], end["column"])
    return name, place, item["code"], item["severity"], item["message"]


def in_editor(editor: Editor, name: str, item: types.Diagnostic) -> tuple[object, ...]:
    lines = LineIndex(editor.text(name))
    places: list[int] = []
    for end in (item.range.start, item.range.end):
        offset = lines.offset(*Position(end.line, end.character), editor.unit)
        line, column = lines.position(offset, Unit.UTF32)
        places += [line + 1, column + 1]
    assert item.severity is not None
    return name, tuple(places), item.code, LEVELS[item.severity.value - 1], item.message


@pytest.mark.parametrize("capabilities", [VSCODE, EMACS], ids=["pull", "push"])
@pytest.mark.parametrize(
    "folder", FOLDERS, ids=lambda folder: folder.parent.name if folder.name == "files" else folder.name
)
async def test_same_findings(editor: Editor, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(editor.root, contents(folder))
    monkeypatch.chdir(editor.root)
    report = apim_policy("lint", "--output-format", "json").json
    expected = sorted(on_command_line(item["file"], item) for item in report["diagnostics"])
    names = [item["file"] for item in apim_policy("scopes", "--output-format", "json").json["documents"]]
    assert names
    await editor.start(askAboutMcpHeaderForwarding=False)
    editor.open(*names)
    found = [in_editor(editor, name, item) for name in names for item in await editor.diagnostics(name)]
    assert sorted(found) == expected
