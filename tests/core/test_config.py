from __future__ import annotations

import random
import string
import sys
from pathlib import Path
from typing import Any

import pytest

from assess.core.config import BadSettingsError, Settings, read_settings, settings_table

KEY = "4f0c9a7be2d815636a1d7c80f95be243"
GOOD = {
    "ASSESS_SECRET_KEY": KEY,
    "ASSESS_PUBLIC_URL": "https://assess.example.org",
    "ASSESS_OPERATOR_NAME": "Norfolk network",
    "ASSESS_OPERATOR_CONTACT": "desk@example.org",
}
ROOT = Path(__file__).parents[2]


def faults(**changed: str | None) -> list[str]:
    environ = {name: value for name, value in (GOOD | changed).items() if value is not None}
    with pytest.raises(BadSettingsError) as refused:
        read_settings(environ)
    return refused.value.errors


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ASSESS_ENV", "prod"),
        ("ASSESS_SECRET_KEY", None),
        ("ASSESS_SECRET_KEY", "short"),
        ("ASSESS_OLD_SECRET_KEYS", "short"),
        ("ASSESS_PUBLIC_URL", None),
        ("ASSESS_PUBLIC_URL", "http://assess.example.org"),
        ("ASSESS_PUBLIC_URL", "https://assess.example.org/path"),
        ("ASSESS_PUBLIC_URL", "https://assess.example.org:99999"),
        ("ASSESS_OPERATOR_NAME", None),
        ("ASSESS_OPERATOR_CONTACT", "   "),
        ("ASSESS_ALLOWED_HOSTS", "https://elsewhere.example"),
        ("ASSESS_DATABASE_URL", "mysql://u:secret@h/d"),
        ("ASSESS_DATABASE_URL", "sqlite://"),
        ("ASSESS_DATABASE_URL", "nonsense"),
        ("ASSESS_AREAS", " , "),
        ("ASSESS_PORT", "0"),
        ("ASSESS_PORT", "http"),
        ("ASSESS_TRUSTED_PROXIES", "-1"),
        ("ASSESS_WORKERS", "900"),
        ("ASSESS_SUBMISSION_YEARS", "8"),
        ("ASSESS_EXIT_TO", "javascript:alert(1)"),
        ("ASSESS_MAIL_SERVER", "smtp://mail.example.org"),
        ("ASSESS_MAIL_FROM", "desk@example.org"),
        ("ASSESS_SECRET_KEYS", "x"),
        ("ASSESS_SECRET_KEY_FILE", "/does/not/exist"),
    ],
)
def test_a_bad_setting_stops_the_start_with_its_name_and_without_its_value(name: str, value: str | None) -> None:
    changed = {name: value}
    if name == "ASSESS_SECRET_KEY_FILE":
        changed["ASSESS_SECRET_KEY"] = None
    said = faults(**changed)
    assert len(said) == 1
    assert name.removesuffix("_FILE") in said[0]
    assert "secret@" not in said[0]


@pytest.mark.parametrize(
    ("server", "sender", "named"),
    [
        ("mail.example.org", "desk@example.org", "MAIL_SERVER"),
        ("http://mail.example.org", "desk@example.org", "MAIL_SERVER"),
        ("smtp://u:secret@mail.example.org", "desk@example.org", "MAIL_SERVER"),
        ("smtps://u@mail.example.org", "desk@example.org", "MAIL_SERVER"),
        ("smtps://u:secret@mail.example.org:99999", "desk@example.org", "MAIL_SERVER"),
        ("smtps://u:secret@mail.example.org/inbox", "desk@example.org", "MAIL_SERVER"),
        ("smtps://u:secret@mail.example.org", "desk", "MAIL_FROM"),
        ("smtps://u:secret@mail.example.org", "Desk <desk@example.org>", "MAIL_FROM"),
    ],
)
def test_a_mail_server_that_could_not_be_used_stops_the_start(server: str, sender: str, named: str) -> None:
    said = faults(ASSESS_MAIL_SERVER=server, ASSESS_MAIL_FROM=sender)
    assert len(said) == 1
    assert named in said[0]
    assert "secret" not in said[0]


@pytest.mark.parametrize(
    "server", ["smtp://mail", "smtp+starttls://u:p%40ss@mail:2587", "smtps://u:p@mail.example.org"]
)
def test_mail_servers_are_taken_in_three_forms(server: str) -> None:
    settings = read_settings(GOOD | {"ASSESS_MAIL_SERVER": server, "ASSESS_MAIL_FROM": "desk@example.org"})
    assert settings.mail_server == server
    assert server not in repr(settings)


def test_all_faults_are_said_in_one_go() -> None:
    assert len(faults(ASSESS_PORT="x", ASSESS_WORKERS="y", ASSESS_TYPO="1")) == 3


def test_a_good_environment_is_read() -> None:
    settings = read_settings(
        GOOD | {"ASSESS_AREAS": "norfolk, suffolk", "ASSESS_ALLOWED_HOSTS": "www.example.org", "PORT": "1"}
    )
    assert settings.areas == ("norfolk", "suffolk")
    assert settings.hosts == {"assess.example.org", "www.example.org"}
    assert settings.secure
    assert settings.port == 5000


def test_development_needs_nothing_and_answers_on_this_machine_only() -> None:
    settings = read_settings({"ASSESS_ENV": "development"})
    assert settings.base_url == "http://localhost:5000"
    assert settings.hosts == {"localhost", "127.0.0.1"}
    assert not settings.secure
    assert settings.key


