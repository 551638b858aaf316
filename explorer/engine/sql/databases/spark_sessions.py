"""Sessions of Spark: ours beside those of others, what these lend, and what they say."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from secrets import token_hex
from time import monotonic
from typing import Any
from weakref import finalize

from sqlglot import exp

from explorer.engine.sql.databases.addresses import Address, driver, reaching
from explorer.engine.sql.databases.watching import first_line
from explorer.errors import SourceError

NAME, EXTRA, CLIENT = "Spark", "spark", "pyspark.sql.connect"
OURS = "session_explorer_"
# What the session of ours holds to, whatever the one holds that it was made from.
SETTINGS: Mapping[str, str] = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_LTZ",
    "spark.sql.ansi.enabled": "true",  # else a sum that is too large goes on from the other end
    "spark.sql.caseSensitive": "true",
    "spark.sql.variable.substitute": "false",  # else ${env:...} in a text reads the environment of the driver
    "spark.sql.ansi.doubleQuotedIdentifiers": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.parser.quotedRegexColumnNames": "false",
    "spark.sql.cteRecursionLevelLimit": "-1",
    "spark.sql.cteRecursionRowLimit": "-1",
}
# Seconds: what is interrupted earlier may leave a job behind that nobody knows.
SETTLED = 1.0
GLOBAL = "spark.sql.globalTempDatabase"
TRIES = 5  # in about ten seconds; else ten minutes
CLASS = re.compile(r"\[([A-Z_0-9]+(?:\.[A-Z_0-9]+)*)\] ")
ENDED = re.compile(
    r"stopped SparkContext|SparkContext was shut down|SESSION_|RETRIES_EXCEEDED|UNAVAILABLE|Connection refused", re.I
)

Tag = Callable[[str], object]


def beside(session: Any) -> Any:
    """A session of ours beside one of somebody else, with its settings but for those that answers depend on."""
    if not hasattr(session, "newSession"):
        raise SourceError("A session of Spark Connect tells another one from Spark 4.3 on. Give its address, sc://…")
    made = session.newSession()
    for key, value in session.conf.getAll.items():
        if made.conf.get(key, None) != value and made.conf.isModifiable(key):
            made.conf.set(key, value)
    made.catalog.setCurrentCatalog(session.catalog.currentCatalog())
    made.catalog.setCurrentDatabase(session.catalog.currentDatabase())
    return _set(made)


def afar(address: Address) -> Any:
    """A session of ours on a server of Spark Connect; raises SourceError."""
    sessions = driver(f"{CLIENT}.session", NAME, EXTRA).SparkSession
    policy = driver(f"{CLIENT}.client.retries", NAME, EXTRA).DefaultPolicy
    with reaching(address, said):
        made = sessions.builder.remote(address.url).create()
        made.client.set_retry_policies([policy(max_retries=TRIES)])
        made.sql("SELECT 1").collect()
        return _set(made)


def _set(session: Any) -> Any:
    for key, value in SETTINGS.items():
        with suppress(Exception):  # an older Spark has fewer
            session.conf.set(key, value)
    return session


class Lent:
    """Frames of other sessions, seen by ours as views: each by way of a view that all sessions of an application see,
    which is let go of with this."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self._frames: dict[str, Any] = {}
        self.let_go = finalize(self, _let_go, self.names, self._frames)

    def lend(self, session: Any, name: str, frame: Any) -> None:
        """Make a frame a view of a session, in the place of another that was lent by this name."""
        if name not in self.names:
            self.names[name] = f"{frame.sparkSession.conf.get(GLOBAL, 'global_temp')}.{OURS}{token_hex(8)}"
        self._frames[name] = frame
        frame.createOrReplaceGlobalTempView(self.names[name].rpartition(".")[2])
        session.sql(f"DROP VIEW IF EXISTS {quoted(name)}")
        self._seen_by(session, name)

    def seen_by(self, session: Any) -> None:
        """Make all of them views of another session."""
        for name in self.names:
            self._seen_by(session, name)

    def _seen_by(self, session: Any, name: str) -> None:
        session.sql(f"CREATE TEMPORARY VIEW {quoted(name)} AS SELECT * FROM {self.names[name]}")


def _let_go(names: Mapping[str, str], frames: Mapping[str, Any]) -> None:
    for name, lent in names.items():
        with suppress(Exception):  # it may have been stopped
            frames[name].sparkSession.catalog.dropGlobalTempView(lent.rpartition(".")[2])


def tagging(session: Any) -> tuple[Tag, Tag, Tag]:
    """How what a thread asks is marked, and not any more, and cancelled."""
    if session.__class__.__module__.startswith(CLIENT):
        begun = monotonic()

        def interrupt(tag: str) -> None:
            if monotonic() - begun > SETTLED:
                session.interruptTag(tag)

        return session.addTag, session.removeTag, interrupt
    context = session.sparkContext  # a session knows only the tags of the thread that asks it to interrupt them
    return context.addJobTag, context.removeJobTag, context.cancelJobsWithTag


def said(error: BaseException) -> str:
    """What Spark says, without its classes, its plans and the states of SQL."""
    text = str(error)
    at = CLASS.search(text)
    if at:
        text = text[at.end() :]
    elif found := re.search(r"Exception: (.+)", text):
        text = found[1]
    line = first_line(RuntimeError(re.sub(r" SQLSTATE: .*", "", text, flags=re.DOTALL)))
    return line or type(error).__name__


def has_ended(error: BaseException | None) -> bool:
    """Whether an error may say that a session is no more."""
    return bool(ENDED.search(str(error)))


def quoted(name: str) -> str:
    """A name as Spark reads it."""
    return exp.to_identifier(name, quoted=True).sql("spark")
