"""Fixes are applied together, over several files, until nothing is left; they never overlap and never break a document."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from apim_policy.lint.fixes import MAX_ROUNDS, FixChoice, FixRun, fix_documents, with_line_ends_of
from apim_policy.lint.selection import Selection
from apim_policy.rules import registry
from apim_policy.rules.model import Applicability, FileEdit, Fix
from apim_policy.text.edits import TextEdit
from apim_policy.text.span import Span
from support.workspaces import open_workspace, write_files

if TYPE_CHECKING:
    from pathlib import Path

SAFE = Applicability.SAFE
UNSAFE = Applicability.UNSAFE


class Fixer:
    """A workspace in which one rule, XML001, reports what a test says."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._monkeypatch = monkeypatch

    def run(self, files: dict[str, str], check, *names: str, **choice) -> FixRun:
        rules = [
            replace(rule, check=check) if rule.code == "XML001" else rule for rule in registry.all_rules()
        ]
        self._monkeypatch.setattr(registry, "all_rules", lambda: rules)
        write_files(self.folder, files)
        self.workspace = open_workspace(self.folder)
        paths = [self.folder / name for name in names] or list(self.workspace.documents)
        selection = Selection(self.workspace.settings, select=["XML001"])
        return fix_documents(self.workspace, paths, selection, FixChoice(**choice))

    def texts(self, run: FixRun) -> dict[str, str]:
        return {path.relative_to(self.folder).as_posix(): text for path, text in run.texts.items()}


@pytest.fixture
def fixer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fixer:
    return Fixer(tmp_path, monkeypatch)


def finding(context, start: int, end: int, *fixes: Fix):
    return registry.rule("XML001").diagnostic(context, Span(start, end), "wrong", fixes=fixes)


def fix(path: Path, start: int, end: int, text: str, title: str = "Mend it", **fields) -> Fix:
    return Fix(title, (FileEdit(path, (TextEdit(Span(start, end), text),)),), **fields)


def replacing(old: str, new: str, **fields):
    """A rule that wants each ``old`` to be ``new``."""

    def check(context):
        start = context.document.text.find(old)
        while start >= 0:
            end = start + len(old)
            yield finding(context, start, end, fix(context.path, start, end, new, **fields))
            start = context.document.text.find(old, end)

    return check


def test_all_findings_of_all_files_are_fixed(fixer: Fixer):
    run = fixer.run(
        {"a.xml": "<policies>x, x</policies>", "b.xml": "<policies>x</policies>"}, replacing("x", "y")
    )
    assert fixer.texts(run) == {"a.xml": "<policies>y, y</policies>", "b.xml": "<policies>y</policies>"}
    assert (len(run.applied), run.remaining, run.converged) == (3, [], True)


def test_nothing_is_written_and_the_workspace_is_as_before(fixer: Fixer):
    fixer.run({"a.xml": "<policies>x</policies>"}, replacing("x", "y"))
    path = fixer.folder / "a.xml"
    assert path.read_text() == "<policies>x</policies>"
    assert fixer.workspace.store.document(path).text == "<policies>x</policies>"
    assert not fixer.workspace.store.is_open(path)


def test_a_text_in_an_editor_comes_back(fixer: Fixer):
    fixer.run({"a.xml": "<policies/>"}, replacing("x", "y"))
    path = fixer.folder / "a.xml"
    fixer.workspace.store.open(path, "<policies>x</policies>")
    run = fix_documents(
        fixer.workspace, [path], Selection(fixer.workspace.settings, select=["XML001"]), FixChoice()
    )
    assert run.texts == {path: "<policies>y</policies>"}
    assert fixer.workspace.store.read(path).text == "<policies>x</policies>"


def test_fixes_that_touch_are_applied_one_after_the_other(fixer: Fixer):
    run = fixer.run({"a.xml": "<policies>xx</policies>"}, replacing("x", "yz"))
    assert fixer.texts(run) == {"a.xml": "<policies>yzyz</policies>"}


