"""Workbooks that somebody sends in: what the archive says of itself is looked at first, and each is opened in a limited process of its own.

A room that takes workbooks has a small module that runs as that process (`suppliers/importing/child.py`); begin with `apart.py`.
"""
