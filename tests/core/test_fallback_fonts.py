"""Names in any script, printed and read back: no box in place of a letter, no letter lost, nothing beyond the page, nothing left behind."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import outloud
import pikepdf
import pytest
from fontTools.ttLib import TTFont

from assess.core import fallback_fonts, pdf_tagging
from assess.core.fallback_fonts import fallback_faces, is_plain
from assess.core.fonts import cache_folder
from assess.core.pdf import html_to_pdf
from tests.any_script import LONG_WORD, NAMES, read_text

PLAIN = "Șoseaua 12, Жълтият щъркел, “£8.00” – 45 × 2 = 90, 08000 121 700, Ελληνικά, Tiếng Việt"


def a_page(body: str) -> str:
    style = "<style>@page { size: A4; margin: 15mm } html { font: 12pt 'Noto Sans' }"
    style += " table { table-layout: fixed; width: 100% }</style>"
    return f'<html lang="en-GB"><head><title>t</title>{style}</head><body><h1>t</h1>{body}</body></html>'


@pytest.mark.parametrize("script", NAMES)
def test_a_name_comes_back_letter_by_letter_and_the_same_twice(script: str, tmp_path: Path) -> None:
    name = NAMES[script]
    html = a_page(f"<p>For {name} and others</p><p><strong>{name}</strong></p>")
    made = html_to_pdf(html)
    path = tmp_path / "name.pdf"
    path.write_bytes(made)
    heard = outloud.check(str(path))
    assert (heard.error, heard.errors) == (None, 0)
    said = read_text(path)
    assert said.count(name) == 2
    assert "For" in said
    assert html_to_pdf(html) == made
    with pikepdf.open(path) as file:
        faces = {str(font.BaseFont).split("+")[1] for font in file.pages[0].Resources.Font.values()}
    assert len(faces) == (2 if script in {"Cyrillic", "accents apart"} else 4), faces


def test_a_glyph_that_stood_for_other_letters_before_is_read_as_what_it_is(tmp_path: Path) -> None:
    """Of one face: the same base with other dots, and a vowel that is drawn before its consonant."""
    words = ("باب", "تين", "ثوب", "نبات", "कि", "क", "की", "कि", "কি", "ক", "কো")
    path = tmp_path / "words.pdf"
    path.write_bytes(html_to_pdf(a_page("".join(f"<p>{word}</p>" for word in words))))
    assert read_text(path).split()[1:] == list(words)


def test_a_long_word_goes_on_in_the_next_line(monkeypatch: pytest.MonkeyPatch) -> None:
    boxes: list[Any] = []
    mend = pdf_tagging.fix_tags

    def look(document: Any, pdf: Any, **more: Any) -> None:
        boxes.extend(box for page in document.pages for box in page._page_box.descendants() if getattr(box, "text", ""))
        mend(document, pdf, **more)

    monkeypatch.setattr(pdf_tagging, "fix_tags", look)
    html_to_pdf(a_page(f"<h2>{LONG_WORD}</h2><table><tr><td>{LONG_WORD}</td><td>12.50</td></tr></table>"))
    assert max(box.position_x + box.width for box in boxes) <= 195 / 25.4 * 96 + 0.1
    assert "12.50" in {box.text for box in boxes}, "no number is cut"


def test_what_is_written_with_the_two_faces_of_every_page_needs_no_other() -> None:
    assert is_plain(PLAIN)
    with fallback_faces(PLAIN) as faces:
        assert faces == ()


@pytest.mark.parametrize("name", fallback_fonts._SCRIPTS)
def test_each_face_has_letters_that_call_for_it(name: str) -> None:
    from manimgx_fonts import __file__ as package  # noqa: PLC0415  # only here

    letters = map(
        chr, TTFont(io.BytesIO(Path(package).with_name(f"{name}[wght].ttf").read_bytes()), lazy=True).getBestCmap()
    )
    called = [letter for letter in letters if re.search(f"[{fallback_fonts._SCRIPTS[name]}]", letter)]
    assert len(called) > 20
    assert not any(is_plain(letter) for letter in called)


def files_below(folder: Path) -> Iterator[bytes]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.read_bytes()


def test_a_name_in_han_leaves_no_trace_in_the_cache() -> None:
    letters = "龘靐齉"
    with fallback_faces(letters) as faces:
        regular, bold = faces
        assert Path(regular).read_bytes() != Path(bold).read_bytes()
        assert {chr(code) for code in TTFont(io.BytesIO(Path(regular).read_bytes())).getBestCmap()} == set(letters)
    html_to_pdf(a_page(f"<p>{letters}</p>"))
    assert not any(
        letters.encode(coding) in content
        for content in files_below(cache_folder())
        for coding in ("utf-8", "utf-16-be")
    )
    assert not any(path.name.startswith(("NotoSansCJK", "face")) for path in cache_folder().rglob("*"))


def test_the_file_of_such_a_face_is_gone_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    for in_memory in (True, False):
        if not in_memory:
            monkeypatch.delattr("os.memfd_create")
        with fallback_faces("有限") as faces:
            assert all(Path(face).exists() for face in faces)
        assert not any(Path(face).exists() for face in faces)


def test_the_child_prints_such_names_too(tmp_path: Path) -> None:
    html = a_page("".join(f"<p>{name}</p>" for name in NAMES.values()))
    from assess.core.documents.printing import render_pdf  # noqa: PLC0415  # only here

    path = tmp_path / "all.pdf"
    path.write_bytes(render_pdf(html))
    assert path.read_bytes() == html_to_pdf(html)
    assert all(name in read_text(path) for name in NAMES.values())
    assert (
        subprocess.run(["pdffonts", str(path)], capture_output=True, check=True).stdout.count(b"yes yes yes")
        >= len(NAMES) - 3
    )
