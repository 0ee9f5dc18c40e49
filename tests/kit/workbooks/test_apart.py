from __future__ import annotations

import os

import pytest

from assess.kit.workbooks.apart import environment, read_apart
from assess.kit.workbooks.refusing import FileRefusedError


def test_the_child_knows_no_secret_of_the_site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSESS_SECRET_KEY", "canary")
    assert "canary" not in str(environment())
    assert environment()["OPENPYXL_LXML"] == "False"
    assert os.environ["ASSESS_SECRET_KEY"] == "canary"


def test_a_child_that_breaks_is_told_in_one_sentence() -> None:
    with pytest.raises(FileRefusedError, match="too long"):
        read_apart("assess.no_such_module", "xlsx", b"", too_long="too long")
