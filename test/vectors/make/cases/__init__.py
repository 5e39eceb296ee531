"""What is written to test/vectors: one module per file."""
