from __future__ import annotations

import tomllib

from apim_policy.workspace.toml_positions import key_spans

TEXT = '''\
# [no] table = 1
profile = "default"  # x = 1
ignore = ["A", # ]
  'b]"',
]
"quoted key" = []
[gateway]
type = "v2"
a.b . "c" = 1.5
date = 1979-05-27T07:32:00Z
[ rules ]
SEC003 = "error"
[per-file]
"samples/**" = { ignore = ["SEC"], deep = {x = 1} }
[placeholders]
patterns = ["""
[not.a.table]
k = 1""", \'\'\'x\'\'\', 'd']
[[document]]
path = "a"
[[document]]
path = "b"
tools-from = ["x", "y"]
[document.sub]
z = 1
'''


def quoted(*keys: str | int) -> str:
    return TEXT[slice(*key_spans(TEXT)[keys])]


def test_every_key_and_element_has_its_place() -> None:
    def check(value: object, keys: tuple[str | int, ...]) -> None:
        assert not keys or keys in spans, keys
        for key, inner in (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        ):
            check(inner, (*keys, key))

    spans = key_spans(TEXT)
    check(tomllib.loads(TEXT), ())


def test_places_are_exact() -> None:
    assert quoted("ignore") == "ignore"
    assert quoted("ignore", 1) == "'b]\"'"
    assert quoted("quoted key") == '"quoted key"'
    assert quoted("gateway") == "[gateway]"
    assert quoted("gateway", "a", "b", "c") == '"c"'
    assert quoted("rules", "SEC003") == "SEC003"
    assert quoted("per-file", "samples/**", "ignore", 0) == '"SEC"'
    assert quoted("per-file", "samples/**", "deep", "x") == "x"
    assert quoted("placeholders", "patterns", 2) == "'d'"
    assert quoted("document", 1) == "[[document]]"
    assert key_spans(TEXT)["document", 1].start > key_spans(TEXT)["document", 0, "path"].start
    assert quoted("document", 1, "tools-from", 1) == '"y"'
    assert quoted("document", 1, "sub", "z") == "z"


def test_an_empty_text_has_no_keys() -> None:
    assert key_spans("") == {}
    assert key_spans("# only a comment") == {}
