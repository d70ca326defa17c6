"""Other programs that load AIS into a database, measured beside ours where they are installed."""
