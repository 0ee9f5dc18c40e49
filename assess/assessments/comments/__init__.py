"""What colleagues say to each other about a question, one thread for each.

A question that can raise a sign has none, and no comment ever travels: not to a buyer, not to the desk, into no file. A colleague with
a link to a section sees only what was written for that. Begin with `keeping.py`.
"""
