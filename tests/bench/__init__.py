"""Measurements: the panel beside the bare floor and a stock Flask-Admin view, on both databases. `make bench`."""
