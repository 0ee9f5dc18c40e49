from __future__ import annotations

import builtins
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from assess.core import pdf
from assess.core.pdf import MissingLibraryError, html_to_pdf, load_weasyprint
from assess.plans.print_html import copy_html
from tests.plans.printed_pdfs import opened
from tests.plans.records import scenario


@pytest.mark.parametrize("bank", ["farming", "car_washes", "hospitality"])
def test_the_plan_of_a_careful_business_has_few_pages(bank: str) -> None:
    laid_out = load_weasyprint().HTML(string=copy_html(scenario(bank, f"{bank} low"), "business")).render()
    assert 4 < len(laid_out.pages) <= 8


def test_the_same_page_gives_the_same_bytes_and_another_page_others() -> None:
    html = copy_html(scenario("farming", "farming low"), "buyer")
    once, other = html_to_pdf(html), html_to_pdf(html.replace("Fen Edge", "Fen Hedge"))
    assert html_to_pdf(html) == once
    names = [bytes(opened(made).trailer.ID[0]) for made in (once, other)]
    assert all(len(name) == 16 for name in names)
    assert names[0] != names[1]


@pytest.mark.parametrize(
    "vector",
    [
        '<img src="{}" alt="x">',
        '<link rel="attachment" href="{}">',
        '<link rel="stylesheet" href="{}">',
        '<style>@import url("{}");</style>',
        '<style>body {{ background: url("{}") }}</style>',
        '<style>@font-face {{ font-family: X; src: url("{}") }} body {{ font-family: X }}</style>',
        '<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><image href="{}" width="9" height="9"/></svg>',
        '<object data="{}">x</object>',
    ],
)
def test_no_file_and_no_address_is_ever_fetched(vector: str, tmp_path: Path) -> None:
    canary = tmp_path / "canary.svg"
    canary.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>CANARYINTHECOALMINE</text></svg>')
    body = vector.format(canary.as_uri())
    made = opened(
        html_to_pdf(f'<html lang="en"><head><title>t</title>{body}</head><body><p>text</p>{body}</body></html>')
    )
    streams = b"".join(thing.read_bytes() for thing in made.objects if isinstance(thing, pikepdf.Stream))
    assert b"CANARY" not in streams
    assert "/EmbeddedFiles" not in made.Root.get("/Names", {})


def test_a_missing_system_library_is_named_with_the_package_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def gone(name: str, *more: Any) -> Any:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", gone)
    with pytest.raises(MissingLibraryError, match=re.escape("apt-get install libpangoft2-1.0-0 libharfbuzz-subset0")):
        pdf.load_weasyprint.__wrapped__()


STARTS = """
import sys
sys.addaudithook(lambda event, _: event in ("subprocess.Popen", "os.fork", "os.posix_spawn", "os.system") and sys.exit(event))
from assess.core.pdf import html_to_pdf
html_to_pdf('<html lang="en"><head><title>t</title></head><body><p>text</p></body></html>')
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere libraries are looked for")
def test_the_renderer_starts_no_other_program() -> None:
    html_to_pdf("<p>text</p>")  # the faces of this machine are made
    done = subprocess.run([sys.executable, "-c", STARTS], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
