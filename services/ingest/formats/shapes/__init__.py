"""What the objects of decoded feeds look like: one file a provider, and `listing.py` that names them all."""
