"""Reading the workbooks that offices mail: bytes in, understood rows out; no database, no web."""
