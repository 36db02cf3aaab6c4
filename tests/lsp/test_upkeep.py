"""What changes around a document: other documents, settings, files on the disk, folders."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from lsprotocol import types

from apim_policy.lsp import projects, upkeep
from lsp.profiles import EMACS, NEOVIM, VSCODE
from support.workspaces import write_files

if TYPE_CHECKING:
    from lsp.editor import Editor

pytestmark = pytest.mark.asyncio

MCP, API = "apis/orders-mcp/policy.xml", "apis/orders-api/policy.xml"
INFORMATION = "apis/orders-mcp/apiInformation.json"
SETTINGS = "apim-policy.toml"
READS = '<trace source="a">@(context.Request.Headers.GetValueOrDefault("X-User", ""))</trace>'
FILES = {
    "policy.xml": "<policies>\n    <inbound />\n</policies>\n",
    MCP: """\
<policies>
    <inbound>
        <base />
        <set-header name="X-User" exists-action="override">
            <value>me</value>
        </set-header>
    </inbound>
</policies>
""",
    API: f"<policies>\n    <inbound>\n        <base />\n        {READS}\n    </inbound>\n</policies>\n",
    INFORMATION: """\
{"properties": {"type": "mcp", "mcpTools": [{"name": "get", "operationId": "/apis/orders-api/operations/get"}]}}
""",
    "apis/orders-api/apiInformation.json": '{"properties": {"subscriptionRequired": false}}\n',
}
PASSTHROUGH = "<!-- apim-policy: kind=passthrough -->\n<policies>"
WATCHED = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
FORWARDS = '[gateway]\nmcp-header-forwarding = "automatic"\n'


@pytest_asyncio.fixture
async def opened(editor: Editor) -> Editor:
    """Both policies open, and the server knowing of files that change."""
    write_files(editor.root, FILES)
    await editor.start(askAboutMcpHeaderForwarding=False)
    editor.open(MCP, API)
    await editor.expect(MCP, "MCP001")
    await editor.expect(API, "MCP002")
    if editor.capabilities is not NEOVIM:
        await editor.until(lambda: WATCHED in editor.watched)
    return editor


def poke(editor: Editor) -> None:
    """Give an editor that tells of no other files a reason to say something."""
    if WATCHED not in editor.watched:
        editor.save(MCP)


async def test_an_edit_changes_the_findings_of_another_document(opened: Editor) -> None:
    opened.replace(MCP, "<policies>", PASSTHROUGH)
    await opened.expect(MCP)
    await opened.expect(API)
    opened.replace(MCP, PASSTHROUGH, "<policies>")
    await opened.expect(MCP, "MCP001")
    await opened.expect(API, "MCP002")


async def test_a_closed_document_counts_as_the_disk_holds_it(opened: Editor) -> None:
    opened.replace(MCP, "<policies>", PASSTHROUGH)
    await opened.expect(API)
    opened.close(MCP)
    await opened.expect(API, "MCP002")


async def test_what_was_published_about_a_document_goes_when_it_is_closed(opened: Editor) -> None:
    if opened.pulls:
        return
    opened.close(MCP)
    await opened.until(lambda: not opened.published[opened.uri(MCP)].diagnostics)


async def test_a_file_that_changes_on_the_disk(opened: Editor) -> None:
    opened.write(INFORMATION, '{"properties": {"type": "http"}}')
    poke(opened)
    await opened.expect(MCP)
    await opened.expect(API)


async def test_a_file_that_is_made_or_deleted(opened: Editor) -> None:
    opened.delete(INFORMATION)
    poke(opened)
    await opened.expect(API)
    opened.write(INFORMATION, FILES[INFORMATION])
    poke(opened)
    await opened.expect(API, "MCP002")


TERRAFORM = """\
resource "azapi_resource" "server" {
  type = "Microsoft.ApiManagement/service/apis@2025-09-01-preview"
  name = "server"
  body = { properties = { type = "mcp", mcpTools = [{ operationId = "/apis/orders/operations/get" }] } }
}
resource "azurerm_api_management_api_policy" "server" {
  api_name    = azapi_resource.server.name
  xml_content = file("server.xml")
}
"""


async def test_terraform_that_changes_on_the_disk(editor: Editor) -> None:
    write_files(editor.root, {MCP: FILES[MCP], "server.xml": FILES[MCP], "main.tf": TERRAFORM})
    await editor.start(askAboutMcpHeaderForwarding=False)
    editor.open(MCP, "server.xml")
    await editor.expect("server.xml", "MCP001")
    if editor.capabilities is not NEOVIM:
        await editor.until(lambda: WATCHED in editor.watched)
    editor.write("main.tf", TERRAFORM.replace('"mcp"', '"http"').replace("mcpTools", "tools"))
    poke(editor)
    await editor.expect("server.xml")


@pytest.mark.parametrize("capabilities", [VSCODE, EMACS], ids=["vscode", "emacs"])
async def test_a_folder_that_is_deleted_takes_its_documents_along(editor: Editor) -> None:
    write_files(editor.root, {f"v1.0/{name}": text for name, text in FILES.items()})
    await editor.start(askAboutMcpHeaderForwarding=False)
    editor.open(f"v1.0/{API}")
    await editor.expect(f"v1.0/{API}", "MCP002")
    await editor.until(lambda: WATCHED in editor.watched)
    for folder in ("v1.0/apis/orders-mcp", "v1.0"):
        shutil.rmtree(editor.root / folder)
        event = types.FileEvent(editor.uri(folder), types.FileChangeType.Deleted)
        editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
    await editor.expect(f"v1.0/{API}")


async def test_settings_take_effect_when_they_are_made_changed_and_deleted(opened: Editor) -> None:
    opened.write(SETTINGS, FORWARDS)
    saved(opened)
    await opened.expect(MCP)
    await opened.expect(API)
    opened.write(SETTINGS, 'ignore = ["MCP002"]\n')
    saved(opened)
    await opened.expect(MCP, "MCP001")
    await opened.expect(API)
    opened.delete(SETTINGS)
    saved(opened)
    await opened.expect(API, "MCP002")


def saved(editor: Editor) -> None:
    """An editor that watches no files still says what it saves itself."""
    if WATCHED not in editor.watched:
        identifier = types.TextDocumentIdentifier(editor.uri(SETTINGS))
        editor.client.text_document_did_save(types.DidSaveTextDocumentParams(identifier))


async def test_settings_with_a_fault_are_reported_and_the_last_good_ones_hold(opened: Editor) -> None:
    opened.write(SETTINGS, FORWARDS)
    saved(opened)
    await opened.expect(MCP)
    opened.write(SETTINGS, FORWARDS + 'profil = "strict"\n')
    saved(opened)
    uri = opened.uri(SETTINGS)
    await opened.until(lambda: bool(opened.messages) and uri in opened.published)
    (fault,) = opened.published[uri].diagnostics
    assert fault.range.start.line == 2
    assert 'Did you mean "' in fault.message or "profil" in fault.message
    assert opened.messages[0].startswith(f"{SETTINGS}, line 3: ")
    await opened.expect(MCP)
    opened.write(SETTINGS, 'profile = "strict"\n')
    saved(opened)
    await opened.until(lambda: not opened.published[uri].diagnostics)
    await opened.expect(MCP, "MCP001")


async def test_settings_that_were_never_good_leave_the_defaults(editor: Editor) -> None:
    write_files(editor.root, {**FILES, SETTINGS: "[gateway\n"})
    await editor.start(askAboutMcpHeaderForwarding=False)
    editor.open(MCP)
    await editor.expect(MCP, "MCP001")
    (fault,) = editor.published[editor.uri(SETTINGS)].diagnostics
    assert "TOML" in fault.message


async def test_what_settings_exclude_is_left_in_peace(editor: Editor) -> None:
    write_files(editor.root, {**FILES, SETTINGS: 'exclude = ["apis/orders-mcp/"]\n'})
    await editor.start(askAboutMcpHeaderForwarding=False)
    editor.open(API, MCP)
    await editor.expect(API, "MCP002")
    if editor.pulls:
        assert await editor.codes(MCP) == []
    else:
        assert editor.uri(MCP) not in editor.published


async def test_the_client_may_name_a_settings_file(editor: Editor) -> None:
    write_files(
        editor.root, {**FILES, "ci/policy-settings.toml": FORWARDS, SETTINGS: 'ignore = ["MCP002"]\n'}
    )
    editor.settings = {"configurationFile": "ci/policy-settings.toml", "askAboutMcpHeaderForwarding": False}
    await editor.start(askAboutMcpHeaderForwarding=False)
    editor.open(MCP, API)
    await editor.expect(MCP)
    await editor.expect(API)
    editor.settings = {"askAboutMcpHeaderForwarding": False}
    params = types.DidChangeConfigurationParams(settings={"apimPolicy": editor.settings})
    editor.client.workspace_did_change_configuration(params)
    await editor.expect(MCP, "MCP001")


async def test_several_folders_have_settings_of_their_own(editor: Editor) -> None:
    one = {f"one/{name}": text for name, text in FILES.items()}
    two = {f"two/{name}": text for name, text in FILES.items()}
    write_files(editor.root, {**one, **two, f"two/{SETTINGS}": FORWARDS})
    await editor.start(editor.root / "one", editor.root / "two", askAboutMcpHeaderForwarding=False)
    editor.open(f"one/{MCP}", f"two/{MCP}")
    await editor.expect(f"one/{MCP}", "MCP001")
    await editor.expect(f"two/{MCP}")
    (editor.root / f"two/{SETTINGS}").write_text("")
    event = types.WorkspaceFoldersChangeEvent(
        added=[], removed=[types.WorkspaceFolder((editor.root / "two").as_uri(), "two")]
    )
    editor.client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
    await editor.expect(f"two/{MCP}", "MCP001")


STATED = {
    "It forwards headers": "automatic",
    "Only the key gets through": "subscription-key-only",
    "I do not know": "unknown",
}


@pytest.mark.parametrize("capabilities", [VSCODE, NEOVIM], ids=["vscode", "neovim"])
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("It forwards headers", []),
        ("Only the key gets through", ["MCP001"]),
        ("I do not know", ["MCP001"]),
        (None, ["MCP001"]),
    ],
)
async def test_the_gateway_is_asked_about_once(
    editor: Editor, answer: str | None, expected: list[str]
) -> None:
    write_files(editor.root, FILES)
    editor.answer = answer
    await editor.start()
    editor.open(API)
    await editor.expect(API, "MCP002")
    assert editor.questions == []
    editor.open(MCP)
    await editor.until(lambda: bool(editor.questions))
    written = editor.root / SETTINGS
    if answer is not None:
        value = STATED[answer]
        await editor.until(written.exists)
        assert written.read_text() == f'[gateway]\nmcp-header-forwarding = "{value}"\n'
    else:
        assert not written.exists()
    await editor.expect(MCP, *expected)
    editor.close(MCP)
    editor.open(MCP)
    await editor.expect(MCP, *expected)
    assert len(editor.questions) == 1
    assert [action.title for action in editor.questions[0].actions or ()][-1] == "I do not know"


@pytest.mark.parametrize("capabilities", [VSCODE], ids=["vscode"])
async def test_who_said_that_nobody_knows_is_not_asked_again(editor: Editor) -> None:
    unknown = '[gateway]\nmcp-header-forwarding = "unknown"\n'
    write_files(editor.root, {**FILES, SETTINGS: unknown})
    await editor.start()
    editor.open(MCP)
    await editor.expect(MCP, "MCP001")
    assert editor.questions == []


@pytest.mark.parametrize("capabilities", [EMACS], ids=["emacs"])
async def test_who_shows_no_questions_is_not_asked(editor: Editor) -> None:
    write_files(editor.root, FILES)
    await editor.start()
    editor.open(MCP)
    await editor.expect(MCP, "MCP001")
    assert editor.questions == []


@pytest.mark.parametrize("capabilities", [VSCODE], ids=["vscode"])
@pytest.mark.parametrize(
    "change",
    [
        {SETTINGS: FORWARDS},
        {INFORMATION: '{"properties": {"type": "mcp", "serviceUrl": "https://x"}}'},
        {INFORMATION: '{"properties": {"type": "http"}}'},
    ],
    ids=["settled", "passthrough", "http"],
)
async def test_what_need_not_be_known_is_not_asked(editor: Editor, change: dict[str, str]) -> None:
    write_files(editor.root, {**FILES, **change})
    await editor.start()
    editor.open(MCP)
    await editor.expect(MCP)
    assert editor.questions == []


@pytest.mark.parametrize("capabilities", [VSCODE], ids=["vscode"])
async def test_the_question_can_be_turned_off(editor: Editor) -> None:
    write_files(editor.root, FILES)
    editor.settings = {"askAboutMcpHeaderForwarding": False}
    await editor.start()
    editor.open(MCP)
    await editor.expect(MCP, "MCP001")
    assert editor.questions == []


@pytest.mark.parametrize("capabilities", [VSCODE], ids=["vscode"])
async def test_diagnostics_of_the_whole_workspace(editor: Editor) -> None:
    write_files(editor.root, FILES)
    await editor.start(askAboutMcpHeaderForwarding=False)
    known: dict[str, str] = {}

    async def ask() -> dict[str, list[str] | None]:
        previous = [types.PreviousResultId(uri, value) for uri, value in known.items()]
        report = await editor.client.workspace_diagnostic_async(types.WorkspaceDiagnosticParams(previous))
        found: dict[str, list[str] | None] = {}
        for item in report.items:
            name = item.uri.removeprefix(f"{editor.root.as_uri()}/")
            if item.result_id is None:
                known.pop(item.uri, None)
            else:
                known[item.uri] = item.result_id
            full = isinstance(item, types.WorkspaceFullDocumentDiagnosticReport)
            found[name] = [str(finding.code) for finding in item.items] if full else None
        return found

    assert await ask() == {"policy.xml": [], MCP: ["MCP001"], API: ["MCP002"]}
    await editor.until(lambda: WATCHED in editor.watched)
    editor.write(INFORMATION, '{"properties": {"type": "http"}}')
    assert await ask() == {"policy.xml": None, MCP: [], API: []}
    editor.delete("policy.xml")
    assert await ask() == {"policy.xml": [], MCP: None, API: None}


@pytest.fixture
def slow_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every search counts as one that takes long."""
    monkeypatch.setattr(upkeep, "_SHOW_AFTER", 0)
    monkeypatch.setattr(projects, "_SLICE", 0)


