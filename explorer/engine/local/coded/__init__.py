"""The sessions of one definition as small integers, made from the tables in memory."""
