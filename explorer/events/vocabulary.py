"""What values and columns mean by their words: which of them is a purchase, a login, a page, an amount."""

import re
from collections.abc import Iterable

# Of each meaning, the words that say it, the plainest first; a space stands between words of a value.
EVENTS = {
    "purchase": ("purchase", "checkout complete", "order", "checkout", "transaction", "payment", "buy", "sale", "paid"),
    "login": (
        "login",
        "log in",
        "logon",
        "sign in",
        "signin",
        "logged in",
        "signed in",
        "auth",
        "authenticate",
        "authentication",
    ),
    "register": ("register", "registration", "sign up", "signup", "signed up", "create account", "join"),
    "error": ("error", "exception", "failure", "failed", "crash", "timeout"),
}
# An order that was cancelled is none.
UNDONE = ("cancel", "cancelled", "canceled", "refund", "decline", "abandon", "remove", "return", "expire", "delete")
COLUMNS = {
    "page": ("page", "url", "path", "screen", "route", "referrer", "article", "title"),
    "amount": ("amount", "revenue", "price", "total", "sales", "cost", "value"),
}
# What the last word may go on with: orders, purchased, pathname; an author is no "auth".
ENDINGS = {"", "s", "es", "d", "ed", "ing", "name", "names"}
SHORTEST = 3
SMALL = {"to", "in", "up", "out", "of", "from", "with", "on", "off", "at", "by", "for"}
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")


def words(text: str) -> tuple[str, ...]:
    """The words of a name or value, in small letters.

    >>> words("signUp_Completed"), words("/checkout/")
    (('sign', 'up', 'completed'), ('checkout',))
    """
    return tuple(word.lower() for word in WORD.findall(text))


def meaning(texts: Iterable[str], wanted: tuple[str, ...]) -> str | None:
    """The text that says one of the wanted words most plainly, None where none does.

    The plainest word goes first, then the text with the fewest words beside it, then the earlier one.

    >>> meaning(["view", "login_failed", "Login"], EVENTS["login"])
    'Login'
    """
    best: tuple[int, int, str] | None = None
    for text in texts:
        its = words(text)
        for rank, phrase in enumerate(wanted):
            said = phrase.split()
            if _says(its, said) and (best is None or (rank, len(its)) < best[:2]):
                best = rank, len(its), text
    return best[2] if best else None


def _says(its: tuple[str, ...], said: list[str]) -> bool:
    """Whether these words stand in a row; the last one may have an ending: errors, purchased."""
    for at in range(len(its) - len(said) + 1):
        *first, last = its[at : at + len(said)]
        if first == said[:-1] and last.startswith(said[-1]) and last.removeprefix(said[-1]) in ENDINGS:
            return True
    return False


def plural(text: str) -> str:
    """A value as a word for several: purchases, page views; in quotes where it is no word.

    >>> plural("page_view"), plural("category"), plural("add_to_cart"), plural("404")
    ('page views', 'categories', 'add to cart events', "'404' events")
    """
    its = words(text)
    if not its or len(its[-1]) < SHORTEST or not its[-1].isalpha():
        return f"'{text}' events" if len(its) < 2 else f"{' '.join(its)} events"
    *first, last = its
    if last.endswith(("ed", "ing")) or last == "register" or SMALL & {*its}:
        return f"{' '.join(its)} events"
    if last.endswith("y") and last[-2:-1] not in "aeiou":
        last = last[:-1] + "ie"
    elif last.endswith(("s", "x", "ch", "sh")):
        last += "e"
    return " ".join((*first, last + "s"))


def singular(text: str) -> str:
    """A value as words.

    >>> singular("sign_up")
    'sign up'
    """
    return " ".join(words(text)) or f"'{text}'"
