"""Import of suppliers from a CSV or XLSX file: read in a limited process, check, preview, and only after confirmation add and invite."""
