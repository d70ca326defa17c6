"""What every Fairway service shares: records, topics, broker, worker, settings, telemetry."""
