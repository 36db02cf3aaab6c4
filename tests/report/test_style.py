"""Colour and links go where they are understood."""

from __future__ import annotations

import io

import pytest

from apim_policy.report.style import Style, printable, style_of


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "style"),
    [
        (Terminal(), {}, Style(colour=True, links=True)),
        (io.StringIO(), {}, Style()),
        (Terminal(), {"NO_COLOR": "1"}, Style()),
        (Terminal(), {"NO_COLOR": ""}, Style(colour=True, links=True)),
        (Terminal(), {"CI": "true"}, Style()),
        (Terminal(), {"CI": "false"}, Style(colour=True, links=True)),
        (Terminal(), {"TERM": "dumb"}, Style()),
        (io.StringIO(), {"FORCE_COLOR": "1"}, Style(colour=True)),
        (io.StringIO(), {"FORCE_COLOR": "1", "CI": "1"}, Style(colour=True)),
        (io.StringIO(), {"FORCE_COLOR": "0"}, Style()),
        (io.StringIO(), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, Style()),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else type(value).__name__,
)
def test_environment_and_stream_decide(stream: io.StringIO, environment: dict[str, str], style: Style):
    assert style_of(stream, environment) == style


def test_what_steers_a_terminal_is_replaced_character_by_character():
    assert printable("a\x1b\n\t\x7f\x85\u2028\u202e\ud800b") == "a␛␊␉␡\ufffd\ufffd\ufffd\ufffdb"
