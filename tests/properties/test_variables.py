"""Renaming a variable changes its name and nothing else, whatever forms its uses take."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from apim_policy.flow.variables import variables
from apim_policy.ide.references import rename
from apim_policy.syntax.parser import parse
from apim_policy.text.edits import apply_edits
from apim_policy.workspace.files import FileStore
from apim_policy.workspace.workspace import Workspace
from support.hostile import CASES, hostile

PATH = Path("/work/policy.xml")
_FORMS = (
    '<set-variable name="{0}" value="1" />',
    "<set-variable name='{0}' value='@(context.Variables[\"{0}\"])' />",
    '<set-variable name="other" value="@(context.Variables[&quot;{0}&quot;])" />',
    '<send-request mode="new" response-variable-name="{0}" />',
    '<return-response response-variable-name="{0}" />',
    '<set-body>@(context.Variables.GetValueOrDefault<string>("{0}", "{0}"))</set-body>',
    '<set-body>@((string)context.Variables.GetValueOrDefault<JObject>("{0}")["{0}"])</set-body>',
    '<set-body>@{{ var v = context.Variables; return v.ContainsKey(@"{0}") ? v["{0}"] : "größe 🛒"; }}</set-body>',
    '<set-body template="liquid">{{{{context.Variables.{0}}}}} {{{{context.Variables["{0}"]}}}}</set-body>',
    '<!-- {0} --><trace source="{0}"><message>{0}</message></trace>',
    '<set-header name="{0}" exists-action="override"><value>@(context.Request.Headers["{0}"][0])</value></set-header>',
)
_NAMES = ("a", "User-Id", "x.y", "größe", "a_b")


def texts(name: str) -> st.SearchStrategy[str]:
    forms = st.lists(st.sampled_from(_FORMS), max_size=8)
    return forms.map(
        lambda chosen: "".join(["<fragment>", *(form.format(name) for form in chosen), "</fragment>"])
    )


def renamed(text: str, old: str, new: str) -> str:
    """The text after the variable was renamed at its first use; the text itself where there is none."""
    document = parse(text)
    first = next((use for use in variables(document) if use.name == old), None)
    if first is None:
        return text
    store = FileStore()
    store.open(PATH, text)
    workspace = Workspace.discover(PATH.parent, store=store, files=[PATH])
    fix = rename(workspace, PATH, document, first.span.start, new)
    assert fix is not None
    ((path, edits),) = [(edit.path, edit.edits) for edit in fix.edits]
    assert path == PATH
    return apply_edits(text, edits)


@given(texts("old"), st.sampled_from(_NAMES))
def test_renaming_changes_the_name_and_nothing_else(text: str, name: str) -> None:
    before = [(use.name, use.kind, use.literal) for use in variables(parse(text))]
    after = renamed(text, "old", name)
    found = [(use.name, use.kind, use.literal) for use in variables(parse(after))]
    assert found == [(name if used == "old" else used, *rest) for used, *rest in before]


@given(texts("old"))
def test_renaming_back_gives_the_text(text: str) -> None:
    assert renamed(renamed(text, "old", "new"), "new", "old") == text


@given(st.sampled_from(sorted(CASES)), st.sampled_from(("<fragment>", "")), texts("old"))
def test_names_stand_where_they_are_said_to(case: str, opening: str, text: str) -> None:
    whole = opening + hostile(case, 20) + text
    document = parse(whole)
    for use in variables(document):
        assert 0 <= use.access.start <= use.access.end <= len(whole)
        if use.literal:
            assert document.slice(use.span) == use.name
            assert use.access.covers(use.span)
