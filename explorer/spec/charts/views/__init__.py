"""Kinds of charts that have no card: a view shows them."""
