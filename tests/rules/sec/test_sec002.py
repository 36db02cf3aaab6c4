"""Browsers that may call from anywhere."""

from __future__ import annotations

import pytest

from apim_policy.rules.model import Severity
from support.policies import inbound, message
from support.workspaces import check

ONLY = ["SEC002"]
ANY = "{|SEC002:*|}"


def cors(origin: str, method: str = "GET", header: str = "Accept", credentials: str = "") -> str:
    allow = f' allow-credentials="{credentials}"' if credentials else ""
    return inbound(
        f"<cors{allow}><allowed-origins><origin>{origin}</origin></allowed-origins>"
        f"<allowed-methods><method>{method}</method></allowed-methods>"
        f"<allowed-headers><header>{header}</header></allowed-headers></cors>"
    )


@pytest.mark.parametrize(
    "text",
    [
        cors(ANY, method="*"),
        cors(ANY, header="*"),
        cors(f" {ANY} ", "*", "*", "false"),
        cors(ANY, method="*", credentials="{{c}}"),
    ],
)
def test_everything_is_a_warning(text: str) -> None:
    assert check(text, select=ONLY).the("SEC002").severity is Severity.WARNING


@pytest.mark.parametrize("credentials", ["true", "1", " True "])
def test_credentials_make_it_an_error(credentials: str) -> None:
    assert check(cors(ANY, credentials=credentials), select=ONLY).the("SEC002").severity is Severity.ERROR


@pytest.mark.parametrize(
    "text",
    [
        cors("*"),
        cors("https://example.com", "*", "*", "true"),
        cors("{{origins}}", "*", "*", "true"),
        cors("@(context.Request.Headers.GetValueOrDefault(&quot;Origin&quot;, &quot;&quot;))", "*", "*"),
        inbound("<cors><allowed-origins></allowed-origins></cors>"),
        inbound("<cors />"),
        inbound("<!-- <cors><allowed-origins><origin>*</origin></allowed-origins></cors> -->"),
    ],
)
def test_what_is_named_is_fine(text: str) -> None:
    check(text, select=ONLY)


def test_the_message_names_what_is_open() -> None:
    assert message(cors(ANY, "*", "*"), ONLY) == (
        'Any page may call the API, with every method and every header: "*" allows all origins. List those that need it.'
    )
