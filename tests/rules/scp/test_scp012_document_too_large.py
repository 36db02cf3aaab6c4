"""Documents beyond the size that the service takes."""

from __future__ import annotations

import pytest

from support.workspaces import lint

ONLY = ["SCP012"]


def of(kib: int, root: str = "policies") -> str:
    inner = f"<set-body>{'é' * (kib * 512)}</set-body>"
    return (
        f"<{root}><inbound>{inner}</inbound></{root}>" if root == "policies" else f"<{root}>{inner}</{root}>"
    )


CONSUMPTION = '[gateway]\ntype = "consumption"\n'


@pytest.mark.parametrize(
    ("text", "settings", "words"),
    [
        (of(256), "", "at most 256 KiB, and this one has 257 KiB"),
        (of(16), CONSUMPTION, "at most 16 KiB, and this one has 17 KiB"),
        (of(32, "fragment"), "", "at most 32 KiB, and this one has 33 KiB"),
    ],
)
def test_too_large(text: str, settings: str, words: str) -> None:
    finding = lint({"policy.xml": text, "apim-policy.toml": settings}, select=ONLY).the("SCP012")
    assert words in finding.message


@pytest.mark.parametrize(
    ("text", "settings"),
    [(of(255), ""), (of(15), CONSUMPTION), (of(31, "fragment"), ""), (of(40), "")],
)
def test_small_enough(text: str, settings: str) -> None:
    assert not lint({"policy.xml": text, "apim-policy.toml": settings}, select=ONLY).all


@pytest.mark.parametrize(
    "policies",
    [
        f"<set-body>{'${part}' * 50_000}</set-body>",
        f"%{{ if large }}<set-body>{'a' * 300_000}</set-body>%{{ endif }}",
    ],
)
def test_what_a_template_may_take_away_does_not_count(policies: str) -> None:
    text = f"<policies><inbound>{policies}</inbound></policies>"
    assert not lint(text, select=ONLY).all


def test_a_placeholder_in_a_large_document_does_not_hide_it() -> None:
    policy = f'<set-variable name="${{name}}" value="{"a" * 300_000}" />'
    text = f"<policies><inbound>{policy}</inbound></policies>"
    assert lint(text, select=ONLY).codes() == {"SCP012": 1}


def test_the_root_is_marked() -> None:
    linted = lint(of(256), select=ONLY)
    assert linted.quoted(linted.the("SCP012")) == "policies"
