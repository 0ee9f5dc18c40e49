"""Paper: a finished page becomes a tagged PDF, made once and kept.

It must never print in a process that serves pages, and never fetch what a text asks for. Begin with `render.py`, which has a page
printed by the press in a child process; `pdf.py` and `finisher.py` are the press itself, `kept.py` the shelf of finished files.
"""
