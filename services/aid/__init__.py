"""Orders on curators, state assistance and papers for a dwelling."""
