"""Checks of tokens that let too much through."""

from __future__ import annotations

import pytest

from apim_policy.rules.model import Severity
from support.policies import inbound, message
from support.workspaces import check

ONLY = ["SEC004"]
OPENID = '<openid-config url="https://login.example.com/.well-known/openid-configuration" />'
KEYS = "<issuer-signing-keys><key>{{key}}</key></issuer-signing-keys>"
AUDIENCES = "<audiences><audience>{{audience}}</audience></audiences>"
MARKED = "{|SEC004:validate-jwt|}"


def jwt(content: str, attributes: str = "", name: str = "validate-jwt") -> str:
    return inbound(f'<{name} header-name="Authorization" {attributes}>{content}</validate-jwt>')


def claims(*names: str) -> str:
    listed = "".join(f'<claim name="{name}"><value>v</value></claim>' for name in names)
    return f"<required-claims>{listed}</required-claims>"


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        (jwt(OPENID, name=MARKED), Severity.WARNING),
        (jwt(OPENID + claims("roles", "scp"), name=MARKED), Severity.WARNING),
        (jwt(OPENID + "<audiences></audiences>", name=MARKED), Severity.WARNING),
        (jwt(OPENID + "<!-- " + AUDIENCES + " -->", name=MARKED), Severity.WARNING),
        (jwt(KEYS, name=MARKED), Severity.INFO),
        (jwt(KEYS + OPENID, name=MARKED), Severity.WARNING),
        (jwt(AUDIENCES, name=MARKED), Severity.WARNING),
        (jwt(OPENID + AUDIENCES, '{|SEC004:require-signed-tokens="false"|}'), Severity.WARNING),
        (jwt(OPENID + AUDIENCES, '{|SEC004:require-expiration-time="false"|}'), Severity.WARNING),
        (
            inbound('<{|SEC004:validate-azure-ad-token|} tenant-id="{{t}}" header-name="Authorization" />'),
            Severity.WARNING,
        ),
    ],
)
def test_a_weak_check(text: str, severity: Severity) -> None:
    assert check(text, select=ONLY).the("SEC004").severity is severity


@pytest.mark.parametrize(
    "text",
    [
        jwt(OPENID + AUDIENCES),
        jwt(OPENID + claims("aud")),
        jwt(OPENID + claims("roles", "appid")),
        jwt(OPENID + claims("azp")),
        jwt(OPENID + claims("{{claim}}")),
        jwt("<issuers><issuer>i</issuer></issuers>" + AUDIENCES),
        jwt(OPENID + AUDIENCES, 'require-signed-tokens="true" require-expiration-time="{{e}}"'),
        jwt(OPENID + "<audiences>${audiences}</audiences>"),
        jwt(OPENID + "%{ if x }" + AUDIENCES + "%{ endif }"),
        inbound(
            '<validate-azure-ad-token tenant-id="{{t}}"><client-application-ids><application-id>{{a}}</application-id>'
            "</client-application-ids></validate-azure-ad-token>"
        ),
        inbound(
            f'<validate-azure-ad-token tenant-id="{{{{t}}}}">{claims("roles")}</validate-azure-ad-token>'
        ),
    ],
)
def test_a_sound_check(text: str) -> None:
    check(text, select=ONLY)


def test_the_message_says_what_is_let_through() -> None:
    assert message(jwt(OPENID, name=MARKED), ONLY) == (
        "This accepts every token of the issuer, whichever application it is meant for. Add audiences, or require the "
        "claim aud, azp or appid."
    )
    assert message(jwt(OPENID + AUDIENCES, '{|SEC004:require-signed-tokens="false"|}'), ONLY) == (
        'require-signed-tokens is off: anyone can write a token. Set it to "true", or leave it out.'
    )
