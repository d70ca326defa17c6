"""The commands that need no service's code, one file a group."""
