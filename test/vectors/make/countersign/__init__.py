"""A second implementation of docs/spec, written from those pages alone; it exists to make the test vectors."""
