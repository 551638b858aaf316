"""Answers about what sessions go through: what follows what, funnels, and paths."""
