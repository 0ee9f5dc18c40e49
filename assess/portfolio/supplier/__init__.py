"""The page of one supplier: how it stands with it, what it shares with this buyer, and what the buyer says of it.

It must never show more of a copy than was shared.
Begin with `page.py` (what stands on it), then `details.py` (the form) and `views.py`.
"""
