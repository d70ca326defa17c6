"""What a file holds, whatever it is packed in: known by its first bytes, never by its name."""
