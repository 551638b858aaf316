"""What the browser's tab says."""

TITLE = "Session Explorer"


def tab_title(part: str = "") -> str:
    """What the browser's tab says.

    >>> tab_title("shop.parquet"), tab_title()
    ('shop.parquet – Session Explorer', 'Session Explorer')
    """
    return f"{part} – {TITLE}" if part else TITLE
