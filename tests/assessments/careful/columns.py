"""Every column that could hold words somebody typed: whether it does and is in view of whoever takes words out, or why it never does.

A new column has to be named here, else `test_every_column.py` fails. Named as free text it has to be filled in `filling.py` too.
"""

from __future__ import annotations

IN_VIEW = {
    "answer.value": "answers",
    "answer_event.before": "answers",
    "answer_event.after": "answers",
    "purchase_line.good": "purchases",
    "purchase_line.supplier": "purchases",
    "purchase_event.said": "purchases",
    "buyer_link.note": "buyer links",
    "submission.record": "submissions",
    "comment.words": "comments",
    "delegation.note": "delegations",
    "delegation.asked": "delegations",
    "delegation_event.words": "delegations",
    "delegated_answer.value": "answers of colleagues",
    "sign_request.note": "sign-offs",
    "sign_off.job": "sign-offs",
    "sign_event.words": "sign-offs",
    "register_item.reason_text": "register",
    "register_item.owner": "register",
    "register_evidence.title": "register",
    "register_event.before": "register",
    "register_event.after": "register",
    "share_grant.buyer": "shares",
    "talk_word.words": "talks with buyers",
    "rendered.content": "printed copies",
}
"""Columns with free text, and the place in which they are listed and emptied."""

NOT_FREE = {
    "a hash, a digest, a token or a key": """
        audit_event.hash audit_event.previous_hash audit_event.key_name buyer_link.token_hash calendar_feed.token_hash code_key.key
        cover_file.text delegation.token_hash rate_counter.key edition.digest guesses.key judged_text.mark paper_file.text passkey.credential_id
        passkey.public_key person.password_hash quiet_mailbox.mark recovery_code.code_hash reminder.confirm_hash reminder_stop.token_hash
        organisation.mark_key posted_code.code_hash unsubscribed.mark member_mark.mark rendered.digest rendered.state resume_link.pin_hash resume_link.token_hash share_file.digest share_file.page share_look.looker
        sign_off.digest sign_request.token_hash signed_in.token_hash submission.digest ticket.token_hash together.code_hash
        data_key.name data_key.proof rehearsal.after rehearsal.before rehearsal.settings visit.token_hash check_code.code code_app.seed invitation_link.token_hash stopped_mailbox.mark not_known.mark supplier_letter.mark supplier_letter.number summary_file.text supplier.identity
        supplier_import_row.identity talk_word.step
    """,
    "salts and hashes of a submission": "submission_seal.data",
    "a word from a list of ours, an id of the bank or a day": """
        answer.question answer_event.question judged_text.kinds answered_together.question audit_event.about_kind audit_event.action check_code.copy
        comment.question delegated_answer.question delegation.question delegation.section edition.bank invitation.roles
        purchase_line.country register_event.key register_evidence.dated register_evidence.good_until
        register_evidence.grade register_evidence.key register_evidence.kind register_item.done_on register_item.due register_item.key
        register_item.reason register_item.response register_item.status rendered.copy rendered.language submission.band submission.sector
        ticket.kind to_confirm.question standing.area standing.band standing.sector standing_duty.duty supplier.area supplier.sector
        supplier_import.sector supplier_invitation.sector rehearsal.bank unclear_note.bank unclear_note.month unclear_note.question
    """,
    "made by the machine from ids, numbers and names of ours": """
        audit_event.details audit_event.who guesses.moments job.arguments job.error job.key job.name job.owner job.place last_time.what
        purchase_line.share outbox.event outbox.last_error outbox.stop supplier_letter.event invitation_link.letter visit.letter unsubscribed.kind picture_month.counts reminder.told signed_in.browser standing.call_reasons
        bulk_item.before edition_move.before rehearsal.counts
    """,
    "a mail in our words: an address of a page, a name of a business, dates": "outbox.body outbox.subject outbox.sender_name",
    "an address of mail, asked for as such": """
        invitation.email outbox.reply_to supplier_letter.address supplier_letter.domain outbox.to_address person.email reminder.address share_grant.email ticket.email supplier.email
    """,
    "the name of a firm or a place, checked as such, or what a firm is known by": """
        organisation.company_number supplier_letter.buyer supplier_letter.asked_from invitation_link.buyer organisation.domain organisation.name organisation.name_by organisation.name_domains
        name_decision.company_number name_decision.domains name_decision.name site.name standing.name supplier.company_number supplier.name
        chain_naming.name standing.searched standing.sort_name
    """,
    "somebody's own name, given freely for themselves, or for their own key": "passkey.name person.name sign_off.name",
    "the name of who decided at a buyer, frozen with the decision": "contract.decided_by contract_event.by_name other_result.decided_by",
    "questions and law in words of ours": "edition.compiled edition.source paper_file.content",
    "questions and law as coordinators write them, and what they say to each other of it: no business reads or answers there": """
        draft.title draft_event.details draft_event.words draft_sheet.content contact_change.after contact_change.answer contact_change.before contact_change.called contact_change.reason contact_change.seen_at
        edition_byline.why mend.after mend.answer mend.before mend.editions mend.reason mend.steps mend.what
        sheet_text.content
    """,
    "how the desk confirmed a name, or why it did not, or why letters may go on: no business writes there": "letter_pause.reason name_decision.words",
    "the name of a file of the banks, or its digest": """
        contact_change.contact draft_sheet.base draft_sheet.name mend.sheet release_sheet.digest release_sheet.name sheet_text.digest shelf_state.digest shelf_state.sheets
    """,
    "the frozen copy for a buyer: picked answers, jobs of the bank, kinds of proof; filled in the test, and free of words": """
        share_grant.document share_file.content
    """,
    "what a buyer keeps of its own suppliers: it is no answer of a business, and no business reads it": """
        supplier.phone supplier.reference supplier_event.details contract.title contract.reference contract.levels contract.notes
        contract.tier_reason contract.asks_reason contract.design contract.terms contract.management contract_event.title
        contract_event.before contract_event.after supplier_import.file_name supplier_import.told supplier_import_row.faults
        supplier_import_row.values portfolio_file.wanted
    """,
    "what a buyer wrote to its supplier in a letter": "supplier_import.message supplier_invitation.message",
    "names of goods, places, bars and duties from lists of ours, as they stand in the frozen copy": """
        standing_bar.name standing_duty.title standing_good.good standing_good.place standing_good.word
    """,
    "names of suppliers and counts in words of ours; goes with every share it may rest on": "summary_file.content",
    "the board as a spreadsheet: what was shared with the buyer, as the frozen copies have it; it goes as soon as a share in it does": """
        portfolio_file.content
    """,
    "what a buyer looks for in its own list, and what it calls that": "saved_filter.name saved_filter.query",
    "names of places and results in words of ours; goes with every redaction": "cover_file.content",
    "a reason from a list": """
        unclear_note.words
    """,
}
"""Why the others are none, by reason."""
