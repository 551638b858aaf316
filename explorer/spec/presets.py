"""How other tools count sessions, as changes to a definition; each rule stands on a page that says it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from explorer.errors import SpecError, did_you_mean
from explorer.spec.session import SessionDefinition

CAMPAIGN = ("campaign", "utm_campaign", "utm_source", "utm_medium")
NO_CAMPAIGN = (
    "A new campaign begins a new session where the events have a column campaign or utm_campaign; name another under "
    "Start on a new value."
)
Equal = Literal["same session", "new session", "not said"]


@dataclass(frozen=True)
class Preset:
    """One tool's rules. Without `inactivity` the tool has none of its own and the definition's stays.

    `exactly`: what a gap of exactly the inactivity is (`not said`: taken as the same session). `midnight`: a
    session ends at midnight. `on_change` are usual names of columns whose change begins a session. `cut`: when events
    become sessions; what is collected is cut before any filter, what is queried after it. `not_here` is what the tool
    does besides and a definition cannot say.
    """

    name: str
    sentence: str
    source: str
    exactly: Equal
    cut: Literal["when collected", "when queried"]
    inactivity: str | None = None
    max_duration: str | None = None
    midnight: bool = False
    max_events: int | None = None
    on_change: tuple[str, ...] = ()
    not_here: str = ""

    def changes(self, zone: str = "UTC", columns: Iterable[str] = ()) -> dict[str, Any]:
        """The fields of a definition that the tool decides; midnight is that of `zone`.

        What begins a session where its value changes is read of the events' `columns`, where they have it.
        """
        changing = [name for name in columns if name.lower() in self.on_change]
        inactivity = {"inactivity": self.inactivity} if self.inactivity else {}
        return inactivity | {
            "boundary": ">=" if self.exactly == "new session" else ">",
            "max_duration": self.max_duration,
            "calendar": zone if self.midnight else None,
            "max_events": self.max_events,
            "restart_on_change": tuple(changing),
            **dict.fromkeys(("restart", "end", "opens_with", "passive")),
        }

    def applied(
        self, definition: SessionDefinition, zone: str = "UTC", columns: Iterable[str] = ()
    ) -> SessionDefinition:
        """The definition counting as the tool does; its name, where, metrics and keep stay.

        >>> preset("PostHog").applied(SessionDefinition("visit", "1h")).max_duration
        Duration(us=86400000000)
        """
        return definition.replace(**self.changes(zone, columns))


def preset(name: str) -> Preset:
    """The preset of that name; raises SpecError with the one that was meant."""
    for one in PRESETS:
        if one.name == name:
            return one
    raise SpecError(f"There is no preset '{name}'. {did_you_mean(name, [one.name for one in PRESETS])}")


PRESETS = (
    Preset(
        "Google Analytics (Universal)",
        "30 minutes or more without activity, or midnight in the view's time zone, end a session.",
        "Google Analytics Help, [UA] Session: https://support.google.com/analytics/answer/6086069; "
        "web-session, How does it end: https://github.com/gilbarbara/web-session",
        exactly="new session",
        cut="when collected",
        inactivity="30m",
        midnight=True,
        on_change=CAMPAIGN,
        not_here=NO_CAMPAIGN,
    ),
    Preset(
        "Google Analytics 4",
        "30 minutes without activity end a session; there is no limit to how long it can last.",
        "Google Analytics Help, About Analytics sessions: https://support.google.com/analytics/answer/9191807",
        exactly="not said",
        cut="when collected",
        inactivity="30m",
    ),
    Preset(
        "Adobe Analytics",
        "More than 30 minutes between requests, 12 hours of activity, or 2,500 hits end a visit.",
        "Adobe, Comparing visits and instances: "
        "https://helpx.adobe.com/ca/analytics/kb/comparing-visits-and-instances.html; "
        "Adobe Experience League Communities, Session/visit end type: "
        "https://experienceleaguecommunities.adobe.com/t5/adobe-analytics-ideas/"
        "session-visit-end-type-indication-in-analytics/idc-p/335094",
        exactly="same session",
        cut="when collected",
        inactivity="30m",
        max_duration="12h",
        max_events=2500,
        not_here="A visit also ends after 100 hits within 100 seconds.",
    ),
    Preset(
        "Adobe SESS_TIMEOUT",
        "The seconds given, from one event to the next, begin a new session.",
        "Adobe Experience Platform, Adobe-defined SQL functions: "
        "https://experienceleague.adobe.com/docs/experience-platform/query/sql/adobe-defined-functions.html",
        exactly="new session",
        cut="when queried",
    ),
    Preset(
        "Mixpanel",
        "30 minutes without events, or midnight in the project's time zone, end a session.",
        "Mixpanel Community, How does Mixpanel calculate the session end event: "
        "https://community.mixpanel.com/x/ask-ai/zb067ftl0xrt/how-does-mixpanel-calculate-the-session-end-event",
        exactly="not said",
        cut="when queried",
        inactivity="30m",
        midnight=True,
    ),
    Preset(
        "Amplitude (web)",
        "Events within 30 minutes of each other are one session.",
        "Amplitude, Track sessions: https://amplitude.com/docs/data/sources/instrument-track-sessions",
        exactly="same session",
        cut="when collected",
        inactivity="30m",
    ),
    Preset(
        "Amplitude (mobile)",
        "Events within 5 minutes of each other are one session.",
        "Amplitude, Track sessions: https://amplitude.com/docs/data/sources/instrument-track-sessions",
        exactly="same session",
        cut="when collected",
        inactivity="5m",
        not_here="A session begins when the app comes to the foreground, and does not end while it stays there.",
    ),
    Preset(
        "Matomo",
        "An action more than 30 minutes after the last, or after midnight in the website's time zone, begins a visit.",
        "Matomo, How is a visit defined: https://matomo.org/faq/general/faq_36/",
        exactly="same session",
        cut="when collected",
        inactivity="30m",
        midnight=True,
        on_change=CAMPAIGN,
        not_here=NO_CAMPAIGN,
    ),
    Preset(
        "PostHog",
        "No activity for 30 minutes, or 24 hours since its start, end a session.",
        "PostHog, Sessions: https://posthog.com/manual/sessions; posthog-js, src/extensions/sessionid.js: "
        "https://github.com/PostHog/posthog-js",
        exactly="same session",
        cut="when collected",
        inactivity="30m",
        max_duration="24h",
    ),
    Preset(
        "Snowplow (web)",
        "A session expires after 30 minutes.",
        "Snowplow, Track sessions on web: https://docs.snowplow.io/docs/sources/web-trackers/tracking-events/session/",
        exactly="not said",
        cut="when collected",
        inactivity="30m",
    ),
    Preset(
        "Braze (web)",
        "A session is open until at least 30 minutes of inactivity; who returns after less goes on with it.",
        "Braze, Tracking sessions: https://braze.com/docs/developer_guide/platforms/web/analytics/tracking_sessions",
        exactly="new session",
        cut="when collected",
        inactivity="30m",
    ),
    Preset(
        "AdMost",
        "30 minutes without interaction, or midnight in your time zone, end a session.",
        "AdMost, How We Define a Session: https://resources.admost.com/knowledge-base/how-we-define-a-session/",
        exactly="new session",
        cut="when collected",
        inactivity="30m",
        midnight=True,
    ),
    Preset(
        "LogScale session()",
        "Events no further apart than the longest pause, 15 minutes, are one session.",
        "Humio, session(): https://library.humio.com/data-analysis-1.255.0/functions-session.html",
        exactly="same session",
        cut="when queried",
        inactivity="15m",
    ),
    Preset(
        "VerticaPy sessionize",
        "A time since the event before that is greater than the threshold, 30 minutes, ends a session.",
        "Vertica, vDataFrame.sessionize: "
        "https://www.vertica.com/python/old/documentation_last/vdataframe/main-methods/sessionize/index.php",
        exactly="same session",
        cut="when queried",
        inactivity="30m",
    ),
    Preset(
        "Spark session_window",
        "A row at or before the last event plus the gap goes into the same window.",
        "Databricks, session_window grouping expression: "
        "https://docs.azure.cn/en-us/databricks/sql/language-manual/functions/session_window",
        exactly="same session",
        cut="when queried",
    ),
    Preset(
        "Flink SESSION",
        "Events less than the gap apart are one window.",
        "Apache Flink, Windowing TVF, SESSION: "
        "https://github.com/apache/flink/blob/master/docs/content/docs/sql/reference/queries/window-tvf.md",
        exactly="new session",
        cut="when queried",
    ),
    Preset(
        "Kafka Streams",
        "What falls within the gap of a session is merged into it.",
        "Apache Kafka, Javadoc of SessionWindows: "
        "https://kafka.apache.org/37/javadoc/org/apache/kafka/streams/kstream/SessionWindows.html",
        exactly="same session",
        cut="when queried",
    ),
    Preset(
        "Kusto row_window_session",
        "A value that equals or exceeds the one before plus the distance begins a session.",
        "Microsoft, Kusto Query Language, row_window_session(): "
        "https://learn.microsoft.com/en-us/kusto/query/row-window-session-function",
        exactly="new session",
        cut="when queried",
        not_here="Its distance from the first value is a max_duration, save that exactly as long is too long there.",
    ),
    Preset(
        "MADlib sessionize",
        "Only a time that is longer than the limit begins a new session.",
        "Apache MADlib, Sessionize: "
        "https://github.com/apache/madlib/blob/master/src/ports/postgres/modules/utilities/sessionize.sql_in",
        exactly="same session",
        cut="when queried",
    ),
    Preset(
        "DuckDB behavioral sessionize",
        "A gap that is longer than the threshold begins a new session.",
        "duckdb-behavioral, sessionize: https://tomtom215.github.io/duckdb-behavioral/functions/sessionize.html",
        exactly="same session",
        cut="when queried",
    ),
)
