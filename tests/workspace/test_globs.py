from __future__ import annotations

import pytest

from apim_policy.workspace.globs import compile_glob


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("policy.xml", "policy.xml", True),
        ("policy.xml", "apis/policy.xml", False),
        ("mcp/*/policy.xml", "mcp/a/policy.xml", True),
        ("mcp/*/policy.xml", "mcp/a/b/policy.xml", False),
        ("mcp/**/policy.xml", "mcp/policy.xml", True),
        ("mcp/**/policy.xml", "mcp/a/b/policy.xml", True),
        ("**/policy.xml", "policy.xml", True),
        ("mcp/**", "mcp/a/b.xml", True),
        ("mcp/", "mcp/a/b.xml", True),
        ("mcp/*", "mcp/a/b.xml", False),
        ("?.xml", "a.xml", True),
        ("?.xml", "ab.xml", False),
        ("[ab].xml", "b.xml", True),
        ("[!ab].xml", "b.xml", False),
        ("[a-c].xml", "b.xml", True),
        ("[c-a].xml", "-.xml", True),
        ("[", "[", True),
        ("a+(b).xml", "a+(b).xml", True),
        ("apis/test;rev=2/policy.xml", "apis/test;rev=2/policy.xml", True),
        ("a.xml", "axxml", False),
        ("A.xml", "a.xml", False),
    ],
)
def test_an_anchored_pattern_speaks_of_whole_paths(pattern: str, path: str, fits: bool) -> None:
    assert bool(compile_glob(pattern, anchored=True).match(path)) is fits


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("policy.xml", "apis/a/policy.xml", True),
        ("samples", "samples/a/b.xml", True),
        ("samples", "a/samples/b.xml", True),
        ("samples/", "samples/b.xml", True),
        ("samples/", "samples", False),
        ("samples/**", "samples/a/b.xml", True),
        ("samples/**", "a/samples/b.xml", False),
        ("/samples", "a/samples/b.xml", False),
        ("*.gen.xml", "a/b.gen.xml", True),
        ("sample", "samples/b.xml", False),
    ],
)
def test_other_patterns_work_as_in_a_gitignore(pattern: str, path: str, fits: bool) -> None:
    assert bool(compile_glob(pattern, anchored=False).match(path)) is fits
