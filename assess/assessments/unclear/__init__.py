"""Notes that a question is hard to understand: what whoever answers says to those who look after the questions.

A note hangs on nothing: not on an assessment, a browser or a day. It must never be kept so that it leads to whoever wrote it.
Begin with `keeping.py`.
"""
