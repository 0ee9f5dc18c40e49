"""A business that is half-way goes on to newer questions, or stays: nothing happens by itself, and it can go back until it submits.

Begin with `carrying.py`, which says what becomes of everything said, without a database; `keeping.py` does it; `comparing.py` says what differs.
"""
