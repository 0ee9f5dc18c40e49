"""What may have become of an action: a fixed list of verbs. The name of a view begins with one, so most pages need not say it."""

from __future__ import annotations

from collections.abc import Mapping

OF_A_VIEW: Mapping[str, str] = {
    "accept": "accepted",
    "add": "added",
    "answer": "widened",
    "ask": "asked",
    "begin": "begun",
    "blank": "removed",
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
    "lift": "lifted",
    "make": "made",
    "move": "moved",
    "narrow": "narrowed",
    "open": "opened",
    "order": "made",
    "print": "made",
    "prove": "proved",
    "put": "put back",
    "redact": "redacted",
    "refuse": "refused",
    "reject": "refused",
    "remove": "removed",
    "rename": "changed",
    "renew": "made",
    "resend": "sent",
    "resolve": "resolved",
    "resume": "opened",
    "revoke": "ended",
    "save": "saved",
    "send": "sent",
    "set": "changed",
    "settle": "settled",
    "share": "shared",
    "sign": "signed",
    "start": "begun",
    "stop": "stopped",
    "submit": "submitted",
    "suspend": "suspended",
    "tick": "ticked off",
    "undo": "undone",
    "update": "changed",
    "withdraw": "ended",
    "write": "written",
}
"""By the first word in the name of a view."""

OF_A_PAGE: Mapping[str, str] = {
    "careful.take": "taken out",
    "claim.take": "claimed",
    "colleague.not_done": "taken back",
    "delegation.back": "sent back",
    "desk_people.sign_person_out": "signed out",
    "forgotten.forgotten": "asked",
    "invitations.take_back": "ended",
    "second_step.sign_in_by_passkey": "signed in",
    "second_step.take_second_step": "signed in",
    "share_accept.take_up": "accepted",
    "share_one.write_grant_again": "sent",
    "sign_in.sign_in": "signed in",
    "sign_in.sign_in_by_link": "signed in",
    "sign_in.sign_out": "signed out",
    "sign_up.sign_up": "asked",
    "signer.send_it_back": "sent back",
    "signing.send_here": "sent back",
    "signing.take_away": "taken back",
    "talk.take_it_back": "taken back",
    "talk_business.take_it_back": "taken back",
}
"""By the endpoint, for views whose first word says something else, or nothing."""

CHANGED = "changed"
"""What is said where the name of the view says nothing."""

VERBS = frozenset([*OF_A_VIEW.values(), *OF_A_PAGE.values()]) | {
    CHANGED,
    "half way",
    "published",
    "reminded",
    "tried again",
}


def verb_of(endpoint: str) -> str:
    """What became of the action of the page of this endpoint: "share.end_link" has "ended"."""
    view = endpoint.rsplit(".", 1)[-1]
    return OF_A_PAGE.get(endpoint) or OF_A_VIEW.get(view.split("_", 1)[0], CHANGED)
