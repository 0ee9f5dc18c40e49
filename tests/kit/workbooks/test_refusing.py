from __future__ import annotations

from assess.kit.workbooks.refusing import FileRefusedError


def test_its_words_are_for_people() -> None:
    assert str(FileRefusedError("Save it again.")) == "Save it again."
