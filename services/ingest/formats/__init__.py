"""What a line can be: one file a format, and `interpreter.py` (one folder up) that lists them and says who reads which line."""
