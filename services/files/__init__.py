"""Attachments and the personal file: bytes on disk, what may be stored, who may open it."""
