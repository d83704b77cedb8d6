"""Plans of support: drafted, approved by the head, carried out measure by measure, taken over by a new edition."""
