from __future__ import annotations

import io
import time
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import create_environ, run_wsgi_app

from assess.kit.application import Application
from assess.kit.guards import LARGEST_REQUEST

MakeSite = Callable[..., Application]
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
    body = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n" + b"a" * LARGEST_REQUEST + b"\r\n--x--\r\n"
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
