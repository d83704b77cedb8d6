"""The route of a person: everything that is recorded about him or her as one line of time (kizil 1.4)."""
