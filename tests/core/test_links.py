"""What all links with a secret token have in common: tokens and their hashes, and the page of those that do not work."""

from __future__ import annotations

from flask import Flask

from assess.core.links import LinkUnknownError, hash_token, looks_like_token, new_token


def test_a_token_is_one_and_its_hash_is_another_text() -> None:
    one, other = new_token(), new_token()
    assert looks_like_token(one)
    assert one != other
    assert len({one, hash_token(one), hash_token(other)}) == 3
    assert not any(map(looks_like_token, ("", one[:-1], one + "x", one[:-1] + "=", one[:-1] + "é")))


def test_every_dead_link_leads_to_the_same_page(app: Flask) -> None:
    with app.test_request_context("/x"):
        page = app.error_handler_spec[None][None][LinkUnknownError](LinkUnknownError())  # type: ignore[arg-type]
    assert (page.status_code, "This link does not work" in page.get_data(as_text=True)) == (404, True)
