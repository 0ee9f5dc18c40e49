"""Comments of colleagues on a question, one thread each."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assess.assessments.models import Comment
from assess.assessments.services import lock_assessment
from assess.core.errors import NotFoundError

LONGEST_COMMENT = 500
MAX_COMMENTS_PER_QUESTION = 100
MAX_COMMENTS = 500


class TooManyCommentsError(Exception):
    """A question, or the whole assessment, has so many comments that no more are taken. Its words say which, to the person who wrote."""


class CommentNotRemovableError(NotFoundError):
    """It is another person's, was answered, settled, or is not there."""


@dataclass(frozen=True, slots=True)
class CommentAuthor:
    """Who writes. `person_id` is None for the person who holds a link."""

    person_id: uuid.UUID | None

    def wrote(self, comment: Comment) -> bool:
        """Whether a comment is theirs. A comment whose author has no account any more is nobody's."""
        if self.person_id is None:
            return not comment.by_member
        return comment.person_id == self.person_id


def add_comment(
    session: Session,
    assessment_id: uuid.UUID,
    question: str,
    words: str,
    author: CommentAuthor,
    now: datetime,
    *,
    for_delegate: bool,
) -> Comment:
    """Keep one more comment. Raises TooManyCommentsError, AssessmentUnknownError."""
    lock_assessment(session, assessment_id)
    mine = select(func.count()).select_from(Comment).where(Comment.assessment_id == assessment_id)
    if (session.scalar(mine.where(Comment.question == question)) or 0) >= MAX_COMMENTS_PER_QUESTION:
        raise TooManyCommentsError("There are very many comments here already. Talk to each other instead.")
    if (session.scalar(mine) or 0) >= MAX_COMMENTS:
        raise TooManyCommentsError(
            f"This self-check has {MAX_COMMENTS} comments, and takes no more. Talk to each other instead."
        )
    made = Comment(
        assessment_id=assessment_id,
        question=question,
        words=words,
        for_delegate=for_delegate,
        by_member=author.person_id is not None,
        person_id=author.person_id,
        at=now,
    )
    session.add(made)
    session.flush()
    return made


def get_thread(session: Session, assessment_id: uuid.UUID, question: str) -> list[Comment]:
    mine = (Comment.assessment_id == assessment_id) & (Comment.question == question)
    return list(session.scalars(select(Comment).where(mine).order_by(Comment.at, Comment.id)))


def open_comment_counts(session: Session, assessment_id: uuid.UUID) -> Counter[str]:
    mine = (Comment.assessment_id == assessment_id) & Comment.settled_at.is_(None)
    return Counter(session.scalars(select(Comment.question).where(mine)))


def comments_for_delegates(session: Session, assessment_id: uuid.UUID, questions: Collection[str]) -> Sequence[Comment]:
    """What was written for the person who answers these questions by a link, and is not settled; the first one first."""
    mine = (Comment.assessment_id == assessment_id) & Comment.question.in_(questions)
    shown = Comment.for_delegate.is_(True) & Comment.settled_at.is_(None)
    return session.scalars(select(Comment).where(mine, shown).order_by(Comment.at, Comment.id)).all()


def close_thread(session: Session, assessment_id: uuid.UUID, question: str, now: datetime) -> None:
    mine = (Comment.assessment_id == assessment_id) & (Comment.question == question)
    session.execute(update(Comment).where(mine, Comment.settled_at.is_(None)).values(settled_at=now))


def removable_comment_id(thread: Sequence[Comment], author: CommentAuthor) -> uuid.UUID | None:
    """The comment of a thread that this author may take away: the last one, if it is theirs and not settled."""
    if not thread or thread[-1].settled_at is not None or not author.wrote(thread[-1]):
        return None
    return thread[-1].id


def delete_comment(
    session: Session, assessment_id: uuid.UUID, question: str, comment_id: uuid.UUID, author: CommentAuthor
) -> None:
    """Delete one's own last comment. Raises CommentNotRemovableError, AssessmentUnknownError."""
    lock_assessment(session, assessment_id)
    thread = get_thread(session, assessment_id, question)
    if removable_comment_id(thread, author) != comment_id:
        raise CommentNotRemovableError
    session.delete(thread[-1])
    session.flush()
