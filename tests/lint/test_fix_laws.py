"""Laws that hold for the fixes of all rules, whatever the document."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from apim_policy.lint.fixes import FixChoice, FixRun, fix_documents
from apim_policy.lint.selection import Selection
from apim_policy.syntax.parser import parse
from apim_policy.workspace.files import FileStore
from apim_policy.workspace.settings import Settings
from apim_policy.workspace.workspace import Workspace

ROOT = Path("/nowhere").absolute()
FILE = ROOT / "policy.xml"
SELECTION = Selection(Settings(), select=["XML", "LNT"])
PIECES = st.sampled_from(
    [
        *(
            "<policies>",
            "</policies>",
            "<inbound>",
            "</inbound>",
            "<base />",
            "<base",
            "</",
            "</>",
            "<",
            ">",
            "/>",
        ),
        *(
            '<set-header name="a" exists-action="override">',
            "</set-header>",
            "<value>",
            "</value>",
            ' name="a"',
        ),
        *(
            ' b="',
            "'",
            '"',
            "=",
            "&",
            "&amp;",
            "&x;",
            "@(",
            "@{",
            ")",
            "}",
            '@(context.Variables["x"])',
            "{{name}}",
        ),
        *(
            "<!--",
            "-->",
            "--",
            "<!-- apim-policy: ignore[XML006, XML001] -->",
            "<!-- apim-policy: ignore[] -->",
        ),
        *("\n", "\r\n", " ", "    ", "text", "é🚀", "<![CDATA[", "]]>", "<?x?>", "${", "%{ if x }", "\x01"),
    ]
)
DOCUMENTS = st.lists(PIECES, max_size=24).map("".join) | st.lists(PIECES, max_size=12).map(
    lambda pieces: f"<policies>\n    <inbound>\n        {''.join(pieces)}\n    </inbound>\n</policies>\n"
)


def fix(text: str) -> FixRun:
    store = FileStore()
    store.open(FILE, text)
    workspace = Workspace.discover(ROOT, Settings(), store, [FILE])
    return fix_documents(workspace, [FILE], SELECTION, FixChoice(unsafe=True))


@settings(max_examples=300, deadline=None)
@given(DOCUMENTS)
def test_fixing_comes_to_an_end_and_leaves_no_new_syntax_error(text: str):
    run = fix(text)
    fixed = run.texts.get(FILE, text)
    assert run.converged
    assert not Counter(fault.kind for fault in parse(fixed).faults) - Counter(
        fault.kind for fault in parse(text).faults
    )


@settings(max_examples=300, deadline=None)
@given(DOCUMENTS)
def test_fixing_twice_is_fixing_once(text: str):
    run = fix(text)
    if run.texts:
        assert fix(run.texts[FILE]).texts == {}


@settings(max_examples=300, deadline=None)
@given(DOCUMENTS)
def test_what_remains_is_what_is_found_in_the_new_text(text: str):
    run = fix(text)
    again = fix(run.texts.get(FILE, text))
    assert [(item.code, item.span) for item in run.remaining] == [
        (item.code, item.span) for item in again.remaining
    ]
