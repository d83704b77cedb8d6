"""Papers: what each says of a record, the templates that print them, names and positions in their cases."""
