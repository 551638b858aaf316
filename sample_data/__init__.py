"""A seeded log of a shop, and analyses of it in YAML; see README.md beside this file."""
