"""The audit log: one event for each change, in the transaction of that change, in a chain nobody can mend unseen.

It must never hold an answer, a name, an address or which question raised a sign; nobody can change or delete an event, and what an
event said of an assessment can no longer be traced to it once that is deleted.
Begin with `recording.py` (how an event is appended), then `requests.py` (how each page of the site gets its event) and `verifying.py`.
"""