@pytest.mark.parametrize(
    "changed",
    [
        {"public_url": "https://assess.example.org"},
        {"allowed_hosts": ("localhost", "assess.example.org")},
        {"trusted_proxies": 1},
    ],
)
def test_development_is_reached_from_elsewhere_only_with_a_key_of_its_own(changed: dict[str, Any]) -> None:
    name = f"ASSESS_{next(iter(changed)).upper()}"
    for known in ("", "development-secret-key-please-change-it"):
        with pytest.raises(BadSettingsError, match=f"^{name} has to be"):
            Settings(env="development", secret_key=known, **changed)
    assert Settings(env="development", secret_key=GOOD["ASSESS_SECRET_KEY"], **changed).development
    near = Settings(env="development", public_url="http://localhost:8080", allowed_hosts=("localhost", "127.0.0.1"))
    assert near.base_url == "http://localhost:8080"


EVERYWHERE = "0.0.0.0"  # noqa: S104  # refused, or in a container


@pytest.mark.parametrize("address", [EVERYWHERE, "::", "192.0.2.7", "assess.example.org", ""])
def test_development_listens_on_this_machine_only(address: str) -> None:
    with pytest.raises(BadSettingsError, match="ASSESS_LISTEN has to be 127"):
        Settings(env="development", listen=address)
    for near in ("127.0.0.1", "127.0.0.2", "::1", "localhost"):
        assert Settings(env="development", listen=near).listen == near
    assert read_settings(GOOD | {"ASSESS_LISTEN": EVERYWHERE}).listen == EVERYWHERE


@pytest.mark.parametrize(
    "weak",
    [
        "k" * 40,
        "abababababababababababababababababab",
        "0123456789abcdef0123456789abcdef",
        "qwertyuiopasdfghjklzxcvbnm1234567890",
        "a key that is known to everybody and guards nothing",
        "development-secret-key-please-change-it",
        "norfolk-anti-slavery-network-secret-key-2026",
        "changemechangemechangemechangeme1",
    ],
)
def test_a_key_that_a_person_made_up_stops_the_start_in_production(weak: str) -> None:
    assert faults(ASSESS_SECRET_KEY=weak) == [
        "ASSESS_SECRET_KEY can be guessed: it was not made at random. Make one with: openssl rand -hex 32"
    ]
    read_settings(GOOD | {"ASSESS_OLD_SECRET_KEYS": weak})  # so that it can be changed


def test_keys_made_at_random_are_taken() -> None:
    chosen = random.Random(20)
    for _ in range(60):
        for characters, length in (
            ("0123456789abcdef", 32),
            ("0123456789abcdef", 64),
            (string.ascii_letters + string.digits, 43),
        ):
            key = "".join(chosen.choices(characters, k=length))
            assert read_settings(GOOD | {"ASSESS_SECRET_KEY": key}).key == key


def test_a_secret_may_stand_in_a_file_but_not_in_two_places(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    environ = {name: value for name, value in GOOD.items() if name != "ASSESS_SECRET_KEY"}
    assert read_settings(environ | {"ASSESS_SECRET_KEY_FILE": str(file)}).key == KEY
    assert "both set" in faults(ASSESS_SECRET_KEY_FILE=str(file))[0]


def test_yes_and_no_are_the_only_answers_to_a_question() -> None:
    assert read_settings(GOOD | {"ASSESS_RUN_BY_BUYER": "yes"}).run_by_buyer is True
    assert read_settings(GOOD | {"ASSESS_RUN_BY_BUYER": "no"}).run_by_buyer is False
    assert read_settings(GOOD).run_by_buyer is False
    for typed in ("true", "1", "YES", "maybe"):
        assert faults(ASSESS_RUN_BY_BUYER=typed) == ["ASSESS_RUN_BY_BUYER has to be yes or no."]


def test_a_buyer_is_not_its_own_independent_desk() -> None:
    wrong = faults(ASSESS_RUN_BY_BUYER="yes", ASSESS_INDEPENDENT_DESK="norfolk  NETWORK")
    assert "somebody apart" in wrong[0]
    read_settings(GOOD | {"ASSESS_RUN_BY_BUYER": "yes", "ASSESS_INDEPENDENT_DESK": "A charity"})


def test_variables_of_the_tests_are_no_settings() -> None:
    read_settings(GOOD | {"ASSESS_TEST_DATABASE_URL": "postgresql://u@h/d"})


def test_postgresql_without_its_driver_is_said_with_the_repair(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    (said,) = faults(ASSESS_DATABASE_URL="postgresql://u:secret@h/d")
    assert "driver is not installed" in said
    assert said.endswith("pip install 'assess-modern-slavery[postgresql]'")
    assert "secret" not in said
    read_settings(GOOD)


def test_settings_print_no_secret() -> None:
    settings = Settings(
        env="development", secret_key="k" * 40, database_url="postgresql://u:pw@h/d", old_secret_keys=("o" * 40,)
    )
    shown = repr(settings)
    assert "k" * 40 not in shown
    assert "o" * 40 not in shown
    assert "pw" not in shown


def test_an_operator_without_a_name_has_one_that_fits_into_a_sentence() -> None:
    assert Settings(env="development").operator == "Example Network"


def test_the_readme_carries_the_table_of_settings() -> None:
    assert settings_table() in (ROOT / "README.md").read_text(encoding="utf-8")
