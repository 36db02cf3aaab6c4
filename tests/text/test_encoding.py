from __future__ import annotations

import pytest

from apim_policy.text.encoding import UTF8, UndecodableError, decode

TEXT = '<policies note="naïve 😀" />\r\n'


@pytest.mark.parametrize(
    ("data", "codec", "bom"),
    [
        (TEXT.encode("utf-8"), "utf-8", b""),
        (b"\xef\xbb\xbf" + TEXT.encode("utf-8"), "utf-8", b"\xef\xbb\xbf"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16-le", b"\xff\xfe"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be", b"\xfe\xff"),
        (TEXT.encode("utf-16-le"), "utf-16-le", b""),
        (TEXT.encode("utf-16-be"), "utf-16-be", b""),
    ],
    ids=[
        "utf-8",
        "utf-8 with mark",
        "utf-16-le",
        "utf-16-be",
        "utf-16-le without mark",
        "utf-16-be without mark",
    ],
)
def test_a_file_is_read_and_written_back_byte_for_byte(data: bytes, codec: str, bom: bytes) -> None:
    text, encoding = decode(data)
    assert text == TEXT
    assert (encoding.codec, encoding.bom) == (codec, bom)
    assert encoding.encode(text) == data


def test_an_empty_file_is_an_empty_text() -> None:
    assert decode(b"") == ("", UTF8)


@pytest.mark.parametrize(
    ("data", "offset", "message"),
    [
        (b"<value>\xe9</value>", 7, "byte 7 does not fit UTF-8"),
        (b"\xef\xbb\xbf<a>\xff", 6, "byte 6 does not fit UTF-8"),
        (b"\xff\xfe<\x00a\x00\x00\xd8<\x00", 6, "byte 6 does not fit UTF-16"),
        (b"\xff\xfe<\x00a", 4, "byte 4 does not fit UTF-16"),
    ],
    ids=["latin-1", "after a mark", "half a pair", "odd length"],
)
def test_bytes_that_are_no_text_are_refused_with_their_place(data: bytes, offset: int, message: str) -> None:
    with pytest.raises(UndecodableError, match=message) as caught:
        decode(data)
    assert caught.value.offset == offset
