"""How the values of a source are read: times in any form, ids as texts, words for nobody as nulls."""
