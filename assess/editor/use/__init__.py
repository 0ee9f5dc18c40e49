"""How questions do in use: which are often not known, left open or changed at the end, and what people say of their words.

It must never let anybody conclude what one business answered. Begin with `counting.py`, which says what may be told.
"""
