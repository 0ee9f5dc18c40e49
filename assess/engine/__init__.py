"""The heart of Assess: what is asked, what an answer costs, what to do about it, as plain Python.

It must never read a clock, a file, a database or a request: editions, answers, settings and today come in as arguments.
Begin at `document.py` for what an edition is made of, then `visibility.py` and `scoring.py` for what becomes of answers.
"""
