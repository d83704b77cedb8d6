"""Daily work with graduates: a module of verbs for each kind of record (domain §3, Ж-5…Ж-7, Ж-11, Ж-12, П-1)."""
