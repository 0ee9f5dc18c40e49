"""A draft tried before it counts: answered as a business would, held against its worked examples, read as text, looked through for remarks."""
