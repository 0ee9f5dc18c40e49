"""Check codes: whoever holds a paper asks whether this service made it, and when.

It must never say more than dates, whether it is the latest, and that nobody checked the answers: no name, no result, no sector.
Begin with `codes.py`; `views.py` is the public page.
"""
