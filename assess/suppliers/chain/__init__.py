"""The chain: suppliers of suppliers, as far as each of them lets it be seen.

It must never show a band, a date, a word, a share or any customer, nor a name to which the business itself did not say yes.
Begin with `rule.py` (who sees what, as plain Python), then `consenting.py` (what was said) and `reading.py` (what is looked up).
"""
