"""What a draft still holds of a withdrawn edition, and its files without it: a three-way merge, value by value."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.bank_editor.draft_context import DraftContext
from assess.question_banks import drafts
from assess.question_banks.content_versions import files_in_force
from assess.question_banks.editions import UnsettledWithdrawal, unsettled_withdrawals
from assess.question_banks.files import ContentFile, ContentFiles, UnreadableError
from assess.question_banks.models import Draft, EditionRow, EditionStage
from assess.question_banks.validation import check_files_cached
from assess.question_banks.yaml_patch import YamlPatchError, patch_yaml, same_value


class _Nothing:
    """There is no such key or entry."""


_NOTHING = _Nothing()
ValuePath = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WithdrawalConflict:
    """A place that the withdrawn edition changed and something later changed again. `key` names it in a form."""

    file: str
    path: ValuePath
    mine: str
    before: str

    @property
    def key(self) -> str:
        return "/".join((self.file, *self.path))

    @property
    def where(self) -> str:
        return " – ".join(one.replace("_", " ") for one in self.path)


@dataclass(slots=True)
class _FileMerge:
    """One file. `taken`: places that go back; `clashes`: those to choose."""

    file: str
    mine: Collection[str]
    taken: list[ValuePath] = field(default_factory=list)
    clashes: list[WithdrawalConflict] = field(default_factory=list)

    def value(self, here: Any, withdrawn: Any, before: Any, path: ValuePath) -> Any:  # noqa: ANN401  # whatever stands there
        if _same(withdrawn, before) or _same(here, before):
            return here
        if _same(here, withdrawn):
            self.taken.append(path)
            return before
        if isinstance(here, Mapping) and isinstance(withdrawn, Mapping) and isinstance(before, Mapping):
            found = {
                name: self.value(
                    here.get(name, _NOTHING),
                    withdrawn.get(name, _NOTHING),
                    before.get(name, _NOTHING),
                    (*path, str(name)),
                )
                for name in _order(list(here), list(withdrawn), list(before))
            }
            return {name: one for name, one in found.items() if one is not _NOTHING}
        sides = [_by_id(one) for one in (here, withdrawn, before)]
        if all(one is not None for one in sides):
            mine, was, old = (one or {} for one in sides)
            rows = [
                self.value(mine.get(name, _NOTHING), was.get(name, _NOTHING), old.get(name, _NOTHING), (*path, name))
                for name in _order(list(mine), list(was), list(old))
            ]
            return [one for one in rows if one is not _NOTHING]
        clash = WithdrawalConflict(self.file, path, _said(here), _said(before))
        self.clashes.append(clash)
        return here if clash.key in self.mine else before


@dataclass(frozen=True, slots=True)
class WithdrawnInDraft:
    """A withdrawn edition and a draft of its bank.

    `holds`: something of it is in the draft. `kept`: an editor said that it stays. `instead`: the number of the edition whose text would
    be taken; None when there is none to go back to. `files` are those that would change, None for one that goes.
    """

    withdrawn: UnsettledWithdrawal
    title: str
    holds: bool
    kept: bool
    instead: int | None
    files: Mapping[str, bytes | None]
    clashes: Sequence[WithdrawalConflict]

    @property
    def undecided(self) -> bool:
        return self.holds and not self.kept


def banks_with_withdrawn(session: Session, draft_context: DraftContext) -> frozenset[str]:
    """The banks with a withdrawn edition that a draft is about: it changes them, or an editor said that it keeps what was withdrawn."""
    waiting = unsettled_withdrawals(session)
    if not waiting:
        return frozenset()
    here = check_files_cached(files_in_force(session), draft_context.now).banks
    kept = drafts.kept_withdrawals(session, draft_context.draft)
    found = {one.bank for one in waiting if one.event_id in kept}
    for bank in {one.bank for one in waiting} - found:
        was, now = here.get(bank), draft_context.report.banks.get(bank)
        before, after = (one.compiled.digest if one and one.compiled else None for one in (was, now))
        if before != after:
            found.add(bank)
    return frozenset(found)


def withdrawn_in_draft(
    session: Session, draft_context: DraftContext, mine: Collection[str] = ()
) -> list[WithdrawnInDraft]:
    """The withdrawn editions of the banks that a draft is about. `mine`: the clashes at which the text of the draft is chosen."""
    waiting = unsettled_withdrawals(session)
    if not waiting:
        return []
    touched, kept = (
        banks_with_withdrawn(session, draft_context),
        drafts.kept_withdrawals(session, draft_context.draft),
    )
    return [
        withdrawn_in_files(session, draft_context.files, one, mine, kept=one.event_id in kept)
        for one in waiting
        if one.bank in touched
    ]


def withdrawn_in_files(
    session: Session, current: ContentFiles, one: UnsettledWithdrawal, mine: Collection[str] = (), *, kept: bool = False
) -> WithdrawnInDraft:
    withdrawn = session.get_one(EditionRow, one.edition_id)
    wanted = select(EditionRow).where(
        EditionRow.bank == one.bank,
        EditionRow.number < one.number,
        EditionRow.stage == EditionStage.PUBLISHED,
    )
    before = session.scalars(wanted.order_by(EditionRow.number.desc()).limit(1)).one_or_none()
    title = str(withdrawn.compiled.get("title", one.bank))
    if before is None:
        return WithdrawnInDraft(one, title, holds=True, kept=kept, instead=None, files={}, clashes=())
    files: dict[str, bytes | None] = {}
    clashes: list[WithdrawalConflict] = []
    taken = False
    for name in sorted({*withdrawn.source, *before.source}):
        was, old = withdrawn.source.get(name), before.source.get(name)
        here = current.files.get(name)
        if was == old or (here is None and old is None):
            continue
        merge = _FileMerge(name, mine)
        text = _text_without(merge, here, was, old)
        taken = taken or bool(merge.taken)
        clashes += merge.clashes
        if text != (here.text if here else None):
            files[name] = None if text is None else text.encode()
    return WithdrawnInDraft(one, title, taken, kept, before.number, files, clashes)


def leave_out_withdrawn(
    session: Session, draft: Draft, one: WithdrawnInDraft, person_id: uuid.UUID, now: datetime
) -> None:
    """The caller commits. Raises DraftError when a file is in another open draft, or the draft is over."""
    what = f"what edition {one.withdrawn.number} of “{one.title}” brought: left out"
    for name, content in one.files.items():
        seen = drafts.file_in_draft(session, draft, name)
        drafts.save_draft_file(session, draft, name, content, person_id, now, seen=seen, what=what)
    drafts.log_withdrawn_choice(session, draft, one.withdrawn.event_id, person_id, now, keep=False, what=what)


def keep_withdrawn(session: Session, draft: Draft, one: WithdrawnInDraft, person_id: uuid.UUID, now: datetime) -> None:
    """Say that a draft keeps what was withdrawn. The caller commits. Raises DraftError when the draft is over."""
    drafts.log_withdrawn_choice(
        session,
        draft,
        one.withdrawn.event_id,
        person_id,
        now,
        keep=True,
        what=f"what edition {one.withdrawn.number} of “{one.title}” brought: kept",
    )


def _text_without(merge: _FileMerge, here: ContentFile | None, was: str | None, old: str | None) -> str | None:
    """The text of a file without what was withdrawn; exactly as before where nothing later changed it."""
    now = here.text if here else None
    if now == was:
        merge.taken.append(())
        return old
    if now == old or here is None:
        return now
    withdrawn, before = (
        _NOTHING if text is None else dict(ContentFile(merge.file, text.encode()).raw_data) for text in (was, old)
    )
    wanted = merge.value(dict(here.raw_data), withdrawn, before, ())
    if not merge.taken and not merge.clashes:
        return now
    if not isinstance(wanted, dict):
        return None
    try:
        return patch_yaml(here.text, wanted)
    except (YamlPatchError, UnreadableError):
        raise drafts.DraftError(
            f"The text of {merge.file} cannot be taken back by itself. Change it in a draft."
        ) from None


def _same(one: object, other: object) -> bool:
    if one is _NOTHING or other is _NOTHING:
        return one is other
    return same_value(one, other)


def _by_id(value: object) -> dict[str, Any] | None:
    """The entries of a list by id; None for what is no such list."""
    if value is _NOTHING:
        return {}
    if not isinstance(value, list) or not all(
        isinstance(one, Mapping) and isinstance(one.get("id"), str) for one in value
    ):
        return None
    found = {str(one["id"]): one for one in value}
    return found if len(found) == len(value) else None


def _order(mine: Sequence[Any], withdrawn: Sequence[Any], before: Sequence[Any]) -> list[Any]:
    """All names: in the order of before where the draft has that of the withdrawn text, else in its own. What is missing comes after its neighbour."""
    moved_back = [one for one in mine if one in withdrawn] == [one for one in withdrawn if one in mine]
    first, second = (before, mine) if moved_back else (mine, before)
    return _merged_order(_merged_order(first, second), withdrawn)


def _merged_order(first: Iterable[Any], second: Sequence[Any]) -> list[Any]:
    found = list(first)
    for at, name in enumerate(second):
        if name not in found:
            after = next((one for one in reversed(second[:at]) if one in found), None)
            found.insert(0 if after is None else found.index(after) + 1, name)
    return found


def _said(value: object) -> str:
    if value is _NOTHING:
        return "nothing"
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_said(one)}" for name, one in value.items())
    return ", ".join(map(_said, value)) if isinstance(value, list) else str(value)
