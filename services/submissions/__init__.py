"""Reports that are handed in: drawn up, approved and frozen, sent, accepted or returned (vologda 2.3, 2.4)."""
