"""How fast, how big, compared with what: each figure beside a baseline of the same run."""
