"""The filter: keeps the voyage, drops the noise. Takes `decoded.ais.#`, gives `filtered.ais.<tail>`."""
