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
# What stands on the way to something else.
ON_THE_WAY = {
    "cart": ("add to cart", "added to cart", "add to basket", "add to bag", "cart", "basket"),
    "search": ("search", "query"),
}
# An order that was cancelled is none.
UNDONE = ("cancel", "cancelled", "canceled", "refund", "decline", "abandon", "remove", "return", "expire", "delete")
COLUMNS = {
    "page": ("page", "url", "path", "screen", "route", "referrer", "article", "title"),
    "amount": ("amount", "revenue", "price", "total", "sales", "cost", "value"),
}
# What the last word may go on with: orders, purchased, pathname; an author is no "auth".
ENDINGS = {"", "s", "es", "d", "ed", "ing", "name", "names"}
VERBS = {"register", "complete", "authenticate"}
SMALL = {"to", "in", "up", "out", "of", "from", "with", "on", "off", "at", "by", "for"}
# What ends with one of these has an English plural; everything else is quoted.
NOUNS = {
    *("account", "action", "activity", "article", "browser", "call", "campaign", "cart", "category"),
    *("channel", "city", "click", "client", "cohort", "country", "customer", "device", "download", "event"),
    *("item", "language", "link", "message", "method", "name", "page", "path", "platform", "product", "query"),
    *("referrer", "region", "request", "route", "screen", "search", "section", "session", "source"),
    *("status", "step", "tag", "task", "title", "type", "upload", "url", "user", "version", "video", "view", "visit"),
    *("checkout", "crash", "error", "exception", "failure", "login", "logon", "order", "payment", "price"),
    *("purchase", "registration", "sale", "signup", "timeout", "transaction"),
}
KNOWN = NOUNS | VERBS | SMALL | {word for texts in EVENTS.values() for text in texts for word in text.split()}
NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[_.-][A-Za-z0-9]+)*")
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
    """A value as a word for several: purchases, page views; in quotes where no English noun ends it.

    >>> plural("page_view"), plural("category"), plural("add_to_cart"), plural("404")
    ('page views', 'categories', 'add to cart events', "'404' events")
    >>> plural("checkout_complete"), plural("neuer_warenkorb"), plural("Order aufgegeben")
    ('checkout complete events', "'neuer_warenkorb' events", "'Order aufgegeben' events")
    """
    its = words(text)
    if not _is_english(text, its):
        return f"'{text}' events"
    said = " ".join(its)
    if its[-1].endswith(("ed", "ing")) or its[-1] in VERBS or SMALL & {*its}:
        return f"{said} events"
    return _several(its) if its[-1] in NOUNS else f"'{text}' events"


def several_of(column: str) -> str:
    """The values of a column, several of them; a name that is no English noun is never bent.

    >>> several_of("page"), several_of("event"), several_of("utm"), several_of("Was ist passiert")
    ('pages', 'events', 'values of utm', "values of 'Was ist passiert'")
    """
    its = words(column)
    return _several(its) if _is_english(column, its) and its[-1] in NOUNS else f"values of {singular(column)}"


def singular(text: str) -> str:
    """A value or a column's name as words; in quotes where it is written otherwise than names are.

    >>> singular("sign_up"), singular("userCohort"), singular("Was ist passiert"), singular("Größe")
    ('sign up', 'user cohort', "'Was ist passiert'", "'Größe'")
    """
    its = words(text)
    return " ".join(its) if _is_english(text, its) else f"'{text}'"


def _is_english(text: str, its: tuple[str, ...]) -> bool:
    """Whether it can be said as words: a name as programs write it, or known words."""
    if NAME.fullmatch(text):
        return True
    return bool(its) and all(word in KNOWN or word.endswith(("ed", "ing")) for word in its)


def _several(its: tuple[str, ...]) -> str:
    *first, last = its
    if last.endswith("y") and last[-2:-1] not in "aeiou":
        last = last[:-1] + "ie"
    elif last.endswith(("s", "x", "ch", "sh")):
        last += "e"
    return " ".join((*first, last + "s"))
