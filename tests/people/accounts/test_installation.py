from __future__ import annotations

from dataclasses import replace

from flask import Flask

from assess.kit.config import Settings
from assess.people.accounts.installation import full_address, here, keys


def test_links_and_passkeys_are_for_the_name_in_the_settings_whatever_a_request_says(
    app: Flask, settings: Settings
) -> None:
    settings = replace(
        settings,
        secret_key="4f0c9a7be2d815636a1d7c80f95be243",
        public_url="https://assess.example.org:8443",
        old_secret_keys=("o" * 32,),
    )
    app.extensions["assess.settings"] = settings
    with app.test_request_context("/", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}):
        assert full_address("/sign-in") == "https://assess.example.org:8443/sign-in"
        assert (here().host, here().origin) == ("assess.example.org", "https://assess.example.org:8443")
        assert keys() == [settings.key, "o" * 32]


def test_guessing_links_is_limited(app: Flask) -> None:
    visitor = app.test_client()
    statuses = [visitor.get(f"/confirm/{number:043}").status_code for number in range(31)]
    assert statuses == [404] * 30 + [429]
