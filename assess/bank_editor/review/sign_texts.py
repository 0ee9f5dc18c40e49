"""The texts of a draft that touch a sign, whole, old beside new: the publisher reads each of them and says so.

A text touches a sign where its question can raise one, is looked at by a check that has one, or prints its action with such a question.
What a duty, a template or a contact says is read in the same way: it is in the hands of everybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import zip_longest
from typing import Any, TypeVar

from assess.bank_editor.labels import file_label
from assess.bank_editor.questions.fields import HARM_WORDS, KIND_WORDS, TYPE_WORDS
from assess.bank_editor.review.full_text import (
    NOTHING_WORD,
    action_in_words,
    answers_of,
    question_name,
    texts_read_out,
)
from assess.engine.bank import Check, Edition, Question, Section
from assess.engine.bank_validation_conditions import questions_with_place
from assess.engine.conditions import Condition, condition_subjects
from assess.engine.endangering_words import find_endangering_words
from assess.engine.in_words import condition_in_words, edition_names
from assess.engine.problems import DocumentPath
from assess.engine.record import questions_dependent_on_signs
from assess.engine.schema import EitherType, ListType, MapType, ObjectType, PlainType, TextType, ValueType, file_fields
from assess.question_banks.files import ContentFile, ContentFiles, content_digest, is_table
from assess.question_banks.reader import LoadedEdition
from assess.question_banks.shapes import SHAPES
from assess.question_banks.validation import CheckedFiles, LocatedRemark, remarks_on_bank
from assess.question_banks.yaml_patch import canonical

_SIGN_FOLDERS = ("duties/", "papers/", "buyers/", "dimensions.", "owners.")
"""Files beside the questions whose texts are all read one by one, by how their names begin."""
_SEARCHED_FOLDERS = (*_SIGN_FOLDERS, "settings/", "reference/", "sources.")
"""Files in which words are looked for."""

BESIDE_A_SIGN = "It raises no sign itself. A check with a sign looks at it, it is asked because of a sign, or its action is printed with that of a sign."
NO_SIGN = "It touches no sign, but its words may put somebody in danger."


@dataclass(frozen=True, slots=True)
class TextPart:
    """One part of a question or check. `mark` is another one as soon as the part is; `texts` are the words an author wrote, `place` is where they stand."""

    label: str
    shown: str
    mark: str
    texts: tuple[str, ...] = ()
    place: DocumentPath = ()


TextParts = Mapping[str, TextPart]


@dataclass(frozen=True, slots=True)
class SignText:
    """A text that touches a sign and is new or other than in use. `words` are those that block until a reason is given.

    `thing` is what it belongs to, and `signs` says which of its answers raise which sign.
    """

    key: str
    thing: str
    signs: tuple[str, ...]
    label: str
    before: str
    after: str
    words: tuple[str, ...]
    remarks: tuple[LocatedRemark, ...]
    file: str
    line: int

    @property
    def digest(self) -> str:
        """A mark of exactly this text in this place, beside exactly that old one."""
        return content_digest(canonical([self.key, self.before, self.after]).encode())


def sign_texts(
    checked: CheckedFiles, files: ContentFiles, published: Mapping[str, LoadedEdition], before: ContentFiles
) -> tuple[SignText, ...]:
    """All of them, in the order of asking, then file by file. What several banks share is told once."""
    found: dict[tuple[str, str, str], SignText] = {}
    editions = [one.edition for one in published.values()]
    known = _InUse(
        {question.id: (question, edition) for edition in editions for question in edition.questions()},
        {check.id: (check, edition) for edition in editions for check in edition.checks},
        frozenset(section.title for edition in editions for section in edition.sections if section.common),
    )
    for bank, checked_bank in checked.banks.items():
        old = published.get(bank)
        if (
            checked_bank.edition is None
            or checked_bank.compiled is None
            or (old and old.ref.digest == checked_bank.compiled.digest)
        ):
            continue
        compared = _BankComparison(
            old.edition if old else None, checked_bank.edition, known, remarks_on_bank(checked_bank)
        )
        for one, place in compared.texts():
            file, line = checked_bank.compiled.source_lines.at(place)
            found.setdefault((one.key, one.before, one.after), replace(one, file=file, line=line))
    for one in _sign_texts_in_files(files, before):
        found.setdefault((one.key, one.before, one.after), one)
    return tuple(found.values())


@lru_cache(maxsize=32)
def sign_question_ids(edition: Edition) -> frozenset[str]:
    """The questions that can raise a sign, those that checks with a sign look at or that are asked because of one, and those that print one action with them."""
    questions = edition.questions()
    here = {one.id for one in questions}
    found = {one.id for one in questions if one.can_sign or _signs(one)} | questions_dependent_on_signs(edition)
    for check in edition.checks:
        if check.sign:
            found |= {*check.inputs.values(), *_ids_in_condition(check.when), *_ids_in_condition(check.unless)} & here
    while True:
        group = {one.id for one in questions if one.same_as in found} | {
            one.same_as for one in questions if one.id in found and one.same_as
        }
        if group <= found:
            return frozenset(found)
        found |= group


def signs_in_words(question: Question) -> tuple[str, ...]:
    grave = {"urgent": "An urgent", "serious": "A serious"}
    said = tuple(f"{grave[sign]} sign is raised by {words}." for words, sign in _signs(question))
    if said:
        return said
    return ("A check raises a sign from this answer and others.",) if question.can_sign else (BESIDE_A_SIGN,)


def _signs(question: Question) -> list[tuple[str, str]]:
    labelled = [(f"“{one.label}”", one.sign) for one in question.options]
    ends = [(one, "more than that" if one.up_to is None else f"up to {one.up_to:g}") for one in question.bands]
    labelled += [(words, one.sign) for one, words in ends]
    labelled += [(f"“{one.id.replace('_', ' ')}”", one.sign) for one in question.steps]
    return [(words, sign) for words, sign in labelled if sign]


def _ids_in_condition(condition: Condition | None) -> Iterable[str]:
    return () if condition is None else condition_subjects(condition)


@dataclass(frozen=True, slots=True)
class _InUse:
    """Every question and check in use with an edition that has it: a new bank shares some that others have already."""

    questions: Mapping[str, tuple[Question, Edition]]
    checks: Mapping[str, tuple[Check, Edition]]
    common_pages: frozenset[str]
    """The titles of the pages that several banks may share."""


def _check_touches_sign(check: Check, edition: Edition) -> bool:
    return bool(check.sign) or check.same_as in sign_question_ids(edition)


class _BankComparison:
    def __init__(self, old: Edition | None, new: Edition, known: _InUse, remarks: Sequence[LocatedRemark]) -> None:
        self._old, self._new, self._known, self._remarks = old, new, known, remarks
        self._guarded = sign_question_ids(new)
        self._once = sign_question_ids(old) if old else frozenset()

    def texts(self) -> Iterator[tuple[SignText, DocumentPath]]:
        for place, question in questions_with_place(self._new):
            yield from self._of_question(place, question)
        yield from self._gone()
        yield from self._of_checks()
        yield from self._of_sections()
        # the title is no text of a sign, so only words are looked for
        old, title = self._old.title if self._old else "", self._new.title
        words = find_endangering_words(title) if title != old else ()
        if words:
            label = "The title of the bank"
            yield _sign_text("bank title", title, (), label, old or NOTHING_WORD, title, words), ("title",)

    def _in_use(self, question_id: str) -> tuple[Question | None, Edition | None, bool]:
        """The question in use, in which edition, and whether it touches a sign there."""
        if self._old is not None:
            mine = next((one for one in self._old.questions() if one.id == question_id), None)
            if mine is not None:
                return mine, self._old, question_id in self._once
        other = self._known.questions.get(question_id)
        return (other[0], other[1], question_id in sign_question_ids(other[1])) if other else (None, None, False)

    def _of_question(self, place: DocumentPath, question: Question) -> Iterator[tuple[SignText, DocumentPath]]:
        before, edition, once = self._in_use(question.id)
        touches = question.id in self._guarded or once
        parts = _parts_of(question, self._new)
        old = _parts_of(before, edition) if before and edition and (once or not touches) else {}
        if not touches:
            yield from _endangering_alone(
                _differing(f"question {question.id}", question.ask, (NO_SIGN,), old, parts, place)
            )
            return
        if edition is not self._old or (
            edition and _page_of(question.id, edition).id != _page_of(question.id, self._new).id
        ):
            parts |= _page_part(question.id, self._new)  # another title of the same page is told once, with the page
            old |= _page_part(question.id, edition) if old and edition else {}
        remarks = tuple(one for one in self._remarks if one.question == question.id)
        thing = question.ask
        yield from _differing(f"question {question.id}", thing, signs_in_words(question), old, parts, place, remarks)

    def _gone(self) -> Iterator[tuple[SignText, DocumentPath]]:
        here = {one.id for one in self._new.questions()}
        for question in self._old.questions() if self._old else ():
            if question.id in self._once and question.id not in here:
                signs = signs_in_words(question)
                key, ask = f"question {question.id}", question.ask
                yield _sign_text(key, ask, signs, "The whole question", ask, NOTHING_WORD), ()

    def _of_checks(self) -> Iterator[tuple[SignText, DocumentPath]]:
        before = {one.id: one for one in self._old.checks} if self._old else {}
        for index, check in enumerate(self._new.checks):
            old, edition = before.pop(check.id, None), self._old
            if self._old is None and check.id in self._known.checks:
                old, edition = self._known.checks[check.id]
            once = old is not None and edition is not None and _check_touches_sign(old, edition)
            touches = once or _check_touches_sign(check, self._new)
            was = _parts_of_check(old, edition) if old and edition and (once or not touches) else {}
            thing = f"Check {check.id}: {check.says}"
            parts, place = _parts_of_check(check, self._new), ("checks", index)
            if touches:
                grave = "an urgent" if check.sign == "urgent" else "a serious"
                signs = (f"It raises {grave} sign.",) if check.sign else (BESIDE_A_SIGN,)
                yield from _differing(f"check {check.id}", thing, signs, was, parts, place)
            else:
                yield from _endangering_alone(_differing(f"check {check.id}", thing, (NO_SIGN,), was, parts, place))
        for old in before.values():
            if old.sign:
                key, thing = f"check {old.id}", f"Check {old.id}"
                yield _sign_text(key, thing, (), "The whole check", old.says, NOTHING_WORD), ()

    def _of_sections(self) -> Iterator[tuple[SignText, DocumentPath]]:
        titles = {one.id: one.title for one in self._old.sections} if self._old else {}
        for index, section in enumerate(self._new.sections):
            old = titles.get(section.id, "")
            if section.title == old or (self._old is None and section.title in self._known.common_pages):
                continue
            words = find_endangering_words(section.title)
            if words or any(one.id in self._guarded for one in section.questions):
                key, title, was = f"section {section.id}", section.title, old or NOTHING_WORD
                yield _sign_text(key, title, (), "The title of a page", was, title, words), ("sections", index)


def _sign_text(
    key: str,
    thing: str,
    signs: tuple[str, ...],
    label: str,
    before: str,
    after: str,
    words: tuple[str, ...] = (),
    remarks: tuple[LocatedRemark, ...] = (),
) -> SignText:
    return SignText(key, thing, signs, label, before, after, words, remarks, "", 1)


def _differing(
    key: str,
    thing: str,
    signs: tuple[str, ...],
    old: TextParts,
    new: TextParts,
    place: DocumentPath,
    remarks: tuple[LocatedRemark, ...] = (),
) -> Iterator[tuple[SignText, DocumentPath]]:
    """The parts that differ. A text in use in this very thing may stand: its words block nothing."""
    used = {text for part in old.values() for text in part.texts}
    for name in dict.fromkeys([*new, *old]):
        was, now = old.get(name), new.get(name)
        if was and now and was.mark == now.mark:
            continue
        label = (now or was or TextPart("", "", "")).label
        texts = [text for text in (now.texts if now else ()) if text not in used]
        words = tuple(dict.fromkeys(word for text in texts for word in find_endangering_words(text)))
        before, after = (one.shown if one else NOTHING_WORD for one in (was, now))
        text = _sign_text(f"{key} {name}", thing, signs, label, before, after, words, remarks)
        yield text, (*place, *(now.place if now else ()))


def _endangering_alone(texts: Iterable[tuple[SignText, DocumentPath]]) -> Iterator[tuple[SignText, DocumentPath]]:
    """Of what touches no sign, the texts whose words may put a worker in danger."""
    return (one for one in texts if one[0].words)


def _page_of(question_id: str, edition: Edition) -> Section:
    return next(one for one in edition.sections if any(question.id == question_id for question in one.questions))


def _page_part(question_id: str, edition: Edition) -> dict[str, TextPart]:
    page = _page_of(question_id, edition)
    return {"page": TextPart("The page it stands on", page.title, f"{page.id} {page.title}", (page.title,))}


def _plain_part(label: str, text: str | None, place: DocumentPath) -> TextPart | None:
    return TextPart(label, text, text, (text,), place) if text else None


def _parts_of(question: Question, edition: Edition) -> dict[str, TextPart]:
    """Every part of a question that says something or decides what becomes of a sign."""
    parts: dict[str, TextPart | None] = {
        "ask": _plain_part("The question", question.ask, ("ask",)),
        **{key: _plain_part(label, text, (key,)) for key, label, text in texts_read_out(question)},
        "unit": _plain_part("What the number counts", question.unit, ("unit",)),
        "show_if": _condition_part("When it is asked", question.show_if, edition, ("show_if",)),
        "counted": _scoring_part(question),
        "same_as": _same_as(question.same_as, edition),
    }
    for key, label, words, mark, texts, place in answers_of(question, edition):
        parts[key] = TextPart(label, words, mark, texts, place)
    for column in question.columns:
        texts = (column.label, *(one.label for one in column.options))
        parts[f"column {column.id}"] = TextPart("Column", ", ".join(texts), repr(column), texts, ("columns",))
    return {key: part for key, part in parts.items() if part}


def _parts_of_check(check: Check, edition: Edition) -> dict[str, TextPart]:
    action = action_in_words(check.action, edition)
    texts = tuple(text for text in (check.action.title, check.action.do) if text) if check.action else ()
    parts: dict[str, TextPart | None] = {
        "says": _plain_part("What it found", check.says, ("says",)),
        "name": _plain_part("Name", check.name, ("name",)),
        "sign": TextPart("The sign", check.sign or "No sign", check.sign or "", (), ("sign",)),
        "when": _condition_part("When it is found", check.when, edition, ("when",)),
        "unless": _condition_part("When it is left out", check.unless, edition, ("unless",)),
        "rule": _plain_part(
            "The sum behind it", canonical([check.rule, dict(check.inputs)]) if check.rule else None, ("rule",)
        ),
        "action": TextPart("What to do", action, repr(check.action), texts, ("action", "do")) if action else None,
        "same_as": _same_as(check.same_as, edition),
    }
    return {key: part for key, part in parts.items() if part}


def _condition_part(label: str, condition: Condition | None, edition: Edition, place: DocumentPath) -> TextPart | None:
    """Compared by what it tests and not by its words: those hold the words of other questions."""
    if condition is None:
        return None
    said = condition_in_words(condition, edition_names(edition))
    return TextPart(label, said[0].upper() + said[1:], repr(condition), (), place)


def _same_as(name: str | None, edition: Edition) -> TextPart | None:
    if not name:
        return None
    return TextPart("Printed with the action of", question_name(name, edition), name, (), ("same_as",))


def _scoring_part(question: Question) -> TextPart:
    """How it is answered and what its sign hangs on beside its answers."""
    said = [
        dict(TYPE_WORDS)[question.type],
        dict(KIND_WORDS)[question.kind],
        "It can raise a sign" if question.can_sign else "It can raise no sign",
        f"Theme: {question.dimension}",
        *(["Buyers see it only added up"] if question.pooled else []),
        *(["It is in the quick check"] if question.quick else []),
        *([f"How grave it is: {HARM_WORDS.get(question.harm, question.harm)}"] if question.harm else []),
        *([f"The sum behind it: {question.rule}"] if question.rule else []),
        *([f"It takes over from {question.replaces}"] if question.replaces else []),
        *([f"It takes over old answers: {canonical(dict(question.option_map))}"] if question.option_map else []),
    ]
    words = ". ".join(said)
    return TextPart("How it is answered and counted", f"{words}.", words)


_Entry = Mapping[str, Any]
_One = TypeVar("_One")

HeldType = ValueType | None
"""What the definition of the format says of a value; None where nothing is known, and then it is read as a text."""


@dataclass(frozen=True, slots=True)
class _FileText:
    """A text of a file beside the one in use, "" where there is none. `called` is the way to it in words, `items` are the sentences of a list."""

    key: str
    called: str
    before: str
    after: str
    place: DocumentPath
    items: tuple[str, ...] = ()
    whole: bool = False
    """Whether it is a contact, of which every value is read."""


def _sign_texts_in_files(files: ContentFiles, before: ContentFiles) -> Iterator[SignText]:
    for name in sorted({*files.files, *before.files}):
        old, new = before.files.get(name), files.files.get(name)
        if not name.startswith(_SEARCHED_FOLDERS) or (old and new and old.content == new.content):
            continue
        used = {said for one in _changed_file_texts(None, old) for said in one.items}
        whole, title = name.startswith(_SIGN_FOLDERS), file_label(name, None)
        for one in _changed_file_texts(old, new):
            fresh = [said for said in one.items if said not in used]
            words = tuple(dict.fromkeys(word for said in fresh for word in find_endangering_words(said)))
            read = whole or one.whole or (name.startswith("settings/") and "value" in one.place)
            # keys that say what a text rests on: words are looked for, and that is all
            if words or (read and {"source", "unverified", "how_far_read", "reviewed_by"}.isdisjoint(one.place)):
                of, _, label = one.called.rpartition(" – ")
                label = label[:1].upper() + label[1:] or "All of it"
                text = _sign_text(
                    f"{name} {one.key}",
                    f"{title}: {of}" if of else title,
                    (),
                    label,
                    one.before or NOTHING_WORD,
                    one.after or NOTHING_WORD,
                    words,
                )
                yield replace(text, file=name, line=new.line(one.place) if new else 1)


def _changed_file_texts(old: ContentFile | None, new: ContentFile | None) -> Iterator[_FileText]:
    either = new or old
    if either is not None and is_table(either.name):
        before = set(old.text.splitlines()) if old else set()
        for line in new.text.splitlines() if new else before:
            if new is None or line not in before:
                yield _FileText(
                    line,
                    "Line of the table",
                    line if new is None else "",
                    line if new else "",
                    (),
                    (line,) if new else (),
                )
        return
    kind = next((SHAPES[key] for key in SHAPES for one in (new, old) if one is not None and key in one.raw_data), None)
    held = ObjectType(kind, kind) if kind else None
    yield from _differences_beneath(
        old.raw_data if old else None, new.raw_data if new else None, _FileText("", "", "", "", ()), held
    )


def _is_text(value: object, here: _FileText, held: HeldType) -> bool:
    """Whether an author wrote these words freely: ids, days, addresses, numbers and words of a fixed list are none."""
    if isinstance(value, Mapping | list) or value is None:
        return False
    if here.whole:
        # of a contact everything else is read, whatever kind of value it is
        return here.place[-1] not in {"id", "checked", "review_by"}
    if isinstance(held, ListType):
        held = held.inner
    if isinstance(held, TextType):
        return True
    plain = (None, PlainType.ANY, PlainType.BOOLEAN_OR_NUMBER, PlainType.SETTING_VALUE)
    return isinstance(value, str) and (held in plain or isinstance(held, EitherType))


def _differences_beneath(old: object, new: object, here: _FileText, held: HeldType) -> Iterator[_FileText]:
    if old == new or held is PlainType.CONDITION:
        return
    if isinstance(old, Mapping | None) and isinstance(new, Mapping | None):
        yield from _groups_beside(old, new, here, held)
    elif isinstance(old, list | None) and isinstance(new, list | None):
        yield from _lists_beside(old or [], new or [], here, held)
    elif isinstance(old, Mapping | list) or isinstance(new, Mapping | list):
        # another kind of value: neither is beside the other
        yield from _differences_beneath(old, None, here, held)
        yield from _differences_beneath(None, new, here, held)
    else:
        was, now = (str(one) if _is_text(one, here, held) else "" for one in (old, new))
        if was != now and any(letter.isalnum() for letter in was + now):
            yield replace(here, before=was, after=now, items=(now,) if now else ())


def _field_of(held: HeldType, name: str) -> HeldType:
    if isinstance(held, EitherType):
        held = held.inner
    if isinstance(held, MapType):
        return held.inner
    known = file_fields(held.in_files) if isinstance(held, ObjectType) else {}
    return known[name].type if name in known else None


def _groups_beside(old: _Entry | None, new: _Entry | None, here: _FileText, held: HeldType) -> Iterator[_FileText]:
    if old and new is None and here.place:
        gone = _groups_beside(old, {}, replace(here, key="", called=""), held)
        said = "\n".join(one.before for one in gone if one.before)
        if said:
            yield replace(here, before=said)
        return
    was, now = old or {}, new or {}
    for name in dict.fromkeys([*now, *was]):
        beneath = _beneath(here, str(name), str(name).replace("_", " "))
        yield from _differences_beneath(was.get(name), now.get(name), beneath, _field_of(held, str(name)))


def _beneath(here: _FileText, step: str | int, called: str) -> _FileText:
    place = (*here.place, step)
    said = f"{here.called} – {called}" if here.called else called
    return _FileText(f"{here.key}/{called}", said, "", "", place, (), here.whole or place == ("contacts",))


def _lists_beside(old: Sequence[Any], new: Sequence[Any], here: _FileText, held: HeldType) -> Iterator[_FileText]:
    was, now = ([str(one) for one in several if _is_text(one, here, held)] for several in (old, new))
    if was != now:
        yield replace(here, before="\n".join(was), after="\n".join(now), items=tuple(now))
    inner = held.inner if isinstance(held, ListType) else None
    rows, fresh = ([one for one in several if isinstance(one, list)] for several in (old, new))
    for was_row, row in _in_order(rows, fresh):
        index = _index_of(new, row) if row is not None else 0
        beneath = replace(here, key=f"{here.key}/{index}", place=(*here.place, index))
        yield from _lists_beside(was_row or [], row or [], beneath, inner)
    entries, others = ([one for one in several if isinstance(one, Mapping)] for several in (old, new))
    for first, then in _paired(entries, others):
        either: Mapping[str, Any] = then if then is not None else first if first is not None else {}
        own = str(either.get("id") or either.get("from") or "")
        called = next((str(either[part]) for part in ("who", "label", "title", "name") if either.get(part)), own)
        index = _index_of(others, then) if then is not None else 0
        entry = replace(
            here, key=f"{here.key}/{own or index}", called=called or here.called, place=(*here.place, index)
        )
        yield from _differences_beneath(first, then, entry, inner)


def _index_of(entries: Sequence[object], wanted: object) -> int:
    return next(index for index, one in enumerate(entries) if one is wanted)


def _paired(old: Sequence[_Entry], new: Sequence[_Entry]) -> Iterator[tuple[_Entry | None, _Entry | None]]:
    """Entries by their ids; those that have none side by side as they follow each other."""
    named = {str(one.get("id") or one.get("from")): one for one in old if one.get("id") or one.get("from")}
    rest = [one for one in old if not (one.get("id") or one.get("from"))]
    fresh = [one for one in new if not (one.get("id") or one.get("from"))]
    for one in new:
        if one.get("id") or one.get("from"):
            yield named.pop(str(one.get("id") or one.get("from")), None), one
    for gone in named.values():
        yield gone, None
    yield from _in_order(rest, fresh)


def _in_order(old: Sequence[_One], new: Sequence[_One]) -> Iterator[tuple[_One | None, _One | None]]:
    """What differs between two lists, side by side as it follows each other."""
    alike = SequenceMatcher(None, [canonical(one) for one in old], [canonical(one) for one in new], autojunk=False)
    for kind, first, last, begin, end in alike.get_opcodes():
        if kind != "equal":
            yield from zip_longest(old[first:last], new[begin:end])
