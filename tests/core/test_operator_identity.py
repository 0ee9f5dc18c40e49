"""Name, colour, logo and person of the network that runs an installation: what is taken, what stops the start, where it shows."""

from __future__ import annotations

import base64
import io
import struct
import subprocess
from pathlib import Path

import pikepdf
import pytest
from lxml.html import document_fromstring

from assess.app import create_app, prepare
from assess.core.config import BadSettingsError, Settings
from assess.core.db import database
from assess.core.operator_identity import INK, MAX_LOGO_BYTES, TEAL, contrast_on_white, darker, with_identity
from assess.core.pdf import html_to_pdf
from assess.plans.copies import Copy
from assess.plans.print_html import copy_html
from tests.conftest import Visitor
from tests.plans.records import scenario

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">{}</svg>'
GOOD = SVG.format('<defs><path id="a" d="M0 0h9v9z"/></defs><use xlink:href="#a" fill="url(#b)" style="stroke:#123"/>')


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + b"rest"


def settings_with(folder: Path, **operator: str) -> Settings:
    return Settings(env="development", data_folder=folder, operator_name="Fenland Network", **operator)  # type: ignore[arg-type]  # words alone


def test_a_light_colour_gives_way_to_ink_and_a_dark_one_is_kept(tmp_path: Path) -> None:
    assert contrast_on_white("#000000") == pytest.approx(21)
    assert contrast_on_white("#595959") == pytest.approx(7.0, abs=0.02)
    assert settings_with(tmp_path, operator_colour="#4B0F5A").operator_identity.colour == "#4b0f5a"
    light = settings_with(tmp_path, operator_colour="#c2185b").operator_identity
    assert (light.colour, light.refused_colour) == (INK, "#c2185b")
    assert settings_with(tmp_path).operator_identity.refused_colour is None
    assert contrast_on_white(TEAL) >= 7
    assert contrast_on_white(INK) >= 7


@pytest.mark.parametrize("colour", ["teal", "#12345", "0b4f4a", "#0b4f4a;}", "#ggg000"])
def test_a_colour_that_is_none_stops_the_start(tmp_path: Path, colour: str) -> None:
    with pytest.raises(BadSettingsError, match="ASSESS_OPERATOR_COLOUR"):
        settings_with(tmp_path, operator_colour=colour)


