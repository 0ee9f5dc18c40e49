"""Public pages: advice for workers and neighbours, and the pages on privacy, cookies, access and complaints.

They must never set a cookie, ask for anything, keep a record of a visit or promise what cannot be kept.
Begin with `views.py` for the advice, `policies.py` for the rest; the lists people read are in `advice.py`.
"""
