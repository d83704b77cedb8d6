"""Applications, refusals, contracts, conclusions, episodes of support: what may be done with them, and when not."""
