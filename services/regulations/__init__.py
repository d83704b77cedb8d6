"""Packs of regulations: read, checked, loaded in versions, counted."""
