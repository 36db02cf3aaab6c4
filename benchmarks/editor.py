"""What completion, hover, signature help and semantic tokens cost in a document of 84 KB.

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
from apim_policy.ide.expressions.cursor import caret_at
from apim_policy.ide.expressions.hover import expression_hover
from apim_policy.ide.expressions.signatures import signatures
from apim_policy.ide.hover_schema import schema_hover
from apim_policy.ide.offers import Surroundings
from apim_policy.ide.semantic_tokens import semantic_tokens
from apim_policy.ide.snippets import plain
from apim_policy.schema.model import load
from apim_policy.syntax.parser import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from apim_policy.syntax.tree import Document

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


EXPRESSIONS = """\
        <set-variable name="step-%(n)d" value="@(context.Request.Headers.GetValueOrDefault("X-Step-%(n)d", "none"))" />
        <choose>
            <when condition="@(context.Response?.StatusCode == %(n)d && context.Variables.ContainsKey("step-%(n)d"))">
                <set-body>@{
                    var body = context.Request.Body?.As<JObject>(preserveContent: true);
                    var names = new List<string>();
                    foreach (var item in body["items"].Where(each => (int)each["n"] > %(n)d))
                    {
                        names.Add($"{item["name"]}: {(string)context.Variables["step-%(n)d"]}".Substring(1));
                    }
                    return new JObject(new JProperty("names", string.Join(", ", names))).ToString();
                }</set-body>
            </when>
        </choose>
"""


def expressions() -> str:
    """A policy document of about 84 KB, most of it C#; no expression is like another."""
    count = SIZE // len(EXPRESSIONS)
    steps = "".join(EXPRESSIONS % {"n": number} for number in range(count))
    return f"<policies>\n    <inbound>\n{steps}    </inbound>\n</policies>\n"


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


CODE_PLACES = {
    "after a dot": r"(?:context|Request|Headers|body|each|names)\??\.",
    "in a value": r"(?:return |== |=> |\()(?=\w)",
    "in the name of a variable": r'Variables(?:\.ContainsKey\(|\[)"',
    "in the name of a header": r'GetValueOrDefault\("',
}


def code_places(text: str, pattern: str) -> list[int]:
    """Offsets in expressions at which an author asks, evenly drawn."""
    found = [match.end() for match in re.finditer(pattern, text)]
    return random.Random(1).sample(found, min(PLACES, len(found)))


def in_expressions() -> None:
    """The same inside expressions: each answer also for a document that was just parsed, as after a keystroke."""
    text = expressions()
    parsing = statistics.median(took(lambda _: parse(text), range(PARSES)))
    tree = parse(text)
    print(f"\n{len(text) / 1024:.0f} KB, {sum(1 for _ in tree.expressions())} expressions")
    print(f"{'parsing':34}{parsing:7.2f} ms")
    for name, pattern in CODE_PLACES.items():
        offsets = code_places(text, pattern)
        show(f"completion {name}", took(lambda at: complete(tree, at, Surroundings()), offsets), parsing)
    names = code_places(text, r"(?<=[.( ])(?=[A-Za-z]{3,20}[.(])")
    show("hover on a name", took(lambda at: expression_hover(tree, at), names), parsing)
    arguments = code_places(text, r"(?:\(|, )(?=\")")
    show("signature help", took(lambda at: signed(tree, at), arguments), parsing)
    show("semantic tokens", took(lambda _: semantic_tokens(tree), range(PARSES)), parsing)
    started = time.perf_counter()
    semantic_tokens(parse(text.replace("names", "words")))
    print(f"{'parsing and tokens, all new':34}{(time.perf_counter() - started) * 1e3:7.2f} ms")


def signed(tree: Document, offset: int) -> object:
    caret = caret_at(tree, offset)
    return signatures(caret) if caret is not None else None


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
    in_expressions()


if __name__ == "__main__":
    main()
