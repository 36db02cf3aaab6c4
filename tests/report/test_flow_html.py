"""The page of headers: its structure, what it links, and that nothing in a file becomes a part of it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html

from apim_policy.report.flow_html import relative_links, render
from apim_policy.report.style import printable
from support.flows import FOLDER, drawn, specimen
from support.mcp import AUTOMATIC, look, policy, put, workspace

Page = html.HtmlElement


def page_of(root: Path, files: dict[str, str]) -> Page:
    return html.document_fromstring(render(drawn(root, files), root, relative_links(root)))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path.resolve()


@pytest.fixture
def page(root: Path) -> Page:
    files = workspace(
        "<base />\n" + put("X-User", "a"), look("X-User"), tools=("orders-api/a", "orders-api/b")
    )
    files["apis/orders-api/operations/a/policy.xml"] = policy("<base />\n" + put("X-Op", "1"))
    return page_of(root, files)


def words(element: Page) -> str:
    return " ".join(element.text_content().split())


def test_the_page_needs_nothing_but_itself(page: Page) -> None:
    assert not page.xpath("//script | //link | //img | //iframe | //object | //embed | //form | //base")
    assert not page.xpath("//@src | //@onclick | //@style")
    assert {urlsplit(address).scheme for address in page.xpath("//@href")} == {""}
    assert not re.search(r"url\(|@import", page.findtext(".//style"))
    (rule,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert rule.startswith("default-src 'none';")


def test_layers_are_columns_and_headers_are_lines(page: Page) -> None:
    for table in page.xpath("//div[@class='picture']/table"):
        columns = table.xpath("./thead/tr[@class='layers']/th")
        for row in table.xpath("./tbody/tr"):
            assert len(row) == len(columns)
            assert row[0].get("scope") == "row"
        (legs,) = table.xpath("./thead/tr[@class='legs']")
        assert sum(int(cell.get("colspan", 1)) for cell in legs) == len(columns)
    first = page.xpath("//tr[@class='layers']")[0]
    assert [words(cell) for cell in first] == [
        "Header",
        "client",
        "MCP serverorders-mcppolicy.xml",
        "boundary",
        "APIorders-apipolicy.xml",
        "backend",
    ]


def test_each_stop_leads_to_its_line(page: Page) -> None:
    stops = page.xpath("//tbody/tr/td//a[contains(@class, 'event stopped')]")
    assert stops
    assert {stop.get("href") for stop in stops} == {"./apis/orders-mcp/policy.xml#L4"}
    assert all("problem" in stop.get("class") for stop in stops)
    assert "stopped" in words(stops[0])


def test_the_wall_stands_in_every_row(page: Page) -> None:
    for row in page.xpath("//tr[starts-with(@class, 'lane')]"):
        assert len(row.xpath("./td[contains(@class, 'wall')]")) == 1


def test_a_line_shows_what_is_known_between_two_events(page: Page) -> None:
    row = page.xpath("//tr[starts-with(@class, 'lane lost')]")[0]
    lines = [[line.get("class").split()[1] for line in cell.xpath(".//i")] for cell in row[1:]]
    assert lines == [
        ["absent", "absent"],
        ["absent", "set"],
        ["set", "absent"],
        ["missing", "absent"],
        ["absent", "absent"],
    ]


def test_it_can_be_read_without_looking(page: Page) -> None:
    assert page.get("lang") == "en"
    for table in page.xpath("//div[@class='picture']/table"):
        assert table.xpath("string(./caption)")
    identities = page.xpath("//@id")
    assert len(identities) == len(set(identities))
    for name in page.xpath("//@aria-labelledby"):
        assert name in identities
    assert all(icon.get("aria-hidden") == "true" for icon in page.xpath("//svg"))
    assert [heading.tag for heading in page.xpath("//h1 | //h2 | //h3")] == ["h1", "h2", "h3", "h3"]
    # Every event can be reached, or has no place to lead to.
    for event in page.xpath("//td//*[contains(concat(' ', @class, ' '), ' event ')]"):
        assert event.tag == "a" or "forwarded" in event.get("class")


def test_the_steps_are_a_list_too(page: Page) -> None:
    (way, _) = page.xpath("//details")
    assert words(way.find("summary")) == "5 steps, as a list"
    rows = [[words(cell) for cell in row] for row in way.xpath(".//tbody/tr")]
    assert rows[:3] == [
        [
            "X-User",
            "MCP server, orders-mcp",
            "set",
            "apis/orders-mcp/policy.xml:4:9",
            "set-header, from a literal",
        ],
        ["boundary", "stopped", "apis/orders-mcp/policy.xml:4:9", ""],
        ["API, orders-api", "read", "apis/orders-api/policy.xml:3:44", "set-variable, finds nothing"],
    ]


def test_every_icon_is_defined(page: Page) -> None:
    assert set(page.xpath("//use/@href")) <= {f"#{name}" for name in page.xpath("//symbol/@id")}


def test_several_servers_are_listed_at_the_top(root: Path) -> None:
    files = workspace(put("X-User", "a"))
    files["apis/x-mcp/apiInformation.json"] = '{"properties": {"type": "mcp", "backendId": "b"}}'
    page = page_of(root, files)
    assert [(words(link), link.get("href")) for link in page.xpath("//nav//a")] == [
        ("orders-mcp 1 lost", "#server-0"),
        ("x-mcp", "#server-1"),
    ]
    assert set(page.xpath("//article/@id")) == {"server-0", "server-1"}


def test_servers_of_one_name_are_told_apart(root: Path) -> None:
    files = {f"{name}/mcp-server/policy.xml": policy(look("X-User")) for name in ("a", "b")}
    assert [words(link) for link in page_of(root, files).xpath("//nav//a")] == [
        "mcp-server a/mcp-server/policy.xml",
        "mcp-server b/mcp-server/policy.xml",
    ]


def test_a_server_says_what_it_is_and_where(root: Path) -> None:
    (page,) = page_of(root, workspace("<base />")).xpath("//p[@class='is']")
    assert words(page) == "REST-backed MCP server, apis/orders-mcp/policy.xml"
    (page,) = page_of(root / "x", workspace(None)).xpath("//p[@class='is']")
    assert words(page) == "REST-backed MCP server, without a policy"


def test_a_gateway_that_forwards_has_an_open_wall(root: Path) -> None:
    page = page_of(root, workspace(put("X-User", "a"), settings=AUTOMATIC))
    (table,) = page.xpath("//div[@class='picture']/table")
    assert "open" in table.get("class").split()
    assert not page.xpath("//td//*[contains(@class, 'stopped')]")


def test_no_value_is_told(root: Path) -> None:
    inbound = put("X-A", "s3cret-literal") + put("X-B", '@("s3cret-code" + context.RequestId)')
    assert "s3cret" not in html.tostring(page_of(root, workspace(inbound)), encoding="unicode")


def test_no_servers() -> None:
    page = html.document_fromstring(render([], FOLDER, relative_links(FOLDER)))
    assert words(page.xpath("//main")[0]) == "There are no MCP servers in this folder."


@pytest.mark.parametrize(
    ("folder", "expected"),
    [("/folder", "./a%20b/p.xml#L3"), ("/folder/out", "./../a%20b/p.xml#L3")],
)
def test_links_lead_from_where_the_page_is(folder: str, expected: str) -> None:
    assert relative_links(Path(folder))(Path("/folder/a b/p.xml"), 2) == expected


def test_a_folder_is_no_scheme() -> None:
    link = relative_links(Path("/folder"))(Path("/folder/javascript:alert(1)/p.xml"), None)
    assert urlsplit(link).scheme == ""


_BAD = '"\'><script>alert(1)</script><a href="javascript:x">&amp;'


def _shape(page: Page) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (element.tag, tuple(sorted(element.keys())))
        for element in page.iter()
        if isinstance(element.tag, str)
    ]


@given(
    st.text(
        alphabet=st.characters(exclude_characters="\0\ud800", exclude_categories=["Cs"]),
        min_size=1,
        max_size=60,
    )
)
@example(_BAD)
@example("--></style></title><!--")
def test_no_name_becomes_markup(name: str) -> None:
    links = relative_links(FOLDER)
    text = render([specimen(name)], FOLDER, links)
    page = html.document_fromstring(text)
    assert _shape(page) == _shape(html.document_fromstring(render([specimen("x")], FOLDER, links)))
    (header,) = page.xpath("//span[@class='header']")
    assert header.text == printable(name)
    for address in page.xpath("//tbody//a/@href"):
        assert address.startswith("./")
        assert unquote(address[2:]).rpartition("/")[0] == name.replace("/", "_") or name in {".", ".."}


def test_names_that_cannot_be_decoded_are_shown_all_the_same() -> None:
    text = render([specimen("a\0b\udcffc\u202e")], FOLDER, relative_links(FOLDER))
    assert not re.search("[\0\udcff\u202e]", text)
