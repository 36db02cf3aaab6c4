"""What a secret looks like."""

from __future__ import annotations

import pytest

from apim_policy.rules.secrets import find, is_password, is_random, is_sample, shown

KEY = "qV9bT2mZk7Ws4Rf8Lp3XyH6NdJ0cGu5E1aOiBzQwMtKv"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"AccountKey={KEY}=", f"{KEY}="),
        (f"https://a.example.com/b?sv=1&sig={KEY}", KEY),
        (f"https://a.example.com/api?code={KEY}", KEY),
        (f"client_secret={KEY}&scope=x", KEY),
        (f'"api_key": "{KEY}"', KEY),
        (f'\\"apiKey\\": \\"{KEY}\\"', KEY),
        (f"password=&quot;{'Tr0ub4dor-3'}&quot;", "Tr0ub4dor-3"),
        ("AKIAIOSFODNN7QRSTUVW", "AKIAIOSFODNN7QRSTUVW"),
        ("Basic YWRtaW46aHVudGVyMiE=", "YWRtaW46aHVudGVyMiE="),
    ],
)
def test_secrets_are_found_without_what_names_them(text: str, secret: str) -> None:
    found = {text[slice(*each.span)] for each in find(text)}
    assert found == {secret}


@pytest.mark.parametrize(
    "text",
    [
        "eyJ" * 50_000,
        "sig=" * 50_000,
        "password=" * 30_000,
        "AccountKey=" + "a" * 100_000,
        "-----BEGIN " + "A" * 100_000,
        "Basic " + "A" * 100_001,
        "client_secret={{client-secret}}",
        "password: at least 8 characters",
    ],
)
def test_what_only_begins_like_a_secret(text: str) -> None:
    assert list(find(text)) == []


@pytest.mark.parametrize("value", [KEY, "a3f8e1b2c4d65079b1c2e8f40d97a65e", "b6Z8Q~CJn4myB0.3t-9pFJ5P1p4"])
def test_keys_have_disorder(value: str) -> None:
    assert is_random(value)


@pytest.mark.parametrize(
    "value",
    [
        "short1",
        "orders-by-customer-v1-eu-2024",
        "correcthorsebatterystaple",
        "b3f2a1c4-5d6e-4f70-8a9b-0c1d2e3f4a5b",
        "https://example.com/a1b2c3d4e5f6",
        "12345678901234567890",
        "{{named-value-1234567}}",
        "__KEY_OF_BACKEND_1__2",
    ],
)
def test_words_numbers_and_ids_have_none(value: str) -> None:
    assert not is_random(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("P@ssw0rd", True),
        ("hunter2", True),
        ("required", False),
        ("anna@example.com", False),
        ("{{p}}1", False),
    ],
)
def test_passwords_are_more_than_a_word(value: str, expected: bool) -> None:
    assert is_password(value) is expected


@pytest.mark.parametrize(
    "value", ["your-key", "xxx", "aaaa", "<key>", "example-key", "CHANGE_ME", "my-api-key"]
)
def test_samples_stand_for_a_secret(value: str) -> None:
    assert is_sample(value)


def test_what_is_shown_is_too_little_to_use() -> None:
    assert shown(KEY) == "qV9…"
