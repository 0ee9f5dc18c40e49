"""Question banks: files are read strictly, checked, compiled and published as editions that never change again.

It guesses nothing: a file is sound, or is refused with line and repair. Begin with `reader`, then `editions`.
"""
