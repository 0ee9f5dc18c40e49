"""A wrong number or a broken link is corrected at once by one coordinator, and a second person looks at it within seven days.

It must never reach a question, points, a sign, an action or a text: begin with `allowed.py`, which says all that may be mended.
"""
