"""The tree of sound texts, and of texts with a fault: which elements remain, and how many faults are told."""

from __future__ import annotations

import pytest

from apim_policy.syntax.lxml_bridge import to_lxml
from apim_policy.syntax.parser import parse
from apim_policy.syntax.tree import CData, Comment, Doctype, ProcessingInstruction, Text
from support.forms import EVERY_FORM
from support.trees import check_document, outline, parts_of

LINE_ENDS = {"LF": "\n", "CRLF": "\r\n", "CR": "\r"}


@pytest.mark.parametrize("newline", LINE_ENDS.values(), ids=LINE_ENDS)
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["no mark", "mark"])
def test_every_form_at_once(newline: str, mark: str) -> None:
    document = parse(mark + EVERY_FORM.replace("\n", newline))
    assert document.faults == []
    assert sum(1 for _ in document.expressions()) == 9
    assert (
        outline(document)
        == """\
policies
  inbound
    base
    set-variable name value
    set-variable name value
    set-variable name value
    set-variable name value
    choose
      when condition
        set-backend-service base-url backend-id
      when condition
        rate-limit-by-key calls renewal-period counter-key
      otherwise
        set-header name exists-action
          value
    cors
      allowed-origins
    set-body template
      soapenv:Envelope xmlns:soapenv
        id
        a b
    set-body
    set-body
  outbound
    base"""
    )
    check_document(document)


@pytest.mark.parametrize("newline", LINE_ENDS.values(), ids=LINE_ENDS)
def test_every_prefix_has_a_sound_tree(newline: str) -> None:
    text = EVERY_FORM.replace("\n", newline)
    for end in range(len(text)):
        check_document(parse(text[:end]))


def test_every_suffix_has_a_sound_tree() -> None:
    for start in range(len(EVERY_FORM)):
        check_document(parse(EVERY_FORM[start:]))


def test_every_document_without_one_character_has_a_sound_tree() -> None:
    for gone in range(len(EVERY_FORM)):
        check_document(parse(EVERY_FORM[:gone] + EVERY_FORM[gone + 1 :]))


SOUND = {
    "nothing": "",
    "blanks": " \r\n\t",
    "declaration": "<?xml version='1.0' encoding='utf-8'?><policies />",
    "declaration after a mark": '\ufeff<?xml version="1.0"?>\n<policies />',
    "document type": "<!DOCTYPE policies [ <!ENTITY a '>'> ]>\n<policies />",
    "document type without a subset": '<!DOCTYPE policies SYSTEM "x.dtd"><policies />',
    "comments around the root": "<!-- a --><policies /><!-- b -->\n",
    "instruction inside": "<policies><?target data > ?></policies>",
    "empty attribute": '<policies a="" />',
    "space around the equals sign": "<policies a = '1' b\n=\n\"2\" />",
    "no space before the end": '<policies a="1"/>',
    "space in the end tag": "<policies></policies \n>",
    "greater-than sign": '<policies a="a > b">a > b</policies>',
    "quotes in the other quotes": "<policies a='\"' b=\"'\">\"'</policies>",
    "names with dots, colons and digits": '<a.b-c_1 x:y.z="1"><d:e /></a.b-c_1>',
    "name in another script": '<naïve größe="1" />',
    "markup in a comment": "<policies><!-- <inbound> & </outbound> --></policies>",
    "markup in CDATA": "<policies><![CDATA[<inbound> & ]] > </outbound>]]></policies>",
    "placeholders around the root": "${header}\n<policies />\n%{ if x }%{ endif }",
    "lines in a value": '<policies a="1\r\n2\r3\n4" />',
}


@pytest.mark.parametrize("text", SOUND.values(), ids=SOUND)
def test_a_sound_text_has_no_fault(text: str) -> None:
    document = parse(text)
    assert document.faults == []
    assert document.root is None or to_lxml(document) is not None
    check_document(document)


