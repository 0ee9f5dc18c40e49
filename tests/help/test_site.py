from __future__ import annotations

import dataclasses

import pytest

from assess.help.site import Periods, promises_of, site_of
from assess.kit.application import Application
from assess.kit.config import Settings
from assess.kit.pages import Phone

from .conftest import CONTACTS


def test_the_words_of_every_page_come_from_settings_and_contacts(help_settings: Settings) -> None:
    site = site_of(help_settings, CONTACTS)
    assert (site.operator, site.contact, site.desk) == ("Fenland Network", "desk@fenland.example", "Fenland Network")
    assert site.helpline == Phone("Who of helpline", "0800 000 003")
    assert site.emergency == Phone("Who of emergency", "0999")
    assert site.exit_to == "https://weather.example"


def test_an_independent_desk_stands_in_the_place_of_the_operator(help_settings: Settings) -> None:
    bought = dataclasses.replace(help_settings, independent_desk="An independent charity")
    assert site_of(bought, CONTACTS).desk == "An independent charity"


def test_no_page_goes_out_without_the_helpline(help_settings: Settings) -> None:
    with pytest.raises(LookupError):
        site_of(help_settings, [one for one in CONTACTS if one.id != "helpline"])


def test_over_tls_the_cookies_have_their_stricter_names(help_settings: Settings) -> None:
    safe = dataclasses.replace(
        help_settings, secret_key="4f0c9a7be2d815636a1d7c80f95be243", public_url="https://assess.example"
    )
    names = [cookie.name for cookie in promises_of(safe, Periods(30, 12, 4)).cookies]
    assert names == ["__Host-assess_visit", "__Host-assess_session"]


def test_nothing_is_logged_of_the_advice_pages(help_app: Application, capsys: pytest.CaptureFixture[str]) -> None:
    client = help_app.test_client()
    client.get("/help/you?from=the+boss")
    client.get("/help/nothing-here")
    assert capsys.readouterr() == ("", "")
    client.get("/privacy")
    assert "/privacy" in capsys.readouterr().out
