from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assess.core.application import Application, new_app
from assess.core.config import Settings
from assess.core.db import database
from assess.core.pages import set_up_pages
from assess.engine.settings import Contact
from assess.public.views import LinkPeriods, build_site, register_public


def contact(name: str, order: int, number: str | None, area: str | None = None) -> Contact:
    return Contact(
        id=name,
        order=order,
        area=area,
        situation=f"Situation of {name}",
        who=f"Who of {name}",
        number=number,
        text_phone=f"Text phone of {name}",
        web=f"https://{name}.example",
        for_whom="Anyone",
        source="A test",
        checked=f"2026-11-{order:02}",
        review_by="2026-12-24",
    )


CONTACTS = (
    contact("acas", 9, "0300 000 009"),
    contact("emergency", 1, "0999"),
    contact("police", 2, "0101"),
    contact("helpline", 3, "0800 000 003"),
    contact("unsure_line", 8, "0800 000 008"),
    contact("norfolk_team", 7, "0344 000 007", "norfolk"),
    contact("suffolk_team", 7, "0344 000 077", "suffolk"),
)
PERIODS = LinkPeriods(buyer_link_days=31, visit_hours=13, idle_hours=5)


@pytest.fixture
def help_settings(tmp_path: Path) -> Settings:
    return Settings(
        env="development",
        data_folder=tmp_path,
        operator_name="Fenland Network",
        operator_contact="desk@fenland.example",
        exit_to="https://weather.example",
        draft_months=7,
        submission_years=2,
        backup_days=40,
        log_days=20,
    )


@pytest.fixture
def help_app(help_settings: Settings) -> Iterator[Application]:
    app = new_app(help_settings)
    set_up_pages(app, lambda: build_site(help_settings, CONTACTS))
    register_public(app, help_settings, lambda: CONTACTS, PERIODS)
    yield app
    with app.app_context():
        database().close()
