"""CQL2, the OGC's Common Query Language (21-065r2), asked of columns of reports."""
