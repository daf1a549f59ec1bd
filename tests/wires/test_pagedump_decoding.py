"""Bytes are read as what they are, or refused with what they look like and what to do."""

import codecs

import pytest

from stoppress.wires.errors import (
    Binary,
    Empty,
    Markup,
    TooLarge,
    TooManyLines,
    WireError,
    WrongEncoding,
)
from stoppress.wires.pagedump import MAX_BYTES, decode
from tests.wires.dumps import FIXTURES

GERMAN = (FIXTURES / "german__von_und_meistgelesen.txt").read_text(encoding="utf-8")
RUSSIAN = (FIXTURES / "russian__nazad.txt").read_text(encoding="utf-8")
ARABIC = (FIXTURES / "arabic__mundhu_wa_bi_qalam.txt").read_text(encoding="utf-8")
CHINESE = (FIXTURES / "chinese__zuozhe_yuedu.txt").read_text(encoding="utf-8")
JAPANESE = (FIXTURES / "japanese__saishu_koushin.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-marked", "utf-16-be-marked"]
)
@pytest.mark.parametrize("text", [GERMAN, RUSSIAN, ARABIC, CHINESE], ids=["de", "ru", "ar", "zh"])
def test_unicode_is_read_and_its_mark_dropped(text, encoding):
    marks = {"utf-16-le-marked": codecs.BOM_UTF16_LE, "utf-16-be-marked": codecs.BOM_UTF16_BE}
    mark = marks.get(encoding, b"")
    assert decode(mark + text.encode(encoding.removesuffix("-marked"))) == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_told_by_its_zero_bytes(encoding):
    assert decode(GERMAN.encode(encoding)) == GERMAN


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        (GERMAN.replace("„", '"').replace("“", '"'), "latin-1", "CP125"),
        (GERMAN, "cp1252", "CP125"),
        (RUSSIAN, "cp1251", "CP1251"),
        (RUSSIAN.translate({0xAB: '"', 0xBB: '"', 0x2014: "-"}), "koi8-r", "KOI8-R"),
        (ARABIC.translate(dict.fromkeys(range(0x0660, 0x066A), "1")), "cp1256", "CP1256"),
        (CHINESE, "gb18030", "GB18030"),
        (JAPANESE, "shift_jis", "SHIFT-JIS"),
    ],
)
def test_another_encoding_is_named_with_the_way_to_convert_it(text, encoding, named):
    with pytest.raises(WrongEncoding, match="not UTF-8") as refused:
        decode(text.encode(encoding))
    assert f"iconv -f {named}" in str(refused.value)


def test_the_byte_and_line_that_can_not_be_read_are_named():
    with pytest.raises(WrongEncoding, match=r"byte 9 \(line 2\)"):
        decode(b"First\nAt\xe9lier")


def test_utf_32_is_named():
    with pytest.raises(WrongEncoding, match="UTF-32"):
        decode(codecs.BOM_UTF32_LE + "Text".encode("utf-32-le"))


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", Empty),
        (b" \n\t\r\n", Empty),
        (codecs.BOM_UTF8, Empty),
        ("\u3000\n".encode(), Empty),
        (b"%PDF-1.7 and so on", Binary),
        (b"\x89PNG\r\n\x1a\n", Binary),
        (b"PK\x03\x04 an office document", Binary),
        (b"text\x00text", Binary),
        (bytes(range(1, 32)) * 40, Binary),
        (b"\xff\xfe\x00", Binary),
        ("a\x00b".encode("utf-16"), Binary),
        (b"<!DOCTYPE html><html><body>Story", Markup),
        (b'<?xml version="1.0"?>\n<html>', Markup),
        (b"a" * (MAX_BYTES + 1), TooLarge),
        (b"a\n" * 20_001, TooManyLines),
        (b"a\r" * 20_001, TooManyLines),
    ],
)
def test_what_is_no_text_of_a_page_is_refused(data, fault):
    with pytest.raises(fault):
        decode(data)


def test_the_limit_is_said():
    with pytest.raises(TooLarge, match=r"5,000,001 bytes; .* 5,000,000 \(5 MB\)"):
        decode(b"a" * (MAX_BYTES + 1))


def test_an_error_is_one_of_the_family():
    assert all(issubclass(f, WireError) for f in (Binary, Empty, Markup, TooLarge, WrongEncoding))
