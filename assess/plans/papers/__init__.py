"""Ready papers: a policy, terms, a check or a poster for the commonest actions, in Word and PDF.

Their words are files of `questionnaires/papers/`; nothing here may put in a name, an answer or a result of a business.
Begin with `shelf.py`, which reads them.
"""