def test_a_fix_that_uncovers_a_finding_is_followed_by_its_fix(fixer: Fixer):
    def check(context):
        for old, new in (("one", "two"), ("two", "three")):
            yield from replacing(old, new)(context)

    run = fixer.run({"a.xml": "<policies>one</policies>"}, check)
    assert fixer.texts(run) == {"a.xml": "<policies>three</policies>"}
    assert [item.fix.edits[0].edits[0].new_text for item in run.applied] == ["two", "three"]


def test_two_fixes_that_undo_each_other_come_to_an_end(fixer: Fixer):
    def check(context):
        for old, new in (("one", "two"), ("two", "one")):
            yield from replacing(old, new)(context)

    run = fixer.run({"a.xml": "<policies>one</policies>"}, check)
    assert not run.converged
    assert len(run.applied) <= MAX_ROUNDS
    assert run.remaining


def test_a_fix_that_makes_its_own_finding_anew_comes_to_an_end(fixer: Fixer):
    run = fixer.run({"a.xml": "<policies>x</policies>"}, replacing("x", "yx"))
    assert not run.converged


def test_a_fix_that_mends_nothing_is_not_applied(fixer: Fixer):
    def check(context):
        text = context.document.text
        yield from replacing("good", "better")(context)
        if (start := text.find("bad")) >= 0:
            yield finding(context, start, start + 3, fix(context.path, start + 3, start + 3, "!"))

    run = fixer.run({"a.xml": "<policies>good bad good bad</policies>"}, check)
    assert fixer.texts(run) == {"a.xml": "<policies>better bad better bad</policies>"}
    assert run.converged
    assert len(run.remaining) == 1


class TestChoice:
    FILES = {"a.xml": "<policies>x</policies>"}  # noqa: RUF012

    @pytest.mark.parametrize(
        ("fields", "choice", "applied"),
        [
            ({}, {}, True),
            ({"applicability": UNSAFE}, {}, False),
            ({"applicability": UNSAFE}, {"unsafe": True}, True),
            ({"applicability": UNSAFE}, {"only": {"XML001"}}, False),
            ({}, {"only": {"XML001"}}, True),
            ({}, {"only": {"XML002"}}, False),
            ({"batch": False}, {"unsafe": True, "only": {"XML001"}}, False),
            ({"named": True, "applicability": UNSAFE}, {"unsafe": True}, False),
            ({"named": True, "applicability": UNSAFE}, {"unsafe": True, "only": {"XML001"}}, True),
            ({}, {"within": set()}, False),
        ],
    )
    def test_what_may_be_applied(self, fixer: Fixer, fields: dict, choice: dict, applied: bool):
        run = fixer.run(self.FILES, replacing("x", "y", **fields), **choice)
        assert bool(run.texts) is applied
        assert bool(run.remaining) is not applied

    def test_only_the_first_fix_of_a_finding_is_ever_applied(self, fixer: Fixer):
        def check(context):
            if "x" in context.document.text:
                yield finding(
                    context,
                    10,
                    11,
                    fix(context.path, 10, 11, "y", applicability=UNSAFE),
                    fix(context.path, 10, 11, "z"),
                )

        assert fixer.run(self.FILES, check).texts == {}
        assert fixer.texts(fixer.run(self.FILES, check, unsafe=True)) == {"a.xml": "<policies>y</policies>"}


class TestBroken:
    def test_a_fix_that_would_break_the_document_is_left_out(self, fixer: Fixer):
        def check(context):
            yield from replacing("x", "</oops>")(context)
            yield from replacing("good", "better")(context)

        run = fixer.run({"a.xml": "<policies>good x good</policies>"}, check)
        assert fixer.texts(run) == {"a.xml": "<policies>better x better</policies>"}
        assert len(run.remaining) == 1
        assert run.converged

    @pytest.mark.parametrize("edit", [TextEdit(Span(5, 900), ""), TextEdit(Span(7, 3), "")])
    def test_a_fix_outside_the_text_is_left_out(self, fixer: Fixer, edit: TextEdit):
        def check(context):
            yield finding(context, 0, 1, Fix("Mend it", (FileEdit(context.path, (edit,)),)))

        run = fixer.run({"a.xml": "<policies>x</policies>"}, check)
        assert (run.texts, run.converged) == ({}, True)

    def test_a_fix_may_mend_a_document_that_is_broken_elsewhere(self, fixer: Fixer):
        run = fixer.run({"a.xml": "<policies>x <a b=c/></policies>"}, replacing("x", "y"))
        assert fixer.texts(run) == {"a.xml": "<policies>y <a b=c/></policies>"}


