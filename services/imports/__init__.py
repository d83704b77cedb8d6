"""Half-year forms loaded into the database: matched, compared, applied in one transaction, undone."""
