"""The progress bar of long runs."""

from __future__ import annotations

import io

import pytest

from apim_policy.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def outside_pipelines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)


def test_it_shows_rate_and_remaining_time_after_a_second() -> None:
    stream, clock = Terminal(), Clock()
    progress = Progress(12_000, stream, clock)
    clock.now += 0.9
    progress.advance(500)
    assert stream.getvalue() == ""
    clock.now += 1.1
    progress.advance(2_500)
    assert stream.getvalue() == (
        "\rChecking ━━━━━━────────────────── 3,000 of 12,000 documents · 1,500 a second · 6 s left\x1b[K"
    )


def test_it_is_drawn_ten_times_a_second_at_most() -> None:
    stream, clock = Terminal(), Clock()
    progress = Progress(1_000, stream, clock)
    clock.now += 2
    for _ in range(100):
        clock.now += 0.01
        progress.advance(1)
    assert 9 <= stream.getvalue().count("\r") <= 11


def test_long_times_are_told_in_minutes() -> None:
    stream, clock = Terminal(), Clock()
    progress = Progress(10_000, stream, clock)
    clock.now += 10
    progress.advance(100)
    assert "· 10 a second · 16 min 30 s left" in stream.getvalue()


def test_it_is_gone_at_the_end() -> None:
    stream, clock = Terminal(), Clock()
    progress = Progress(10, stream, clock)
    clock.now += 2
    progress.advance(5)
    progress.end()
    progress.end()
    assert stream.getvalue().endswith("\x1b[K\r\x1b[K")
    assert stream.getvalue().count("\r") == 2


def test_a_run_that_is_quick_shows_nothing() -> None:
    stream, clock = Terminal(), Clock()
    progress = Progress(10, stream, clock)
    progress.advance(10)
    progress.end()
    assert stream.getvalue() == ""


@pytest.mark.parametrize("pipeline", [True, False])
def test_logs_and_pipelines_see_nothing(pipeline: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if pipeline:
        monkeypatch.setenv("CI", "true")
    stream, clock = Terminal() if pipeline else io.StringIO(), Clock()
    progress = Progress(10, stream, clock)
    clock.now += 5
    progress.advance(5)
    progress.end()
    assert stream.getvalue() == ""