def test_comments_instructions_and_declarations_are_nodes() -> None:
    text = '<?xml version="1.0"?><!DOCTYPE a><!-- b --><c><?d?><![CDATA[@(e)f]]></c>'
    document = parse(text)
    assert [type(node).__name__ for node in document.nodes] == [
        "ProcessingInstruction",
        "Doctype",
        "Comment",
        "Element",
    ]
    instruction, doctype, comment = document.nodes[:3]
    assert isinstance(instruction, ProcessingInstruction)
    assert isinstance(doctype, Doctype)
    assert isinstance(comment, Comment)
    assert [document.slice(node) for node in document.nodes[:3]] == [
        '<?xml version="1.0"?>',
        "<!DOCTYPE a>",
        "<!-- b -->",
    ]
    assert document.root is not None
    cdata = document.root.children[1]
    assert isinstance(cdata, CData)
    assert parts_of(document, cdata.parts) == ["expression:@(e)", "literal:f"]


def test_a_value_that_never_closes_may_end_with_what_is_white_space_elsewhere() -> None:
    check_document(parse('<a b="@(c\u2028</policies>d'))


def test_white_space_between_elements_is_text() -> None:
    document = parse("<a>\n  <b />\n</a>")
    assert document.root is not None
    texts = [child for child in document.root.children if isinstance(child, Text)]
    assert [document.slice(text) for text in texts] == ["\n  ", "\n"]


