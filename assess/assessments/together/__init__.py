"""A coordinator helps to fill it in, by phone or on a visit, because the business asked.

It must never open anything without the code of the business, nor a moment after the business ended it. Begin with `helping.py`.
"""
