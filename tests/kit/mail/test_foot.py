from __future__ import annotations

from flask import Flask

from assess.kit.config import Settings
from assess.kit.mail.foot import foot, with_foot


def test_it_names_who_runs_it_and_promises_no_contact_that_is_not_there() -> None:
    told = Settings(env="development", operator_name="Fens Network", operator_contact="help@fens.example")
    assert foot(told) == (
        "This mail comes from a self-check for businesses, run by Fens Network. "
        "You can reach them here: help@fens.example"
    )
    assert foot(Settings(env="development", operator_name="Fens Network")).endswith("run by Fens Network.")
    assert foot(Settings(env="development")) == "This mail comes from a self-check for businesses."


def test_only_a_site_signs_its_mails(app: Flask) -> None:
    assert with_foot("Hello,\n") == "Hello,\n"
    with app.app_context():
        assert with_foot("Hello,\n").startswith("Hello,\n\nThis mail comes from a self-check for businesses")
