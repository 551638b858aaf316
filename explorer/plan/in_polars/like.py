"""LIKE as a regular expression."""

import re


def like_pattern(pattern: str, any_case: bool = False) -> str:
    """A LIKE pattern as a regular expression: `%` is any text, `_` one character.

    >>> like_pattern("50%_")
    '(?s)^50.*.$'
    """
    parts = (".*" if char == "%" else "." if char == "_" else re.escape(char) for char in pattern)
    return f"(?{'is' if any_case else 's'})^{''.join(parts)}$"
