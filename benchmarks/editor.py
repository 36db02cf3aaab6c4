"""What completion and hover cost in a document of 84 KB.

Prints medians and 95th percentiles in milliseconds, and the ratio of the latter to parsing the same text. The tree is
there when an editor asks, as after an edit whose findings were computed; answers are counted with their JSON.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import statistics
import time
from itertools import cycle
from typing import TYPE_CHECKING, Any

from apim_policy.ide.completion import complete
from apim_policy.ide.hover_schema import schema_hover
from apim_policy.ide.offers import Surroundings
from apim_policy.ide.snippets import plain
from apim_policy.schema.model import load
from apim_policy.syntax.parser import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SIZE = 84 * 1024
PLACES = 300
PARSES = 20
RUNS = 3


def document() -> str:
    """A policy document of about 84 KB: every policy that inbound may hold, again and again."""
    model = load()
    policies = [model.policy(name) for name in model.policy_names]
    snippets = [
        plain(policy.snippet)
        for policy in policies
        if policy is not None and policy.listed and (not policy.sections or "inbound" in policy.sections)
    ]
    pieces: list[str] = []
    length = 0
    for number, snippet in enumerate(cycle(snippets)):
        if length >= SIZE:
            break
        indented = "        " + snippet.replace("\n", "\n        ")
        pieces.append(f"        <!-- step {number} -->\n{indented}\n")
        length += len(pieces[-1])
    return f"<policies>\n    <inbound>\n{''.join(pieces)}    </inbound>\n</policies>\n"


def took(action: Callable[[int], object], arguments: Sequence[int]) -> list[float]:
    """Milliseconds of each call: the shortest of a few, so that what else the machine does is left out."""
    times = []
    for argument in arguments:
        best = float("inf")
        for _ in range(RUNS):
            started = time.perf_counter()
            action(argument)
            best = min(best, time.perf_counter() - started)
        times.append(best * 1e3)
    return times


def show(name: str, times: Sequence[float], parsing: float) -> None:
    high = statistics.quantiles(times, n=20)[-1]
    print(
        f"{name:34}{statistics.median(times):7.2f} ms  p95 {high:7.2f} ms  {high / parsing:5.2f} times parsing"
    )


def places(text: str) -> dict[str, list[int]]:
    """Offsets at which an author asks, by what is asked for; evenly drawn from the whole text."""
    drawn = random.Random(1)
    patterns = {
        "between policies": r"\n {8}(?=<!--)",
        "in a name": r"\n {8}<[a-z]{3}",
        "between attributes": r'" (?=\w)',
        "in a value": r'\w="',
    }
    found = {
        name: [match.end() for match in re.finditer(pattern, text)] for name, pattern in patterns.items()
    }
    return {name: drawn.sample(offsets, min(PLACES, len(offsets))) for name, offsets in found.items()}


async def served(text: str, asked: dict[str, list[int]], parsing: float) -> None:
    """The same through the protocol's types, without the pipe."""
    from lsprotocol import converters, types

    from apim_policy.lsp.client import Opening, read_client
    from apim_policy.lsp.completion import as_list
    from apim_policy.lsp.server import PolicyServer

    converter = converters.get_converter()
    server = PolicyServer()
    item: dict[str, Any] = {
        "snippetSupport": True,
        "insertReplaceSupport": True,
        "documentationFormat": ["markdown"],
        "resolveSupport": {"properties": ["documentation"]},
        "labelDetailsSupport": True,
    }
    client = read_client(
        {
            "textDocument": {
                "completion": {
                    "completionItem": item,
                    "completionList": {"itemDefaults": ["editRange", "insertTextFormat"]},
                }
            }
        }
    )
    opening = Opening(client, (), None)
    server.initialize(opening)
    server.start(opening)
    server.opened(types.TextDocumentItem("untitled:large", "apim-policy", 1, text))
    opened = server.documents.get("untitled:large")
    assert opened is not None
    tree = server.session.tree(opened)
    assert tree is not None

    def answer(offset: int) -> None:
        found = complete(tree, offset, Surroundings())
        json.dumps(converter.unstructure(as_list(server, opened, found)))

    for name, offsets in asked.items():
        show(f"completion {name}, with JSON", took(answer, offsets), parsing)


def main() -> None:
    text = document()
    parsing = statistics.median(took(lambda _: parse(text), range(PARSES)))
    tree = parse(text)
    print(f"{len(text) / 1024:.0f} KB, {sum(1 for _ in tree.root.walk()) if tree.root else 0} elements")
    print(f"{'parsing':34}{parsing:7.2f} ms")
    asked = places(text)
    complete(tree, 0, Surroundings())
    for name, offsets in asked.items():
        show(f"completion {name}", took(lambda at: complete(tree, at, Surroundings()), offsets), parsing)
    for name in ("in a name", "in a value"):
        show(f"hover {name}", took(lambda at: schema_hover(tree, at), asked[name]), parsing)
    asyncio.run(served(text, asked, parsing))


if __name__ == "__main__":
    main()
