from __future__ import annotations

import pytest

from apim_policy.syntax.parser import parse
from apim_policy.syntax.tokens import tokens
from support.forms import EVERY_FORM
from support.trees import check_tokens


def tokenised(text: str) -> str:
    return " ".join(f"{token.kind.value}[{text[token.start : token.end]}]" for token in tokens(parse(text)))


CASES = {
    "empty element": ('<a b="1" />', 'tag-open[<] element-name[a] space[ ] attribute-name[b] equals[=] quote["] literal[1] quote["] space[ ] tag-close[/>]'),
    "element with a text": ("<a>x</a>", "tag-open[<] element-name[a] tag-close[>] literal[x] tag-open[</] element-name[a] tag-close[>]"),
    "space inside tags": ("<a b = '1'></a >", "tag-open[<] element-name[a] space[ ] attribute-name[b] space[ ] equals[=] space[ ] quote['] literal[1] quote['] tag-close[>] tag-open[</] element-name[a] space[ ] tag-close[>]"),
    "expression": ('<a b="@(c("d"))"/>', 'tag-open[<] element-name[a] space[ ] attribute-name[b] equals[=] quote["] expression[@(c("d"))] quote["] tag-close[/>]'),
    "parts": ("{{a}}${b}%{ if c }@(d)", "named-value[{{a}}] placeholder[${b}] directive[%{ if c }] expression[@(d)]"),
    "Liquid": ('<set-body template="liquid">{{a}}</set-body>', 'tag-open[<] element-name[set-body] space[ ] attribute-name[template] equals[=] quote["] literal[liquid] quote["] tag-close[>] liquid[{{a}}] tag-open[</] element-name[set-body] tag-close[>]'),
    "comment, instruction, document type": ("<?a?><!DOCTYPE b><!--c-->", "instruction[<?a?>] doctype[<!DOCTYPE b>] comment[<!--c-->]"),
    "CDATA": ("<a><![CDATA[@(b)c]]></a>", "tag-open[<] element-name[a] tag-close[>] cdata-delimiter[<![CDATA[] expression[@(b)] literal[c] cdata-delimiter[]]>] tag-open[</] element-name[a] tag-close[>]"),
    "mark": ("\ufeff<a/>", "byte-order-mark[\ufeff] tag-open[<] element-name[a] tag-close[/>]"),
    "junk": ('<a "b /></a c>', 'tag-open[<] element-name[a] space[ ] junk["] attribute-name[b] space[ ] tag-close[/>] tag-open[</] element-name[a] space[ ] junk[c] tag-close[>]'),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_tokens_name_every_character(text: str, expected: str) -> None:
    assert tokenised(text) == expected


def test_tokens_of_every_form_give_the_text_back() -> None:
    document = parse("\ufeff" + EVERY_FORM.replace("\n", "\r\n"))
    check_tokens(document)
    assert "".join(document.text[token.start : token.end] for token in tokens(document)) == document.text