# Each has one fault; the outline is that of the document that its author meant, as far as anybody can tell.
BROKEN = {
    "end tag missing": (
        "<policies><inbound><set-header name='a'><value>1</value><base /></inbound><backend /></policies>",
        "policies\n  inbound\n    set-header name\n      value\n    base\n  backend",
    ),
    "inner end tag missing": (
        "<policies><inbound><set-header name='a'><value>1</set-header><base /></inbound></policies>",
        "policies\n  inbound\n    set-header name\n      value\n    base",
    ),
    "end tag of a section missing": (
        "<policies><inbound><base /><backend><base /></backend></policies>",
        "policies\n  inbound\n    base\n  backend\n    base",
    ),
    "end tag of a branch missing": (
        "<choose><when condition='@(a)'><base /><when condition='@(b)'><base /></when></choose>",
        "choose\n  when condition\n    base\n  when condition\n    base",
    ),
    "end tag of the root missing": ("<policies><inbound /><backend />", "policies\n  inbound\n  backend"),
    "end tag misspelt": ("<a><set-body>x</set-bdoy><b /></a>", "a\n  set-body\n  b"),
    "end tag without a name": ("<a><b>x</><c /></a>", "a\n  b\n  c"),
    "end tag without its bracket": ("<a><b>x</b<c /></a>", "a\n  b\n  c"),
    "stray end tag": ("<a><b /></c><d /></a>", "a\n  b\n  /c\n  d"),
    "start tag without its bracket": ("<a><b x='1'<c /></b><d /></a>", "a\n  b x\n    c\n  d"),
    "closing quote missing": (
        '<a><set-header name="x exists-action="skip"><value>1</value></set-header><b /></a>',
        "a\n  set-header name exists-action\n    value\n  b",
    ),
    "closing quote missing at the end of the tag": (
        '<a><set-header name="x><value>1</value></set-header><b c="1" /></a>',
        "a\n  set-header name\n    value\n  b c",
    ),
    "closing quote missing before Liquid": (
        '<a><set-body template="liquid>{{ x }}{% if y < z %}</set-body><b c="1" /></a>', "a\n  set-body template\n  b c",
    ),
    "closing quote missing before a text and Liquid": (
        '<a><set-body template="liquid>x {{ x }}{% if y < z %}</set-body><b c="1" /></a>',
        "a\n  set-body template\n  b c",
    ),
    "closing quote missing before a text and an expression": (
        '<a><b c="x>Bearer @(d["e"])</b><f g="1" /></a>',
        "a\n  b c\n  f g",
    ),
    "opening quote missing": ('<a><b c=1" d="2" /><e /></a>', "a\n  b c d\n  e"),
    "both quotes missing": ("<a><b c=1 d='2' /><e /></a>", "a\n  b c d\n  e"),
    "equals sign missing": ('<a><b c "1" d="2" /><e /></a>', "a\n  b c d\n  e"),
    "value missing": ('<a><b c d="2" /><e /></a>', "a\n  b c d\n  e"),
    "space between attributes missing": ('<a><b c="1"d="2" /><e /></a>', "a\n  b c d\n  e"),
    "attribute twice": ('<a><b c="1" c="2" /><e /></a>', "a\n  b c c\n  e"),
    "ampersand": ("<a><b>x & y</b><c d='x' /></a>", "a\n  b\n  c d"),
    "less-than sign in a text": ("<a><b>x < y</b><c /></a>", "a\n  b\n  c"),
    "less-than sign in a value": ('<a><b c="x < y" /><d /></a>', "a\n  b c\n  d"),
    "unknown entity": ("<a><b>&nbsp;</b><c /></a>", "a\n  b\n  c"),
    "expression in an attribute": ('<a><b c="@(f("x")" /><d e="@(f("x"))" /></a>', "a\n  b c\n  d e"),
    "expression in a text": ('<a><b>@(f("x")</b><d e="@(f("x"))" /></a>', "a\n  b\n  d e"),
    "block in an attribute": (
        '<a>\n<set-variable value="@{\n if (x) {\n return "}";\n}" />\n<set-variable value="@(1)" />\n</a>',
        "a\n  set-variable value\n  set-variable value",
    ),
    "string in an expression": ('<a><b c="@(f("x))" /><d e="@(f("x"))" /></a>', "a\n  b c\n  d e"),
    "comment": ("<a>\n<!-- note\n<b />\n<c />\n</a>", "a\n  b\n  c"),
    "end of a comment": ("<a>\n<!-- note -- >\n<b />\n<!-- sound -->\n<c />\n</a>", "a\n  b\n  c"),
    "comment in a comment": ("<a>\n<!-- x <!-- y --> z -->\n<c />\n</a>", "a\n  c"),
    "control character": ("<a><b>\x01</b><c /></a>", "a\n  b\n  c"),
    "no-break space in a start tag": ('<a><b\u00a0c="1\u00a0" /><d /></a>', "a\n  b c\n  d"),
    "no-break space around an equals sign": ('<a><b c\u2003= "1" /><d /></a>', "a\n  b c\n  d"),
    "no-break space in an end tag": ("<a><b></b\u00a0><d /></a>", "a\n  b\n  d"),
    "no-break space before the root": ("\u00a0<a><b /></a>", "a\n  b"),
    "second root": ("<policies><inbound /></policies><fragment><base /></fragment>", "policies\n  inbound\nfragment\n  base"),
    "text before the root": ("x <policies><inbound /></policies>", "policies\n  inbound"),
    "declaration that is not first": ("<!-- x --><?xml version='1.0'?><policies />", "policies"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), BROKEN.values(), ids=BROKEN)
def test_one_fault_is_told_once_and_the_rest_is_read_as_if_it_were_sound(text: str, expected: str) -> None:
    for newline in LINE_ENDS.values():
        document = parse(text.replace("\n", newline))
        assert [fault.kind.value for fault in document.faults][1:] == []
        assert len(document.faults) == 1
        assert outline(document) == expected
        check_document(document)


@pytest.mark.parametrize(("text", "_outline"), BROKEN.values(), ids=BROKEN)
def test_a_repair_leaves_a_text_without_faults(text: str, _outline: str) -> None:
    (fault,) = parse(text).faults
    if fault.repair is not None:
        start, end, new = fault.repair
        assert parse(text[:start] + new + text[end:]).faults == []
