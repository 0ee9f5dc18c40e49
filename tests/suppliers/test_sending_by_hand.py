"""The words a buyer sends with a link of its own."""

from __future__ import annotations

from urllib.parse import unquote

from assess.suppliers.sending_by_hand import messages


def test_each_way_carries_the_link_and_that_one_may_say_no() -> None:
    found = messages("The Council", "http://a/asked/x")
    for way in found.values():
        assert "The Council asks you" in unquote(way)
        assert "You may say no: http://a/asked/x" in unquote(way)
    assert found["sms"].startswith("sms:?&body=")
    assert found["mail"].startswith("mailto:?subject=A%20request")
