"""Where a business lists what it buys, line by line, and sees at once how risky the country and the goods are.

It must never lose what another person typed, never say anything about a firm, and never let a line change the score of the
business. Begin with `views.py` for the way of a line, then `keeping.py` for how it is kept and `showing.py` for how it is judged. `from_file.py`
reads the same lines from an answers file.
"""
