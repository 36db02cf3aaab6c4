"""From the name of a fragment, named value or backend to what describes it, and to all that calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from apim_policy.ide.links import links
from apim_policy.ide.resources import definitions, highlights, named_at, references, refusal, resource_at
from support.layers import API, COMMON, FRAGMENT, GLOBAL, OPERATION, layers
from support.markers import parse_markers
from support.resources import described
from support.workspaces import open_workspace, write_files

if TYPE_CHECKING:
    from pathlib import Path

    from apim_policy.flow.resources import ResourceUse
    from apim_policy.ide.resources import ResourceReference

BACKEND = '<set-backend-service backend-id="orders" />'
VALUE = '<set-variable name="a" value="{{tenant}}" />'
LISTS = {
    **described("named value", "65a1", displayName="tenant"),
    **described("backend", "orders", url="https://orders.example.com"),
    "named values/broken/namedValueInformation.json": "{",
}
TENANT = "named values/65a1/namedValueInformation.json"
NAMED = f'{TENANT}: "displayName": "tenant"'


class Opened:
    """A workspace with a cursor in one of its files."""

    def __init__(self, folder: Path, files: dict[str, str]) -> None:
        marked = {name: parse_markers(text) for name, text in files.items()}
        ((name, self.offset),) = [
            (name, item.cursor) for name, item in marked.items() if item.cursor is not None
        ]
        self.files = {**{name: item.text for name, item in marked.items()}, **LISTS}
        self.root = write_files(folder.resolve(), self.files)
        self.workspace = open_workspace(self.root)
        self.path = self.root / name
        self.document = self.workspace.store.document(self.path)

    @property
    def use(self) -> ResourceUse:
        """The resource at the cursor."""
        found = resource_at(self.workspace, self.path, self.document, self.offset)
        assert found is not None
        return found

    def definitions(self) -> list[str]:
        return self.shown(definitions(self.workspace, self.path, self.use))

    def references(self) -> list[str]:
        return self.shown(references(self.workspace, self.path, self.use))

    def shown(self, found: list[ResourceReference]) -> list[str]:
        """Files, and the texts that stand for the names."""
        return [
            f"{name}: {self.files[name][item.use.span.start : item.use.span.end]}"
            for item in found
            for name in [item.path.relative_to(self.root).as_posix()]
        ]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (COMMON.replace("common", "com$0mon"), f"{FRAGMENT}: fragment"),
        (BACKEND.replace("orders", "$0orders"), "backends/orders/backendInformation.json: "),
        (VALUE.replace("tenant", "tenant$0"), NAMED),
        (VALUE.replace("{{", "$0{{"), NAMED),
        (VALUE.replace("tenant", "65A1$0"), NAMED),
        ('<set-body>@("{{ten$0ant}}")</set-body>', NAMED),
        ('<set-body>@($"{{ten$0ant}}")</set-body>', NAMED),
        ("<set-body>{{ten$0ant}}</set-body>", NAMED),
        ("<set-body>{{bro$0ken}}</set-body>", "named values/broken/namedValueInformation.json: "),
    ],
)
def test_definitions(tmp_path: Path, policy: str, expected: str) -> None:
    assert Opened(tmp_path, layers(operation=policy)).definitions() == [expected]


@pytest.mark.parametrize(
    "policy", ['<include-fragment fragment-id="g$0one" />', "<set-body>{{g$0one}}</set-body>"]
)
def test_what_is_not_described_has_no_definition(tmp_path: Path, policy: str) -> None:
    opened = Opened(tmp_path, layers(operation=policy))
    assert opened.definitions() == []
    assert opened.references() == [f"{OPERATION}: gone"]


@pytest.mark.parametrize(
    "policy", ["<include-$0fragment fragment-id='common' />", "<include-fragment fragment-id='$0@(1)' />"]
)
def test_elsewhere_there_is_no_resource(tmp_path: Path, policy: str) -> None:
    opened = Opened(tmp_path, layers(operation=policy))
    assert resource_at(opened.workspace, opened.path, opened.document, opened.offset) is None


def test_a_description_that_went_away(tmp_path: Path) -> None:
    opened = Opened(tmp_path, layers(operation=COMMON.replace("common", "com$0mon")))
    assert opened.definitions()
    (opened.root / FRAGMENT).unlink()
    assert opened.definitions() == []


def test_references_of_a_fragment_are_what_includes_it(tmp_path: Path) -> None:
    files = layers(
        everywhere=COMMON.replace("common", "Common"),
        api=f"{COMMON}<!-- {COMMON} -->",
        operation=COMMON.replace("common", "co$0mmon"),
    )
    assert Opened(tmp_path, files).references() == [
        f"{FRAGMENT}: fragment",
        f"{OPERATION}: common",
        f"{API}: common",
        f"{GLOBAL}: Common",
    ]


def test_from_the_fragment_itself(tmp_path: Path) -> None:
    opened = Opened(tmp_path, {**layers(api=COMMON), FRAGMENT: "<frag$0ment></fragment>"})
    assert opened.references() == [f"{FRAGMENT}: fragment", f"{API}: common"]


def test_references_of_a_named_value_by_either_name(tmp_path: Path) -> None:
    files = layers(api=VALUE.replace("tenant", "65a1"), operation=VALUE.replace("tenant", "te$0nant"))
    assert Opened(tmp_path, files).references() == [NAMED, f"{OPERATION}: tenant", f"{API}: 65a1"]


def test_another_service_has_resources_of_its_own(tmp_path: Path) -> None:
    own = {f"own/{n}": text for n, text in layers(operation=COMMON.replace("common", "com$0mon")).items()}
    other = {f"other/{name}": text for name, text in layers(api=COMMON).items()}
    opened = Opened(tmp_path, {**own, **other})
    assert opened.references() == [f"own/{FRAGMENT}: fragment", f"own/{OPERATION}: common"]


def test_highlights(tmp_path: Path) -> None:
    opened = Opened(tmp_path, layers(operation=VALUE.replace("tenant", "$0tenant") + VALUE + BACKEND))
    touched = named_at(opened.document, opened.offset)
    assert touched is not None
    assert len(highlights(opened.document, touched)) == 2


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (COMMON.replace("common", "$0common"), 'The fragment "common" keeps its name'),
        (BACKEND.replace("orders", "$0orders"), 'The backend "orders" keeps its name'),
        (VALUE.replace("tenant", "$0tenant"), 'The named value "tenant" is called so in the service'),
    ],
)
def test_why_it_gets_no_other_name(tmp_path: Path, policy: str, said: str) -> None:
    assert refusal(Opened(tmp_path, layers(operation=policy)).use).startswith(said)


def test_links_lead_to_the_files_of_fragments(tmp_path: Path) -> None:
    files = layers(operation=COMMON + BACKEND + '<include-fragment fragment-id="gone" />')
    root = write_files(tmp_path.resolve(), {**files, **LISTS})
    workspace = open_workspace(root)
    document = workspace.store.document(root / OPERATION)
    (link,) = links(workspace, root / OPERATION, document)
    assert document.slice(link.span) == "common"
    assert link.path == root / FRAGMENT
    assert link.title == 'Open the fragment "common"'
