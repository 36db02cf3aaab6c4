"""Data that becomes a part of a document."""

from __future__ import annotations

import pytest

from apim_policy.rules.model import Severity
from support.policies import inbound
from support.workspaces import check

ONLY = ["SEC007"]
HEADER = 'context.Request.Headers.GetValueOrDefault("X-Name", "")'


def mark(text: str) -> str:
    return f"{{|SEC007:{text}|}}"


M = mark(HEADER)


def body(code: str) -> str:
    return f"<set-body>@({code})</set-body>"


def block(code: str) -> str:
    return f"<set-body>@{{ {code} }}</set-body>"


IN_XML = body('"<a>" + ' + M)


def put(code: str) -> str:
    return f"<set-variable name='v' value='@({code})' />"


@pytest.mark.parametrize(
    "policies",
    [
        body(f'"{{\\"name\\": \\"" + {M} + "\\"}}"'),
        body(f'"{{\\"name\\": " + {M} + "}}"'),
        body(f'$"{{{{\\"name\\": \\"{{{M}}}\\"}}}}"'),
        body(f'string.Format("{{{{\\"name\\": \\"{{0}}\\"}}}}", {M})'),
        body('"{ \\"items\\": [ \\"" + ' + mark('context.Request.Body.As<JObject>()["id"]') + ' + "\\" ] }"'),
        body(f'"[{{\\"a\\": 1, \\"b\\": \\"" + context.RequestId + "-" + {M} + "\\"}}]"'),
        block(f'var s = "{{\\"a\\": \\""; s += {M}; s += "\\"}}"; return s;'),
        block(f'var b = new StringBuilder("{{\\"a\\": \\""); b.Append({M}); return b.ToString();').replace(
            'new StringBuilder("{\\"a\\": \\"");', 'new StringBuilder(); b.Append("{\\"a\\": \\"");'
        ),
        body(f'$"&lt;order&gt;{{{M}}}&lt;/order&gt;"'),
        block(f'var b = new StringBuilder("<a>"); b.Append({M}); return b.ToString();'),
        body(f'"<order><name>" + {M} + "</name></order>"'),
        body(f'"<order name=\\"" + {M} + "\\" />"'),
        body(
            '"<?xml version=\\"1.0\\"?><soap:Envelope><soap:Body><id>" + '
            + mark('context.Request.MatchedParameters["id"]')
            + ' + "</id></soap:Body></soap:Envelope>"'
        ),
        body(f'"<html><body>Hello " + {M} + "</body></html>"'),
        body(f'"SELECT * FROM c WHERE c.name = \'" + {M} + "\'"'),
        body(f'"{{\\"query\\": \\"SELECT * FROM c WHERE c.name = \'" + {M} + "\'\\"}}"'),
        put(HEADER) + body('"{\\"name\\": \\"" + (string)' + mark('context.Variables["v"]') + ' + "\\"}"'),
        put(f'"{{\\"name\\": \\"" + {HEADER} + "\\"}}"').replace("'@(", "'@(")
        + body("(string)" + mark('context.Variables["v"]')),
        f'<send-request mode="new" response-variable-name="r">{IN_XML}</send-request>',
        f"<return-response>{IN_XML}</return-response>",
    ],
)
def test_data_becomes_a_part_of_a_document(policies: str) -> None:
    assert check(inbound(policies), select=ONLY).the("SEC007").severity is Severity.INFO


@pytest.mark.parametrize(
    "policies",
    [
        body(f'new JObject(new JProperty("name", {HEADER})).ToString()'),
        body(f'"{{\\"name\\": " + JsonConvert.SerializeObject({HEADER}) + "}}"'),
        body(f'"{{\\"name\\": " + JsonConvert.ToString({HEADER}) + "}}"'),
        body(f'"{{\\"name\\": \\"" + {HEADER}.Replace("\\"", "\\\\\\"") + "\\"}}"'),
        body(f'"{{\\"count\\": " + int.Parse({HEADER}) + "}}"'),
        body('"{\\"order\\": " + context.Request.Body.As<string>(true) + "}"'),
        body('"{\\"order\\": " + context.Request.Body.As<JObject>(true)["order"].ToString() + "}"'),
        body('"<Envelope><Body>" + context.Request.Body.As<string>(true) + "</Body></Envelope>"'),
        body(f'"<name>" + System.Net.WebUtility.HtmlEncode({HEADER}) + "</name>"'),
        body(f'new XElement("name", {HEADER}).ToString()'),
        body(f'"grant_type=password&user=" + {HEADER}'),
        body(f'"Hello " + {HEADER}'),
        body('"{\\"id\\": \\"" + context.RequestId + context.User?.Id + "\\"}"'),
        body('"{\\"id\\": \\"" + ((IResponse)context.Variables["r"]).Body.As<string>() + "\\"}"'),
        body(HEADER),
        put(HEADER)
        + '<choose><when condition=\'@((string)context.Variables["v"] == "a")\'>'
        + body('"{\\"name\\": \\"" + (string)context.Variables["v"] + "\\"}"')
        + "</when></choose>",
        '<set-body template="liquid">{"name": "{{context.Request.Headers.X-Name}}"}</set-body>',
        "<!-- " + body('"<a>" + ' + HEADER) + " -->",
    ],
)
def test_what_stays_a_value(policies: str) -> None:
    check(inbound(policies), select=ONLY)


def test_the_message_and_the_places_tell_the_way() -> None:
    use = '"<name>" + (string)' + mark('context.Variables["v"]') + ' + "</name>"'
    finding = check(inbound(put(HEADER) + body(use)), select=ONLY).the("SEC007")
    assert finding.message == (
        'The request header "X-Name" becomes a part of XML as it is, through the variable "v": the caller can write '
        "more than a value. Build it with XElement, or encode the value with WebUtility.HtmlEncode."
    )
    assert [place.message for place in finding.related] == [
        'The request header "X-Name" is read here.',
        'It goes into the variable "v" here.',
        "It is used here, by set-body.",
    ]


def test_one_body_is_one_finding() -> None:
    other = 'context.Request.MatchedParameters["id"]'
    text = body(f'"<a><b>" + {M} + "</b><c>" + {other} + "</c></a>"')
    linted = check(inbound(text), select=ONLY)
    place = linted.the("SEC007").related[-1]
    assert linted.files["policy.xml"][slice(*place.span)] == other
    assert place.message == 'The path parameter "id" becomes a part of it too.'
