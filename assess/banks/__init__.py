"""Where coordinators' files become editions: read strictly, checked, compiled, published and never changed again.

It must never judge an answer or guess what an author meant: a file is sound, or it is refused with line and repair.
Begin at `reader.py` for the way from files to one document, then `checking.py` and `editions.py`.
"""
