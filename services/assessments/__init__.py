"""What specialists find out about a person, and the category of support that follows from it."""
