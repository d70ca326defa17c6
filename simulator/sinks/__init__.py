"""Where the sentences go: one file per kind of destination."""
