"""Strategies of sound policy documents in all the forms that real ones take, and of texts that are none.

A sound document comes with what its tree must say, written down while it is built and not by the parser under test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from apim_policy.syntax.tree import PartKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Event = tuple[object, ...]
Piece = tuple[PartKind, str]

_LITERALS = (
    "plain",
    "two words",
    "a &amp; b &lt; c",
    "&#8364; &#x1F600;",
    "user@example.org",
    "50% off, $5, #1",
    "snake_case and a__b",
    "{ } braces",
    "naïve 😀 \u2028 text",
    "https://example.org/a?b=1",
    "it is > that",
)
_NAMED_VALUES = ("{{name}}", "{{my-name.2}}", "{{${tf}}}", "{{a-${tf}-#{b}#}}", "{{#{b}#}}")
_PLACEHOLDERS = (
    "${tf}",
    '${jsonencode({ a = "}" })}',
    "%{x}",
    "#{x}#",
    "#{x}",
    "__X__",
    "__My-Name.1__",
    "%HOST%",
    "{name}",
)
_LIQUID = (
    "{{ body.name }}",
    '{{context.Variables["id"]}}',
    "{% if a < b %}",
    "{% endif %}",
    "{{ a | default: 'x' }}",
)

# Balanced stretches of C#, each of which misleads a scanner that does not know it.
_CODE = (
    "context.Request.Body",
    'context.Variables["x"]',
    'context.Variables.GetValueOrDefault<string>("a", "(")',
    "Body.As<JObject>(preserveContent: true)",
    "a < b && c > d",
    "a <= b || x >> 2 > y",
    "new List<List<int>>()",
    "x => { return y; }",
    "new { a = 1 }",
    "a[b[0]]",
    "a ?? b",
    "','",
    "'('",
    "')'",
    "'{'",
    "'}'",
    "'\"'",
    "'\\''",
    "'\\\\'",
    "'\\u0041'",
    "'<'",
    '""',
    '"\\""',
    '"\\\\"',
    '"a (b"',
    '"a } b"',
    '"it\'s"',
    '"https://example.org/*"',
    '"</value>"',
    '"/>"',
    '"😀 \u2028"',
    '"{{secret}}"',
    "{{bare-name}}",
    '"${tf}"',
    "${tf}",
    '"#{x}# __X__"',
    '@""',
    '@"C:\\"',
    '@"say ""("" twice"',
    '$""',
    '$"{a}"',
    '$"{d["k"]}/{f($"{(b)}")}"',
    '$"{{not a hole}} {a}"',
    '$"{{Endpoint}}/dbs/{a:D2}"',
    '$"{(a ? "}" : ")")}"',
    '$@"{a} "" }} \\"',
    '@$"{a}("',
    '$@"C:\\{a}\\"',
    '$"https://{host}/{a,10:N2}"',
    '$"it\'s {a}}}"',
    '$"{{{a}}}"',
    '$"{new { b = "}" }}"',
    '$"{a /* } */}"',
    "$\"{(a == '}' ? 1 : 2)}\"",
    '@"two\nlines ("',
    '"\\u0028"',
    "a ? '\"' : '\\''",
    "a / b / c",
    "@class",
    '"@("',
    '@"@{"',
    "a & b",
    '"&quot; &amp;"',
    "// a /* b )\n",
    '/* // " */',
    "/**/",
    "b </* less */ c",
    "/* it's ) \" */",
    "// doesn't end here: ) } \"\n",
)
_RAW_STRINGS = ('"""a "quoted" ("""', '$"""{a} ("""')

_FLAT_CODE = st.lists(st.sampled_from(_CODE + _RAW_STRINGS), min_size=1, max_size=3).map(" + ".join)
_ESCAPABLE_CODE = st.lists(st.sampled_from(_CODE), min_size=1, max_size=3).map(" + ".join)


def _nested(code: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    shapes = st.sampled_from(("{0}", "f({0})", "(({0}) , {0})", "if (a) {{\n  {0}\n}}", "d[{0}]", "{0}\n"))
    return st.builds(lambda shape, inner: shape.format(inner), shapes, code)


def _entities(code: str) -> str:
    return code.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _all_entities(code: str) -> str:
    return _entities(code).replace("'", "&apos;").replace(">", "&gt;")


def _entities_but_quotes(code: str) -> str:
    return code.replace("&", "&amp;").replace("<", "&lt;")


def _delimited(code: str, braces: bool) -> str:
    return f"@{{{code}}}" if braces else f"@({code})"


raw_expressions = st.builds(_delimited, _nested(_FLAT_CODE), st.booleans())
"""Expressions whose C# stands as it is."""

escaped_expressions = st.builds(
    lambda code, braces, escape: _delimited(escape("a && " + code), braces),
    _nested(_ESCAPABLE_CODE),
    st.booleans(),
    st.sampled_from((_entities, _all_entities, _entities_but_quotes)),
)
"""Expressions whose C# stands in entities."""

expressions = st.one_of(raw_expressions, raw_expressions, escaped_expressions)


def _pieces(kind: PartKind, forms: Sequence[str]) -> st.SearchStrategy[Piece]:
    return st.sampled_from([(kind, form) for form in forms])


_LITERAL = _pieces(PartKind.LITERAL, _LITERALS)
_EXPRESSION = expressions.map(lambda source: (PartKind.EXPRESSION, source))
_TEMPLATED = st.one_of(
    _pieces(PartKind.NAMED_VALUE, _NAMED_VALUES), _pieces(PartKind.PLACEHOLDER, _PLACEHOLDERS)
)

values = st.one_of(
    st.just([]),
    _LITERAL.map(lambda piece: [piece]),
    _EXPRESSION.map(lambda piece: [piece]),
    _TEMPLATED.map(lambda piece: [piece]),
    st.lists(st.one_of(_LITERAL, _TEMPLATED, _EXPRESSION), min_size=2, max_size=3),
)
"""Values of attributes and texts, as the pieces that they consist of."""

_liquid_values = st.lists(st.one_of(_LITERAL, _pieces(PartKind.LIQUID, _LIQUID)), max_size=3)


@dataclass(frozen=True)
class Sample:
    """A sound document."""

    text: str
    events: list[Event]
    """What ``events_of`` must say of its tree."""


class _Writer:
    """Text and events side by side."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.events: list[Event] = []
        self._run: list[Piece] = []

    def literal(self, text: str) -> None:
        self.value([(PartKind.LITERAL, text)])

    def value(self, pieces: Sequence[Piece]) -> None:
        self._run.extend(pieces)

    def flush(self) -> None:
        if self._run:
            self.text.extend(text for _, text in self._run)
            self.events.append(("text", *_merged(self._run)))
            self._run = []

    def raw(self, text: str, *event: object) -> None:
        self.flush()
        self.text.append(text)
        if event:
            self.events.append(event)

    def tag(self, name: str, attributes: Sequence[tuple[str, str, Sequence[Piece]]], *, closes: bool) -> None:
        self.flush()
        self.text.append(f"<{name}")
        for key, quote, pieces in attributes:
            self.text.append(f" {key}={quote}{''.join(text for _, text in pieces)}{quote}")
        self.text.append(" />" if closes else ">")
        self.events.append(("start", name, *((key, _merged(pieces)) for key, _, pieces in attributes)))
        if closes:
            self.events.append(("end", name))

    def end(self, name: str) -> None:
        self.raw(f"</{name}>", "end", name)


def _merged(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    merged: list[Piece] = []
    for kind, text in pieces:
        if merged and kind is merged[-1][0] is PartKind.LITERAL:
            merged[-1] = (kind, merged[-1][1] + text)
        else:
            merged.append((kind, text))
    return tuple(merged)


def _spaced(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with blanks between them, so that no two make a third."""
    spaced: list[Piece] = []
    for piece in pieces:
        if spaced:
            spaced.append((PartKind.LITERAL, " "))
        spaced.append(piece)
    return spaced


_ATTRIBUTES = ("name", "value", "condition", "exists-action", "id")
_attributes = st.lists(
    st.tuples(st.sampled_from(_ATTRIBUTES), st.sampled_from('""\''), values.map(_spaced)),
    max_size=3,
    unique_by=lambda attribute: attribute[0],
).map(lambda found: [_quotable(*attribute) for attribute in found])


def _quotable(name: str, quote: str, pieces: list[Piece]) -> tuple[str, str, list[Piece]]:
    """The attribute with the other quote where a template's part of the value holds its own."""
    held = "".join(text for kind, text in pieces if kind is not PartKind.EXPRESSION)
    return name, ("'" if '"' in held else quote), pieces


Write = "Callable[[_Writer, str], None]"


def _leaf(name: str, attributes: Sequence[tuple[str, str, list[Piece]]]) -> Callable[[_Writer, str], None]:
    return lambda writer, _indent: writer.tag(name, attributes, closes=True)


def _holder(
    name: str, attributes: Sequence[tuple[str, str, list[Piece]]], child: str, held: Sequence[list[Piece]]
) -> Callable[[_Writer, str], None]:
    def write(writer: _Writer, indent: str) -> None:
        writer.tag(name, attributes, closes=False)
        for pieces in held:
            writer.literal(indent + "    ")
            writer.tag(child, (), closes=False)
            writer.value(pieces)
            writer.end(child)
        writer.literal(indent)
        writer.end(name)

    return write


def _body(pieces: list[Piece], form: str) -> Callable[[_Writer, str], None]:
    def write(writer: _Writer, indent: str) -> None:
        writer.tag("set-body", (), closes=False)
        if form == "cdata":
            held = [(kind, text) for kind, text in pieces if kind in (PartKind.EXPRESSION, PartKind.LITERAL)]
            source = "".join(text for _, text in held)
            writer.raw(f"<![CDATA[{source}]]>", "cdata", *_merged(held))
        elif form == "lines":
            writer.literal(indent + "    ")
            writer.value(pieces)
            writer.literal(indent)
        else:
            writer.value(pieces)
        writer.end("set-body")

    return write


def _liquid_body(pieces: list[Piece], inner: list[Piece]) -> Callable[[_Writer, str], None]:
    def write(writer: _Writer, _indent: str) -> None:
        template = ("template", '"', [(PartKind.LITERAL, "liquid")])
        writer.tag("set-body", [template], closes=False)
        namespace = ("xmlns:soapenv", '"', [(PartKind.LITERAL, "http://schemas.xmlsoap.org/soap/envelope/")])
        writer.value(pieces)
        writer.tag("soapenv:Envelope", [namespace], closes=False)
        writer.value(inner)
        writer.end("soapenv:Envelope")
        writer.end("set-body")

    return write


def _comment(content: str) -> Callable[[_Writer, str], None]:
    source = f"<!--{content}-->"
    return lambda writer, _indent: writer.raw(source, "comment", source)


def _choose(
    branches: Sequence[tuple[str, Sequence[Callable[[_Writer, str], None]]]],
) -> Callable[[_Writer, str], None]:
    def write(writer: _Writer, indent: str) -> None:
        writer.tag("choose", (), closes=False)
        for condition, held in branches:
            name = "when" if condition else "otherwise"
            attributes = [("condition", '"', [(PartKind.EXPRESSION, condition)])] if condition else []
            writer.literal(indent + "    ")
            _block(writer, name, attributes, held, indent + "    ")
        writer.literal(indent)
        writer.end("choose")

    return write


def _block(
    writer: _Writer,
    name: str,
    attributes: Sequence[tuple[str, str, list[Piece]]],
    held: Sequence[Callable[[_Writer, str], None]],
    indent: str,
) -> None:
    writer.tag(name, attributes, closes=False)
    for each in held:
        writer.literal(indent + "    ")
        each(writer, indent + "    ")
    writer.literal(indent)
    writer.end(name)


def _templated(kind: PartKind, source: str) -> Callable[[_Writer, str], None]:
    return lambda writer, _indent: writer.value([(kind, source)])


_templates = st.sampled_from(
    (
        _templated(PartKind.DIRECTIVE, "%{ if a && b < c ~}"),
        _templated(PartKind.DIRECTIVE, "%{~ endif }"),
        _templated(PartKind.PLACEHOLDER, '${join("\\n", policies)}'),
    )
)
_comments = st.sampled_from(
    (
        " a note ",
        "",
        " <inbound> is not here ",
        '\n    - <when condition="@(a.b("c"))">\n',
        " @(one.line) ",
        " ends with a quote: ' ",
    )
).map(_comment)
_simple = st.one_of(
    st.builds(
        _leaf, st.sampled_from(("base", "set-variable", "rewrite-uri", "include-fragment")), _attributes
    ),
    st.builds(
        _holder,
        st.just("set-header"),
        _attributes,
        st.just("value"),
        st.lists(values.map(_spaced), min_size=1, max_size=2),
    ),
    st.builds(_body, values.map(_spaced), st.sampled_from(("plain", "lines", "cdata"))),
    st.builds(_liquid_body, _liquid_values.map(_spaced), _liquid_values.map(_spaced)),
    _comments,
    _templates,
)
_branch = st.tuples(st.one_of(st.just(""), raw_expressions), st.lists(_simple, max_size=2))
policies = st.one_of(_simple, _simple, st.lists(_branch, min_size=1, max_size=2).map(_choose))
"""Policies, each a function that writes itself."""

_PROLOGUES: tuple[tuple[tuple[str, Event], ...], ...] = (
    (),
    (('<?xml version="1.0" encoding="utf-8"?>', ("instruction",)),),
    (("<!--\n    IMPORTANT: see <inbound> below.\n-->", ("comment",)),),
    (('<?xml version="1.0"?>', ("instruction",)), ("<!-- two -->", ("comment",))),
    (("<!DOCTYPE policies [ <!ENTITY x 'y'> ]>", ("doctype",)),),
)


@st.composite
def sound_documents(draw: st.DrawFn) -> Sample:
    """Documents without a fault, small ones."""
    writer = _Writer()
    mark = draw(st.sampled_from(("", "", "", "\ufeff")))
    for source, event in draw(st.sampled_from(_PROLOGUES)):
        writer.raw(source, *event, source)
        writer.literal("\n")
    if draw(st.booleans()):
        writer.value([(PartKind.PLACEHOLDER, "${header}"), (PartKind.LITERAL, "\n")])
    line = "\n"
    if draw(st.booleans()):
        held = draw(st.lists(policies, max_size=4))
        _block(writer, "fragment", (), held, line)
    else:
        writer.tag("policies", (), closes=False)
        for section in ("inbound", "backend", "outbound", "on-error")[: draw(st.integers(1, 4))]:
            writer.literal(line + "    ")
            _block(writer, section, (), draw(st.lists(policies, max_size=2)), line + "    ")
        writer.literal(line)
        writer.end("policies")
    if draw(st.booleans()):
        writer.literal("\n")
    writer.flush()
    newline = draw(st.sampled_from(("\n", "\n", "\r\n", "\r")))
    text = mark + "".join(writer.text).replace("\n", newline)
    return Sample(text, [_with_newline(event, newline) for event in writer.events])


def _with_newline(event: Event, newline: str) -> Event:
    def convert(value: object) -> object:
        if isinstance(value, str):
            return value.replace("\n", newline)
        if isinstance(value, tuple):
            return tuple(convert(each) for each in value)
        return value

    return tuple(convert(value) for value in event)


_SCRAPS = (
    "<policies>", "</policies>", "<inbound>", "</inbound>", "<base />", "<set-header ", "</set-header>", "<value>", "</value>",
    "<choose>", "<when ", "</when>", "<set-body>", '<set-body template="liquid">', "</set-body>", "</>", "</ x>", "<a:b ", "<a.b/>",
    'name="', "condition='", "id=", 'x="1"', "y='2' ", "=", ">", "/>", "<", "&", "&amp;", "&nope;", "&#0;", "&quot;",
    '"', "'", "@(", "@{", "@@", "@", ")", "}", "(", "{", "$\"{", '@"', '"""', "$@\"", "//", "/*", "*/", "\\", "\\\"", "'\\''", "x",
    "{{", "}}", "{{nv}}", "${", "%{ if a }", "%{ endif ~}", "%{", "#{x}#", "__X__", "%X%", "{x}", "{% ", " %}", "<!--", "-->", "--", "-- >",
    "<![CDATA[", "]]>", "<?", "?>", "<?xml version='1.0'?>", "<!DOCTYPE x>", "<!", "\n", "\r\n", "\r", "\t", "  ", "\n        ",
    "\ufeff", "\u2028", "\x0b", "\x00", "\ud800", "é", "😀",
)  # fmt: skip

soups = st.lists(st.sampled_from(_SCRAPS), max_size=24).map("".join)
"""Texts of scraps of markup and C# in any order."""

any_text = st.one_of(soups, soups, st.text(max_size=60))
"""Any text at all, most of it close to a policy document."""
