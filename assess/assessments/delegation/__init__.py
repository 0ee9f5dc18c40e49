"""Where a business gives a colleague a part of the questions, by a link and without an account.

A colleague never sees an earlier answer, another part, how far anybody is, or any question that can raise a sign beside others.
What somebody else has said since is never written over: the colleague's answer waits as an offer until the business takes it or not.
Begin with `offering.py` (which questions), then `keeping.py` (links and their history) and `answers.py` (what becomes of an answer).
"""
