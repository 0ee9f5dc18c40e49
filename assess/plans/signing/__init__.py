"""Where a senior person reads what was submitted and signs it off, and where the business asks for that.

The reader sees the copy of the business as it is, with nothing marked. Begin with `views_ask.py` for the business and `views_sign.py`
for whoever signs; `shown.py` says what of a sign-off stands on which copy.
"""
