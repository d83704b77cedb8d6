"""Long work of a user: asked for once, done by whichever worker takes it, kept as a file for some days."""
