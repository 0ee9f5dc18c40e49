"""A bank as a spreadsheet and back. Only values changed in the spreadsheet are taken; formulas are never written."""