def test_words_of_nobody_stop_the_start(tmp_path: Path) -> None:
    with pytest.raises(BadSettingsError, match="ASSESS_OPERATOR_PERSON_SAYS"):
        settings_with(tmp_path, operator_person_says="Ring me.")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"<html/>",
        b"<svg/>",
        png(2001, 10),
        png(0, 10),
        GOOD.encode() + b" " * MAX_LOGO_BYTES,
        SVG.format("<script>alert(1)</script>").encode(),
        SVG.format("<foreignObject/>").encode(),
        SVG.format('<path onload="alert(1)"/>').encode(),
        SVG.format('<a xlink:href="javascript:alert(1)"/>').encode(),
        SVG.format('<image href="https://elsewhere.example/a.png"/>').encode(),
        SVG.format('<use href="other.svg#a"/>').encode(),
        SVG.format("<style>@import 'a.css';</style>").encode(),
        SVG.format('<path style="fill:url(https://elsewhere.example)"/>').encode(),
        SVG.format("<path fill=\"url( 'https://elsewhere.example')\"/>").encode(),
        b"<?xml-stylesheet href='a.css'?>" + GOOD.encode(),
        b'<!DOCTYPE svg [<!ENTITY a "b">]>' + GOOD.encode(),
    ],
)
def test_a_logo_that_is_none_runs_or_fetches_something_stops_the_start(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "logo"
    file.write_bytes(content)
    with pytest.raises(BadSettingsError, match=r"^ASSESS_OPERATOR_LOGO "):
        settings_with(tmp_path, operator_logo=str(file))


def test_a_logo_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(BadSettingsError, match="ASSESS_OPERATOR_LOGO cannot be read"):
        settings_with(tmp_path, operator_logo=str(tmp_path / "none.svg"))


@pytest.mark.parametrize(("content", "ending"), [(GOOD.encode(), "svg"), (png(300, 80), "png")])
def test_logo_colour_and_person_stand_on_the_pages(tmp_path: Path, content: bytes, ending: str) -> None:
    file = tmp_path / "logo"
    file.write_bytes(content)
    settings = settings_with(
        tmp_path,
        operator_logo=str(file),
        operator_colour="#4b0f5a",
        operator_contact="01603 000000",
        operator_person="Anna Hale",
        operator_person_says="Ring me.",
    )
    prepare(settings)
    app = create_app(settings)
    visit = Visitor(app.test_client())
    page = visit("/")
    assert "“Ring me.”" in page.text
    assert "Ask for Anna Hale: 01603 000000." in page.soup.footer.get_text(" ", strip=True).replace(" .", ".")
    assert page.soup.select_one("main a[href='tel:01603000000']") is not None
    assert page.soup.select_one("meta[name=theme-color]")["content"] == "#4b0f5a"
    picture = page.soup.select_one("header img")
    assert picture["alt"] == ""
    answer = visit.client.get(picture["src"])
    assert answer.data == content
    assert answer.mimetype == {"svg": "image/svg+xml", "png": "image/png"}[ending]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    style = visit.client.get(page.soup.select_one("link[href$='assess.css']")["href"]).text
    assert "#4b0f5a" in style
    assert TEAL not in style
    assert darker(TEAL) not in style
    logo = settings.operator_identity.logo
    assert logo is not None
    assert base64.b64decode(logo.data_uri.partition(",")[2]) == content
    with app.app_context():
        database().close()


def test_the_darker_accent_of_the_style_sheet_is_the_one_that_is_replaced() -> None:
    style = Path("assess/core/static/assess.css").read_text(encoding="utf-8")
    assert f": {TEAL};" in style
    assert f": {darker(TEAL)};" in style


@pytest.mark.parametrize(
    ("copy", "colour", "printed"),
    [
        *((copy, "#4b0f5a", "#4b0f5a") for copy in ("business", "annex", "wall", "buyer")),
        ("large", "#ffcc00", INK),
    ],
)
def test_logo_and_colour_stand_on_paper(tmp_path: Path, copy: Copy, colour: str, printed: str) -> None:
    file = tmp_path / "logo"
    file.write_text(SVG.format('<path d="M0 0h9v9z" fill="#133456"/>'), encoding="utf-8")
    settings = settings_with(tmp_path, operator_logo=str(file), operator_colour=colour)
    plain = copy_html(scenario("car_washes", "car_washes medium"), copy)
    html = with_identity(plain, settings.operator_identity)
    pictures = document_fromstring(html).xpath("//p[@class='operator-logo']/img")
    assert [one.get("alt") for one in pictures] == ["Fenland Network"]
    assert TEAL in plain
    assert TEAL not in html
    assert printed in html
    assert html == with_identity(plain, settings.operator_identity)
    made, without = html_to_pdf(html), html_to_pdf(plain)
    assert made == html_to_pdf(html)
    assert len(pikepdf.open(io.BytesIO(made)).pages) == len(pikepdf.open(io.BytesIO(without)).pages)
    assert (19, 52, 86) in colours_of_first_page(made)
    assert (19, 52, 86) not in colours_of_first_page(without)


def colours_of_first_page(pdf: bytes) -> set[tuple[int, int, int]]:
    drawn = subprocess.run(["pdftoppm", "-r", "40", "-l", "1"], input=pdf, capture_output=True, check=True).stdout
    dots = drawn.split(b"\n", 3)[3]
    return {(dots[at], dots[at + 1], dots[at + 2]) for at in range(0, len(dots) - 2, 3)}
