"""Sequences of events in sessions as SQL: the steps of a funnel, and the words that patterns are found in."""
