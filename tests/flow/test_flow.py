"""The way of a tool call through a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apim_policy.flow import effects
from apim_policy.flow.flow import Flow
from apim_policy.flow.headers import FROM_CLIENT, STOPPED, Beginning
from support.mcp import (
    API,
    AUTOMATIC,
    KEY,
    KEY_ONLY,
    SERVER,
    api_information,
    look,
    policy,
    put,
    server_information,
    workspace,
)
from support.workspaces import open_workspace, write_files

if TYPE_CHECKING:
    from pathlib import Path

    from apim_policy.flow.server import ServerFlow
    from apim_policy.workspace.workspace import Workspace


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path.resolve()


def opened(root: Path, files: dict[str, str]) -> Workspace:
    return open_workspace(write_files(root, files))


def served(found: Workspace, file: str = SERVER) -> ServerFlow:
    flow = Flow.of(found).server(found.info(found.root / file))
    assert flow is not None
    return flow


@pytest.mark.parametrize(
    ("settings", "user", "key"),
    [
        (None, STOPPED.sources, False),
        (KEY_ONLY, STOPPED.sources, False),
        (AUTOMATIC, FROM_CLIENT.sources, True),
    ],
)
def test_what_crosses_the_boundary(root: Path, settings: str | None, user: object, key: bool) -> None:
    flow = served(opened(root, workspace(put(KEY, "k"), look("X-User") + look(KEY), settings=settings)))
    (call,) = flow.calls
    seen = {read.name: read.state for read in call.passage.reads}
    assert seen["X-User"].sources == user
    assert seen[KEY].present
    assert flow.bounded is not key


def test_headers_of_the_message_itself_are_made_anew(root: Path) -> None:
    (call,) = served(opened(root, workspace(api=look("Content-Type")))).calls
    assert call.passage.reads[0].state.sources == (Beginning.UNKNOWN,)


def test_one_call_for_each_operation_with_a_policy_and_one_for_the_others(root: Path) -> None:
    files = workspace(tools=("orders-api/a", "orders-api/b", "stock-api/c", "ghost-api/d"))
    files["apis/stock-api/apiInformation.json"] = api_information()
    files["apis/orders-api/operations/a/policy.xml"] = policy("<base />")
    files["apis/orders-api/operations/x/policy.xml"] = policy("<base />")
    calls = served(opened(root, files)).calls
    assert [(call.api, call.operation) for call in calls] == [
        ("orders-api", None),
        ("orders-api", "a"),
        ("stock-api", None),
        ("ghost-api", None),
    ]
    assert calls[3].resource is None


def test_where_tools_are_not_listed_any_operation_may_be_called(root: Path) -> None:
    files = {
        "agents.xml": "<!-- apim-policy: scope=mcp tools-from=orders-api -->\n" + policy("<base />"),
        API: policy("<base />"),
        "apis/orders-api/apiInformation.json": api_information(),
        "apis/orders-api/operations/a/policy.xml": policy("<base />"),
    }
    calls = served(opened(root, files), "agents.xml").calls
    assert [(call.api, call.operation) for call in calls] == [("orders-api", None), ("orders-api", "a")]


def test_only_rest_backed_servers_have_a_flow(root: Path) -> None:
    files = workspace()
    files["apis/orders-mcp/apiInformation.json"] = server_information(backendId="b")
    found = opened(root, files)
    flow = Flow.of(found)
    assert flow.server(found.info(root / SERVER)) is None
    assert flow.server(found.info(root / API)) is None
    assert flow.servers_calling(found.info(root / API)) == []


def test_servers_that_call_a_document(root: Path) -> None:
    files = workspace(tools=("orders-api/a",))
    files["apis/orders-api/operations/a/policy.xml"] = policy("<base />")
    files["apis/orders-api/operations/x/policy.xml"] = policy("<base />")
    files["policy.xml"] = policy("")
    found = opened(root, files)
    flow = Flow.of(found)

    def count(file: str) -> int:
        return len(flow.servers_calling(found.info(root / file)))

    assert count(API) == 1
    assert count("apis/orders-api/operations/a/policy.xml") == 1
    assert count("apis/orders-api/operations/x/policy.xml") == 0
    assert count("policy.xml") == 0
    assert count(SERVER) == 0


def test_a_client_s_own_call(root: Path) -> None:
    found = opened(root, workspace(api=look("X-User")))
    call = Flow.of(found).call(found.info(root / API))
    assert call.passage.reads[0].state == FROM_CLIENT


def test_answers_are_kept_until_something_changes(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = opened(root, workspace(put("X-User", "a"), "<base />\n" + look("X-User")))
    first = served(found)
    assert served(found) is first
    assert Flow.of(found) is Flow.of(found)

    read: list[str] = []
    original = effects.effect_of

    def counted(document: object, element: object) -> object:
        read.append(element.name)  # type: ignore[attr-defined]
        return original(document, element)  # type: ignore[arg-type]

    monkeypatch.setattr(effects, "effect_of", counted)
    found.store.open(root / API, policy(put("X-User", "b")))
    found.update(root / API)
    second = served(found)
    assert second is not first
    assert read == ["set-header"]


def test_a_file_that_cannot_be_read_is_no_policy(root: Path) -> None:
    files = workspace(put("X-User", "a"), look("X-User"))
    found = opened(root, files)
    (root / API).write_bytes(b"\xff\xfe\xfd")
    found.store.invalidate(root / API)
    found.update(root / API)
    (call,) = served(found).calls
    assert call.passage.reads == []


def test_an_error_may_come_before_or_after_what_sets_a_header(root: Path) -> None:
    files = workspace(api=put("X-User", "a"))
    files[API] = files[API].replace(
        "</policies>", f"<on-error>{look('X-User')}{look('X-Other')}</on-error></policies>"
    )
    (call,) = served(opened(root, files)).calls
    assert [read.state.stopped for read in call.passage.reads] == [False, True]


def test_the_steps_of_a_section_come_from_all_scopes_of_the_document(root: Path) -> None:
    def sets(name: str) -> str:
        return f'<policies><inbound><base /><set-variable name="{name}" value="" /></inbound></policies>'

    operation = "apis/orders/operations/list/policy.xml"
    found = opened(
        root,
        {
            "policy.xml": sets("global"),
            "apis/orders/apiInformation.json": "{}",
            "apis/orders/policy.xml": sets("api"),
            operation: sets("operation"),
        },
    )
    steps = Flow.of(found).steps(found.info(root / operation), "inbound")
    names = [step.frame.document.literal_value(step.element, "name") for step in steps if not step.gap]
    assert names == ["global", "api", "operation"]
