"""Other users of the machine read neither the database nor what SQLite puts beside it, whichever command made them."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import session as flask_session
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from werkzeug.test import create_environ, run_wsgi_app

from assess.app import prepare
from assess.core import application
from assess.core.application import (
    MAX_REQUEST_BYTES,
    Application,
    InsecureFilePermissionsError,
    absolute_url,
    restrict_file_permissions,
    settings_of,
)
from assess.core.config import Settings
from assess.core.db import Database
from assess.core.links import new_token

MakeSite = Callable[..., Application]


def test_a_request_is_logged_by_its_route_and_never_by_its_address(
    site: Application, capsys: pytest.CaptureFixture[str]
) -> None:
    token = new_token()
    client = site.test_client()
    client.get(f"/r/{token}?name=Fen+Edge", headers={"User-Agent": "canary", "Referer": "http://localhost/canary"})
    client.get(f"/unknown/{token}")
    client.open("/public", method="CANARY-METHOD")
    out = capsys.readouterr().out
    lines = [json.loads(line) for line in out.splitlines()]
    assert [(line["route"], line["status"]) for line in lines] == [
        ("/r/<token>", 200),
        ("unknown", 404),
        ("unknown", 405),
    ]
    for secret in (token, "Fen", "canary", "CANARY", "127.0.0.1"):
        assert secret not in out


def test_nothing_that_was_typed_reaches_the_log_even_when_it_breaks_something(
    site: Application, capsys: pytest.CaptureFixture[str]
) -> None:
    client = site.test_client()
    token = client.get("/form").get_data(as_text=True).split('value="')[1].split('"')[0]
    client.post("/save-and-fail", data={"key": "canary passports", "csrf_token": token})
    out = capsys.readouterr()
    assert '"event": "error"' in out.out
    assert "canary" not in out.out + out.err
    assert token not in out.out + out.err


def test_of_silent_pages_nothing_is_logged_not_even_that_they_failed(
    site: Application, capsys: pytest.CaptureFixture[str]
) -> None:
    for address in ("/hush/fail", "/hush", "/hush/unknown"):
        site.test_client().get(address)
    assert capsys.readouterr() == ("", "")
    assert not site.is_silent("/hushed")


class DeadlockError(Exception):
    sqlstate = "40P01"


@pytest.mark.parametrize(("failures", "status"), [(1, 200), (2, 200), (3, 503)])
def test_work_that_got_in_anothers_way_is_done_again_three_times_at_most(
    make_site: MakeSite, failures: int, status: int
) -> None:
    site = make_site()
    tries: list[int] = []

    def work() -> str:
        tries.append(1)
        if len(tries) <= failures:
            raise DBAPIError("UPDATE", {}, DeadlockError())
        return "done"

    site.add_url_rule("/work", "work", work)
    assert site.test_client().get("/work").status_code == status
    assert len(tries) == min(failures + 1, 3)


def test_every_template_escapes_whatever_its_name(site: Application) -> None:
    for name in ("a.html", "a.txt", "a.md", "a.njk", "a.html.j2", None):
        assert site.select_jinja_autoescape(name)


def test_links_people_take_away_come_from_the_settings(make_site: MakeSite) -> None:
    site = make_site(public_url="https://assess.example.org/")
    with site.test_request_context("/", base_url="http://evil.example"):
        assert absolute_url(site, "/r/x") == "https://assess.example.org/r/x"
    assert settings_of(site).secure


def test_after_a_change_of_the_key_old_cookies_still_work(make_site: MakeSite) -> None:
    old, new = "o" * 40, "n" * 40
    before, after = make_site(secret_key=old), make_site(secret_key=new, old_secret_keys=(old,))
    with before.test_request_context("/"):
        flask_session["a"] = 1
        cookie = before.session_interface.get_signing_serializer(before).dumps(dict(flask_session))
    with after.test_request_context("/", headers={"Cookie": f"assess_session={cookie}"}):
        assert flask_session["a"] == 1


FORM = "application/x-www-form-urlencoded"


def token_of(client: FlaskClient) -> str:
    return client.get("/form").get_data(as_text=True).split('value="')[1].split('"')[0]


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "evil.example:5000",
        "localhost@evil.example",
        "127.0.0.1.nip.io",
        "[::1]",
        "local host",
        "localhost/evil",
        "localhost:port",
        "localhost:99999",
        "",
        "é.example",
        "x" * 4000,
        "localhost,evil.example",
    ],
)
def test_a_foreign_host_is_refused_and_never_repeated(site: Application, host: str) -> None:
    response = site.test_client().get("/who", headers={"Host": host}, base_url="http://localhost")
    assert response.status_code == 400
    assert "evil" not in response.get_data(as_text=True)
    assert "evil" not in str(response.headers)


@pytest.mark.parametrize("host", ["localhost", "localhost:8080", "127.0.0.1:5000", "LOCALHOST"])
def test_the_own_host_is_taken_with_any_port(site: Application, host: str) -> None:
    assert site.test_client().get("/public", headers={"Host": host}).status_code == 200


def test_in_production_only_the_public_host_is_taken(make_site: MakeSite) -> None:
    site = make_site(
        env="production",
        secret_key="4f0c9a7be2d815636a1d7c80f95be243",
        public_url="https://assess.example.org",
        operator_name="x",
        operator_contact="x",
        allowed_hosts=("www.example.org",),
    )
    client = site.test_client()
    for host, status in (("assess.example.org", 200), ("www.example.org", 200), ("localhost", 400)):
        assert client.get("/public", headers={"Host": host}).status_code == status


def test_probes_come_by_number_and_are_not_asked_for_the_host(site: Application) -> None:
    assert site.test_client().get("/health/live", headers={"Host": "10.0.0.7"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-For": "1.2.3.4"},
        {"X-Forwarded-Proto": "https"},
        {"Forwarded": "for=1.2.3.4;host=evil.example"},
        {"X-Original-Host": "evil.example"},
        {"X-Real-Ip": "1.2.3.4"},
    ],
)
def test_nobody_is_believed_who_is_no_trusted_proxy(site: Application, headers: dict[str, str]) -> None:
    assert site.test_client().get("/who", headers=headers).get_data() == b"127.0.0.1 http localhost"


def test_one_trusted_proxy_tells_who_calls_and_what_stands_before_it_is_not_believed(make_site: MakeSite) -> None:
    site = make_site(trusted_proxies=1)
    headers = {"X-Forwarded-For": "6.6.6.6, 1.2.3.4", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    assert site.test_client().get("/who", headers=headers).get_data() == b"1.2.3.4 https localhost"


@pytest.mark.parametrize("content_type", [FORM, "multipart/form-data; boundary=x", "text/plain", "application/json"])
def test_more_than_256_kib_is_too_much_however_it_is_packed(site: Application, content_type: str) -> None:
    body = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n" + b"a" * MAX_REQUEST_BYTES + b"\r\n--x--\r\n"
    started = time.process_time()
    response = site.test_client().post("/save", data=body, content_type=content_type)
    assert response.status_code == 413
    assert time.process_time() - started < 1


def test_a_body_that_does_not_say_how_long_it_is_is_refused(site: Application) -> None:
    environ = create_environ("/save", "http://localhost", method="POST", content_type=FORM)
    environ.pop("CONTENT_LENGTH", None)
    environ |= {"wsgi.input": EndlessBody(), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    _body, status, _headers = run_wsgi_app(site, environ)
    assert status.startswith("411")


class EndlessBody(io.RawIOBase):
    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what the reader hands in
        buffer[:] = b"a" * len(buffer)
        return len(buffer)


@pytest.mark.parametrize("content_type", [FORM, "multipart/form-data"])
def test_more_than_a_thousand_fields_are_too_many(site: Application, content_type: str) -> None:
    client = site.test_client()
    fields = {f"f{number}": "1" for number in range(1200)} | {"csrf_token": token_of(client)}
    assert client.post("/save", data=fields, content_type=content_type).status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        b"key=a%00b",
        b"k%00ey=a",
        b"key=a\x00b",
        b"x" * 300 + b"=1",
        b"key=1&" + b"%ff" * 300 + b"=1",
    ],
)
def test_what_no_browser_sends_is_refused(site: Application, body: bytes) -> None:
    client = site.test_client()
    response = client.post("/save", data=body + b"&csrf_token=" + token_of(client).encode(), content_type=FORM)
    assert response.status_code == 400


@pytest.mark.parametrize(
    "body", [b"key=%ff%fe%80", b"key=\xff\xfe", b"key=%ED%A0%80", b"&&&=&=&key=1", b"%", b"key=1;key=2"]
)
def test_broken_letters_never_break_the_service(site: Application, body: bytes) -> None:
    client = site.test_client()
    response = client.post("/save", data=body + b"&csrf_token=" + token_of(client).encode(), content_type=FORM)
    assert response.status_code in {302, 400}


def test_files_are_not_taken(site: Application) -> None:
    client = site.test_client()
    body = b'--x\r\nContent-Disposition: form-data; name="a"; filename="a.exe"\r\n\r\nMZ\r\n--x--\r\n'
    assert client.post("/save", data=body, content_type="multipart/form-data; boundary=x").status_code == 400


@pytest.mark.parametrize("more", [b"", b'; filename="a.exe"'])
def test_a_part_of_a_form_without_a_name_is_refused(site: Application, more: bytes) -> None:
    body = b"--x\r\nContent-Disposition: form-data" + more + b"\r\n\r\nx\r\n--x--\r\n"
    answer = site.test_client().post("/save", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 400


@pytest.mark.parametrize("address", ["/" + "a" * 5000, "/public?" + "a" * 5000])
def test_an_address_that_is_too_long_is_refused(site: Application, address: str) -> None:
    assert site.test_client().get(address).status_code == 414


@pytest.mark.parametrize("address", ["/%00", "/r/%00", "/r/%ff", "/..%2f..%2fetc/passwd", "/\\evil.example"])
def test_odd_addresses_are_not_found_and_lead_nowhere(site: Application, address: str) -> None:
    response = site.test_client().get(address)
    assert response.status_code in {200, 308, 404}
    assert "evil.example" not in response.headers.get("Location", "")


def test_a_form_without_its_token_is_refused_and_writes_nothing(site: Application) -> None:
    client = site.test_client()
    client.get("/form")
    for data in ({"key": "a"}, {"key": "a", "csrf_token": "x"}):
        assert client.post("/save", data=data).status_code == 400


def test_the_token_of_another_browser_does_not_fit(site: Application) -> None:
    stranger, client = site.test_client(), site.test_client()
    token = token_of(stranger)
    client.get("/form")
    assert client.post("/save", data={"key": "a", "csrf_token": token}).status_code == 400


@pytest.mark.parametrize(
    ("where_from", "status"), [("same-origin", 302), ("none", 302), ("cross-site", 400), ("same-site", 400)]
)
def test_a_form_that_stands_on_another_site_is_refused_even_with_a_token(
    site: Application, where_from: str, status: int
) -> None:
    client = site.test_client()
    data = {"key": where_from, "csrf_token": token_of(client)}
    assert client.post("/save", data=data, headers={"Sec-Fetch-Site": where_from}).status_code == status


def test_over_tls_a_form_needs_no_referrer_for_our_pages_tell_browsers_to_send_none(make_site: MakeSite) -> None:
    base = "https://assess.example.org"
    client = make_site(public_url=base).test_client()
    page = client.get("/form", base_url=base).get_data(as_text=True)
    token = page.split('value="')[1].split('"')[0]
    assert client.post("/save", data={"key": "a", "csrf_token": token}, base_url=base).status_code == 302


def test_trace_is_refused_and_repeats_nothing(site: Application) -> None:
    answer = site.test_client().open("/public", method="TRACE", headers={"X-Canary": "canary"})
    assert answer.status_code == 405
    assert "canary" not in answer.get_data(as_text=True)


@pytest.mark.both_databases
def test_it_is_alive_and_ready(stored_site: Application) -> None:
    client = stored_site.test_client()
    assert client.get("/health/live").get_data() == b"alive\n"
    ready = client.get("/health/ready")
    assert (ready.status_code, ready.get_data()) == (200, b"ready\n")
    assert "Set-Cookie" not in ready.headers


@pytest.mark.both_databases
def test_tables_of_another_release_are_not_ready(stored_site: Application) -> None:
    with stored_site.extensions["assess.database"].writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    answer = stored_site.test_client().get("/health/ready")
    assert (answer.status_code, answer.get_data()) == (503, b"not ready\n")


@pytest.mark.both_databases
def test_a_database_without_tables_is_alive_and_not_ready(
    stored_site: Application, capsys: pytest.CaptureFixture[str]
) -> None:
    with stored_site.extensions["assess.database"].writing() as session:
        session.execute(text("DROP TABLE alembic_version"))
    client = stored_site.test_client()
    assert client.get("/health/live").status_code == 200
    assert client.get("/health/ready").status_code == 503
    assert '"event": "not_ready"' in capsys.readouterr().out


@pytest.mark.both_databases
def test_a_disk_that_is_almost_full_is_not_ready(site: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")  # noqa: PYI024  # as the standard library has it
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(1000, 950, 50))
    assert site.test_client().get("/health/ready").status_code == 503


@pytest.mark.both_databases
def test_a_crowded_site_is_still_ready(stored_site: Application) -> None:
    engine = stored_site.extensions["assess.database"].engine
    held = [engine.connect() for _ in range(10)]
    assert stored_site.test_client().get("/health/ready").status_code == 200
    for connection in held:
        connection.close()


@pytest.mark.both_databases
def test_nothing_is_logged_of_probes(site: Application, capsys: pytest.CaptureFixture[str]) -> None:
    site.test_client().get("/health/live")
    site.test_client().get("/health/ready")
    assert capsys.readouterr().out == ""


ASSESS = str(Path(sys.executable).with_name("assess"))


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize(
    "words", [("banks", "publish"), ("people", "disable", "nobody@farm.example"), ("audit", "verify")]
)
def test_a_database_that_any_command_makes_first_is_for_its_user_alone(tmp_path: Path, words: tuple[str, ...]) -> None:
    folder = tmp_path / "there before"
    folder.mkdir(mode=0o755)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ASSESS_")}
    environ |= {"ASSESS_ENV": "development", "ASSESS_DATA_FOLDER": str(folder)}
    before = os.umask(0o022)
    try:
        subprocess.run([ASSESS, *words], env=environ, check=False, capture_output=True)
    finally:
        os.umask(before)
    assert mode(folder / "assess.db") == 0o600


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_start_takes_the_rights_of_others_away(banks_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    settings = Settings(env="development", database_url=banks_url, data_folder=folder)
    file = Path(banks_url.removeprefix("sqlite:///"))
    database = Database(banks_url)
    try:
        with database.reading() as session:
            session.connection()
            beside = [Path(f"{file}{end}") for end in ("", "-wal", "-shm")]
            for path in beside:
                path.chmod(0o644)
            folder.chmod(0o755)
            prepare(settings)
            assert [mode(path) for path in beside] == [0o600] * 3
    finally:
        database.close()
    assert mode(folder) == 0o700


def test_what_cannot_be_put_right_keeps_the_site_from_starting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    settings = Settings(env="development", data_folder=folder)
    folder.chmod(0o1777)
    with pytest.raises(InsecureFilePermissionsError, match="is a folder for everybody"):
        restrict_file_permissions(settings)
    assert mode(folder) == 0o777, "a folder such as /tmp is left alone"
    folder.chmod(0o755)
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o770)

    def refuse(path: Path, _mode: int) -> None:
        raise PermissionError(path)

    monkeypatch.setattr(application.Path, "chmod", refuse)
    with pytest.raises(InsecureFilePermissionsError, match=r"chmod o-rwx .*/data$"):
        restrict_file_permissions(settings)
    restrict_file_permissions(
        Settings(env="development", data_folder=shared)
    )  # a volume of somebody else's, open to the group of the service
