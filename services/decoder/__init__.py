"""The decoder: raw sentences in, decoded records out; it remembers nothing, so run as many as the load asks for."""
