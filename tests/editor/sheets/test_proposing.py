from __future__ import annotations

import base64
import zlib
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from assess.banks.drafts.keeping import DraftError
from assess.banks.rewriting import same
from assess.banks.sheets import read_folder, shelf_of
from assess.banks.shelves import keep_text
from assess.editor.sheets import proposing
from assess.editor.sheets.cells import Address, cells_of
from assess.editor.sheets.child import read_sheets
from assess.editor.sheets.files import cells_of_bank, files_of_bank
from assess.editor.sheets.layout import Line
from assess.editor.sheets.merging import Beside
from assess.editor.sheets.proposing import NO_FILE, OTHER_BANK, TOO_MANY, UNKNOWN_ORIGIN, Proposal, packed, unpacked
from assess.editor.sheets.taking_in import GONE, Change
from assess.editor.sheets.workbook import workbook_of
from assess.kit.workbooks.refusing import FileRefusedError
from tests.editor.sheets.books import OWN
from tests.shelves import SOUND

TITLE = Address("shop.yaml", "file", "", ("title",))


def change(at: Address, new: object) -> Change:
    return Change(at, new, "Texts", 2, "Text")


def beside(at: Address, new: object) -> Beside:
    return Beside(change(at, new), "", "")


def test_a_proposal_goes_through_a_form_and_comes_back_whole() -> None:
    whole = Proposal(
        {OWN: "0" * 64},
        (change(TITLE, "é \n 😀"), change(TITLE, None), change(TITLE, {"a": [1, True]})),
        (("Sections", Line("shop.yaml", "section", "one")),),
    )
    assert unpacked(packed(whole)) == whole
    assert unpacked(packed(Proposal({}, (change(TITLE, GONE),)))) == Proposal({}, (change(TITLE, GONE),))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "é",
        "abc",
        base64.b85encode(zlib.compress(b"[{}, [[1]], []]")).decode(),
        base64.b85encode(zlib.compress(b"[1, 2]")).decode(),
        base64.b85encode(zlib.compress(rb'[{"a": "\ud800"}, [], []]')).decode(),
    ],
)
def test_what_was_put_into_the_form_by_others_is_none(text: str) -> None:
    assert unpacked(text) is None


def test_a_proposal_that_would_unpack_to_much_is_none() -> None:
    bomb = base64.b85encode(zlib.compress(b"[" + b" " * (proposing.LARGEST_UNPACKED + 1) + b"]")).decode()
    assert unpacked(bomb) is None


def test_too_many_changes_for_a_form_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposing, "LARGEST_PACKED", 10)
    with pytest.raises(FileRefusedError, match=TOO_MANY[:30]):
        packed(Proposal({}, (change(TITLE, "x"),)))


def test_only_lines_that_differ_are_written() -> None:
    shelf = read_folder(SOUND)
    texts = proposing.texts_after(shelf, [beside(TITLE, "A better shop")])
    before = shelf.sheets["shop.yaml"].text.splitlines()
    assert [new for old, new in zip(before, texts["shop.yaml"].decode().splitlines(), strict=True) if old != new] == [
        "title: A better shop"
    ]
    assert proposing.shelf_after(shelf, texts).sheets["shop.yaml"].written["title"] == "A better shop"


def test_what_cannot_be_written_is_refused_with_the_file() -> None:
    gone = Address("gone.yaml", "file", "", ("title",))
    with pytest.raises(DraftError, match=NO_FILE[-20:]):
        proposing.texts_after(read_folder(SOUND), [beside(gone, "x")])
    homeless = Address("shop.yaml", "question", "nobody", ("ask",))
    with pytest.raises(DraftError, match="“nobody” would belong to nothing"):
        proposing.texts_after(read_folder(SOUND), [beside(homeless, "x")])
    deep: object = "x"
    for _ in range(20):
        deep = [deep]
    shelf = shelf_of({"shop.yaml": b"title: a\n"})
    with pytest.raises(DraftError, match="could not be changed"):
        proposing.texts_after(shelf, [beside(TITLE, deep)])


def test_a_workbook_of_texts_that_are_not_known_or_of_another_bank_is_refused(session: Session) -> None:
    with pytest.raises(FileRefusedError, match=UNKNOWN_ORIGIN[:30]):
        proposing.base_of(session, {"shop.yaml": "0" * 64})
    with pytest.raises(FileRefusedError, match=OTHER_BANK[:30]):
        proposing.read_proposal(session, {}, {"farm.yaml": "0" * 64}, "shop.yaml")
    text = Path(SOUND / "shop.yaml").read_bytes()
    cells = proposing.base_of(session, {"shop.yaml": keep_text(session, text)})
    assert same(
        sorted(map(str, cells)), sorted(map(str, cells_of("shop.yaml", read_folder(SOUND).sheets["shop.yaml"].written)))
    )


def test_rows_that_are_missing_go_only_when_somebody_wants_that(session: Session) -> None:
    shelf = read_folder(SOUND)
    origin = {one.name: keep_text(session, one.text.encode()) for one in files_of_bank(shelf, "shop")}
    cells = cells_of_bank(shelf, "shop")
    last = [at.id for at in cells if at.what == "question" and at.file == "shop.yaml"][-1]
    fewer = {at: value for at, value in cells.items() if (at.what, at.id) != ("question", last)}
    sheets = read_sheets(workbook_of("Shop", fewer, origin))
    read = proposing.read_proposal(session, sheets, origin, "shop.yaml")
    assert read.proposal.changes == ()
    assert proposing.beside(session, shelf, "shop", read.proposal).taken == ()
    found = proposing.beside(session, shelf, "shop", read.proposal, take_away=True)
    after = proposing.texts_after(shelf, found.taken)["shop.yaml"].decode()
    assert f"id: {last}\n" not in after
    assert shelf.sheets["shop.yaml"].text.endswith(after[-200:]), "the rest stays to the letter"
