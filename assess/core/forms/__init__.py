"""Forms: declared fields, and what reads a form that was sent."""