MANY = {f"notes/{number}.xml": "<notes />" for number in range(300)}


@pytest.mark.usefixtures("slow_search")
async def test_a_search_that_takes_long_is_shown(editor: Editor) -> None:
    write_files(editor.root, {**FILES, **MANY})
    await editor.start(askAboutMcpHeaderForwarding=False)
    editor.open(MCP)
    await editor.expect(MCP, "MCP001")
    if editor.capabilities is EMACS:
        assert editor.progress == {}
        return
    await editor.until(
        lambda: any(values and values[-1]["kind"] == "end" for values in editor.progress.values())
    )
    ((first, *_, last),) = editor.progress.values()
    assert (first["kind"], first["title"]) == ("begin", f"Looking for policy documents in {editor.root.name}")
    assert last["kind"] == "end"


@pytest.mark.usefixtures("slow_search")
@pytest.mark.parametrize("capabilities", [VSCODE], ids=["vscode"])
async def test_a_search_that_takes_long_can_be_ended(editor: Editor) -> None:
    many = {f"a/{number}/policy.xml": "<policies />" for number in range(3000)}
    write_files(editor.root, {**many, **{f"z/{name}": text for name, text in FILES.items()}})
    await editor.start(askAboutMcpHeaderForwarding=False)
    editor.open(f"z/{MCP}")
    await editor.until(lambda: any(editor.progress.values()))
    (token,) = editor.progress
    editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
    await editor.until(lambda: editor.progress[token][-1]["kind"] == "end")
    assert editor.progress[token][-2].get("message") != "3003 documents"
    await editor.expect(f"z/{MCP}", "MCP001")


@pytest.mark.parametrize("capabilities", [NEOVIM], ids=["neovim"])
async def test_settings_are_looked_at_when_a_policy_is_saved(opened: Editor) -> None:
    opened.write(SETTINGS, FORWARDS)
    opened.save(MCP)
    await opened.expect(MCP)
    opened.write(SETTINGS, "")
    opened.save(MCP)
    await opened.expect(MCP, "MCP001")