class TestSeveralFiles:
    FILES = {"a.xml": "<policies>x</policies>", "b.xml": "<policies>x</policies>"}  # noqa: RUF012

    @staticmethod
    def both(context):
        """In a.xml: wants x to be y in both files at once."""
        if context.path.name == "a.xml" and "x" in context.document.text:
            other = context.path.with_name("b.xml")
            edits = tuple(FileEdit(path, (TextEdit(Span(10, 11), "y"),)) for path in (context.path, other))
            yield finding(context, 10, 11, Fix("Mend both", edits))

    def test_one_fix_changes_both(self, fixer: Fixer):
        run = fixer.run(self.FILES, self.both, "a.xml")
        assert fixer.texts(run) == {"a.xml": "<policies>y</policies>", "b.xml": "<policies>y</policies>"}

    def test_files_that_change_together_are_written_together(self, fixer: Fixer):
        def check(context):
            yield from self.both(context)
            if context.path.name == "c.xml":
                yield from replacing("x", "y")(context)

        run = fixer.run({**self.FILES, "c.xml": "<policies>x</policies>"}, check)
        groups = [({path.name for path in texts}, len(applied)) for texts, applied in run.groups()]
        assert groups == [({"a.xml", "b.xml"}, 1), ({"c.xml"}, 1)]

    def test_groups_that_a_later_fix_joins_become_one(self, fixer: Fixer):
        def check(context):
            text = context.document.text
            if "x" in text:
                yield from replacing("x", "y")(context)
            elif context.path.name == "a.xml" and "y" in text:
                other = context.path.with_name("b.xml")
                edits = tuple(
                    FileEdit(path, (TextEdit(Span(10, 11), "z"),)) for path in (context.path, other)
                )
                yield finding(context, 10, 11, Fix("Mend both", edits))

        run = fixer.run(self.FILES, check)
        assert fixer.texts(run) == {"a.xml": "<policies>z</policies>", "b.xml": "<policies>z</policies>"}
        assert [len(applied) for _, applied in run.groups()] == [3]

    def test_a_fix_is_not_applied_by_halves(self, fixer: Fixer):
        def check(context):
            yield from self.both(context)
            if context.path.name == "a.xml" and "<policies>x" in context.document.text:
                yield finding(context, 9, 12, fix(context.path, 9, 12, ">w<", "Mend it otherwise"))

        run = fixer.run(self.FILES, check)
        assert fixer.texts(run) == {"a.xml": "<policies>w</policies>"}

    def test_a_file_that_does_not_exist_is_made(self, fixer: Fixer):
        def check(context):
            new = context.path.with_name("apim-policy.toml")
            if not context.workspace.store.exists(new):
                yield finding(context, 0, 1, fix(new, 0, 0, "ignore = []\n"))

        run = fixer.run({"a.xml": "<policies/>"}, check)
        assert fixer.texts(run) == {"apim-policy.toml": "ignore = []\n"}


class TestLineEnds:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [("a\r\nb\n", "1\r\n2"), ("a\nb\r\n", "1\n2"), ("a\rb", "1\r2"), ("a", "1\n2"), ("", "1\n2")],
    )
    def test_new_text_has_those_of_the_file(self, text: str, expected: str):
        assert with_line_ends_of(text, "1\n2") == expected

    def test_of_a_file_from_windows(self, fixer: Fixer):
        run = fixer.run({"a.xml": "<policies>\r\nx</policies>"}, replacing("x", "y\ny"))
        assert fixer.texts(run) == {"a.xml": "<policies>\r\ny\r\ny</policies>"}
