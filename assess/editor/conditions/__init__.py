"""A condition built from menus and said back in words. Begin with `rows.py`: from a condition to lines of menus and back."""
