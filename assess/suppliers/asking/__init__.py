"""The forms of a buyer for one supplier: putting it on the list, asking it, reminding it, moving its date, asking no more.

It must never write to anybody before the buyer has seen the letter, nor say what another buyer did with the same business.
Begin with `reading.py` (what was typed), then `views_new.py` and `views_ask.py`.
"""
