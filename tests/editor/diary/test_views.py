from __future__ import annotations

import pytest

from tests.conftest import Visitor
from tests.editor.conftest import AtDesk

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def test_the_diary_says_what_is_due_and_by_when(at_desk: AtDesk, visit: Visitor) -> None:
    assert at_desk
    page = visit("/banks/diary")
    captions = [str(one.get_text()) for one in page.soup.select("caption")]
    assert [one.split(" (")[0] for one in captions[-2:]] == ["Due within 30 days", "Later"]
    soon = page.soup.find("caption", string=captions[-2]).parent.get_text(" ")  # type: ignore[union-attr]  # it was just found
    assert "Acas" in soon
    assert "24 December 2026" in soon
    assert "sends no mail" in page.text
