"""Reads feeds, joins sentences to messages, and publishes them as raw records in micro-batches."""
