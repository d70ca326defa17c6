"""Where lines and records come from: one file a kind of source; `kinds.py` lists them."""
