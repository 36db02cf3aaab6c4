"""Cutting a stream into messages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from apim_policy.lsp.framing import Framer, FramingError


def frame(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


@given(st.lists(st.binary(max_size=40), max_size=5), st.data())
def test_messages_survive_any_cutting(bodies: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(map(frame, bodies))
    framer = Framer()
    found = []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        found += framer.feed(stream[:size])
        stream = stream[size:]
    assert found == bodies


@given(st.binary(min_size=1, max_size=60).filter(lambda noise: b"c" not in noise.lower()), st.integers(1, 7))
def test_a_message_is_found_behind_any_noise(noise: bytes, size: int) -> None:
    stream = noise + b"\r\n\r\n" + frame(b"{}")
    framer = Framer()
    found = [
        item for start in range(0, len(stream), size) for item in framer.feed(stream[start : start + size])
    ]
    assert found[-1] == b"{}"
    assert all(isinstance(item, FramingError) for item in found[:-1])


def test_noise_without_end_is_not_kept() -> None:
    framer = Framer()
    for _ in range(100):
        framer.feed(b"x" * 1000)
    assert framer.feed(frame(b"1"))[-1] == b"1"
