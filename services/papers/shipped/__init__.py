"""The templates that we ship, made by our own code when first asked for: no binary file is kept of them."""
