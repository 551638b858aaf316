"""The kinds of values that expressions are made of."""

from enum import Enum


class Kind(Enum):
    """What a value is, whatever engine holds it; the text is how it is called in a sentence."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"
    TRUTH = "truth value"
    TIME = "time"  # without a zone: what a clock on the wall says
    INSTANT = "time with a zone"
    LENGTH = "duration"
    NOTHING = "null"
    OTHER = "value of another type"

    @property
    def article(self) -> str:
        """The kind with its article.

        >>> Kind.WHOLE.article, Kind.INSTANT.article
        ('a whole number', 'a time with a zone')
        """
        return "null" if self is Kind.NOTHING else f"a {self.value}"
