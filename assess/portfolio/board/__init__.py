"""The board: a table of all suppliers of a buyer, with filters, sorting, saved filters and bulk actions."""
