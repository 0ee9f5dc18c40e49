"""What may have become of an action: a fixed list of verbs. The name of a view begins with one, so most pages need not say it."""

from __future__ import annotations

from collections.abc import Mapping

OF_A_VIEW: Mapping[str, str] = {
    "accept": "accepted",
    "add": "added",
    "answer": "widened",
    "ask": "asked",
    "begin": "begun",
    "change": "changed",
    "choose": "chosen",
    "claim": "claimed",
    "close": "ended",
    "comment": "written",
    "confirm": "confirmed",
    "correct": "reopened",
    "create": "begun",
    "decide": "decided",
    "delete": "deleted",
    "disable": "disabled",
    "enable": "enabled",
    "end": "ended",
    "enter": "entered",
    "export": "exported",
    "extend": "extended",
    "finish": "finished",
    "forget": "removed",
    "give": "given",
    "go": "put back",
    "grant": "given",
    "invite": "invited",
    "join": "joined",
    "keep": "kept",
    "leave": "left",
    "make": "made",
    "move": "moved",
    "narrow": "narrowed",
    "open": "opened",
    "order": "made",
    "prove": "proved",
    "put": "put back",
    "redact": "redacted",
    "reject": "refused",
    "remove": "removed",
    "rename": "changed",
    "resend": "sent",
    "resolve": "resolved",
    "resume": "opened",
    "revoke": "ended",
    "save": "saved",
    "send": "sent",
    "set": "changed",
    "share": "shared",
    "sign": "signed",
    "start": "begun",
    "stop": "stopped",
    "submit": "submitted",
    "tick": "ticked off",
    "undo": "undone",
    "update": "changed",
    "withdraw": "ended",
    "write": "written",
}
"""By the first word in the name of a view."""

CHANGED = "changed"
"""What is said where the name of the view says nothing."""

VERBS = frozenset(OF_A_VIEW.values()) | {
    CHANGED,
    "published",
    "reminded",
    "signed in",
    "signed out",
    "tried again",
}


def verb_of(view: str) -> str:
    """What became of the action of the view of this name: "end_link" has "ended"."""
    return OF_A_VIEW.get(view.split("_", 1)[0], CHANGED)
