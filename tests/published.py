"""Session examples that others published with their answers: data and numbers as facts, and their sources.

An answer is the session number of every event (`numbers`) or some columns of the sessions (`sessions`).
`tight` says that a gap of exactly the inactivity occurs, so that the example decides between > and >=.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from explorer.spec.columns import Columns
from explorer.spec.metric import Metric
from explorer.spec.session import SessionDefinition


@dataclass(frozen=True)
class Published:
    name: str
    source: str
    rule: str  # which boundary it follows, in one sentence
    columns: Columns
    events: list[dict[str, Any]]
    definition: SessionDefinition
    numbers: list[int] = field(default_factory=list)
    sessions: list[dict[str, Any]] = field(default_factory=list)
    tight: bool = False


def table(names: str, text: str, day: str = "") -> list[dict[str, Any]]:
    """Rows from lines of words; a word in a column called `ts`, `start` or `end` is a time."""
    rows = []
    for line in text.strip().splitlines():
        row: dict[str, Any] = dict(zip(names.split(), line.split(), strict=True))
        for name in {"ts", "start", "end"} & set(row):
            row[name] = datetime.fromisoformat(f"{day}T{row[name]}" if day else row[name])
        rows.append(row)
    return rows


def digits(text: str) -> list[int]:
    return [int(digit) for digit in text if digit.isdigit()]


MADLIB = table(
    "ts user page",
    """
    01:03:00 100821 LANDING
    01:04:00 100821 WINE
    01:05:00 100821 CHECKOUT
    02:06:00 100821 WINE
    02:09:00 100821 WINE
    01:15:00 101121 LANDING
    01:16:00 101121 WINE
    01:17:00 101121 CHECKOUT
    01:18:00 101121 LANDING
    01:19:00 101121 HELP
    01:21:00 101121 WINE
    01:22:00 101121 CHECKOUT
    02:15:00 101331 LANDING
    02:16:00 101331 WINE
    02:17:00 101331 HELP
    02:18:00 101331 WINE
    02:19:00 101331 CHECKOUT
    02:22:00 101443 BEER
    02:25:00 101443 CHECKOUT
    02:29:00 101881 LANDING
    02:30:00 101881 BEER
    01:05:00 102201 LANDING
    01:06:00 102201 HELP
    01:09:00 102201 LANDING
    02:15:00 102201 WINE
    02:16:00 102201 BEER
    02:17:00 102201 WINE
    02:18:00 102871 BEER
    02:19:00 102871 WINE
    02:22:00 102871 CHECKOUT
    02:25:00 102871 LANDING
    02:17:00 103711 BEER
    02:18:00 103711 LANDING
    02:19:00 103711 WINE
    """,
    day="2015-04-15",
)
FLINK = [
    dict(row, price=price)
    for row, price in zip(
        table("ts item", "08:07 A\n08:06 A\n08:09 B\n08:08 A\n08:17 B", day="2020-04-15"),
        [4.0, 2.0, 5.0, 3.0, 1.0],
        strict=True,
    )
]
ADOBE_TIMES = """
    2018-01-18T06:55:53
    2018-01-18T06:56:51
    2018-01-18T06:57:47
    2018-01-18T06:58:27
    2018-01-18T06:59:22
    2018-02-03T01:16:23
    2018-02-03T01:17:17
    2018-02-03T01:18:06
    2018-02-03T01:18:39
    2018-02-03T01:19:10
    """
ADOBE = [
    dict(row, id="100080F22A45CB40-3A2B7A8E11096B6", launch=at in (0, 3), exit=at == 2)
    for at, row in enumerate(table("ts", ADOBE_TIMES))
]
ADOBE_PAGE = "Adobe Experience Platform, Adobe-defined SQL functions in Query Service, {}: https://experienceleague.adobe.com/docs/experience-platform/query/sql/adobe-defined-functions.html"
KAFKA_PAGE = "Apache Kafka, Javadoc of SessionWindows: https://kafka.apache.org/37/javadoc/org/apache/kafka/streams/kstream/SessionWindows.html"
MADLIB_PAGE = "Apache MADlib, Sessionize (the page is made of this file): https://github.com/apache/madlib/blob/master/src/ports/postgres/modules/utilities/sessionize.sql_in"
FLINK_PAGE = "Apache Flink, Windowing TVF, SESSION (the page is made of this file): https://github.com/apache/flink/blob/master/docs/content/docs/sql/reference/queries/window-tvf.md"
KAFKA_EVENTS = table("ts key", "00:00:10 A\n00:00:12 A\n00:00:20 A", day="1970-01-01")

EXAMPLES = [
    Published(
        "madlib, by user",
        MADLIB_PAGE,
        "> : only a time longer than the limit opens a session; 02:06 to 02:09 is exactly the limit.",
        Columns(actor="user", time="ts"),
        MADLIB,
        SessionDefinition("madlib", "3m"),
        numbers=digits("11122 1111111 11111 11 11 111222 1111 111"),
        tight=True,
    ),
    Published(
        "madlib, by an expression",
        MADLIB_PAGE,
        "> : as above; all users below 101500 are one partition and all others another.",
        Columns(actor="below", time="ts"),
        [dict(row, below=int(row["user"]) < 101500) for row in MADLIB],
        SessionDefinition("madlib", "3m"),
        numbers=digits("11133 2222222 44444 44 33 111222 2222 222"),
        tight=True,
    ),
    Published(
        "kusto row_window_session",
        "Microsoft, Kusto Query Language, row_window_session(): https://learn.microsoft.com/en-us/kusto/query/row-window-session-function",
        ">= : a value that equals or exceeds the one before plus the distance opens a session; "
        "so does the maximum, which here never decides.",
        Columns(actor="id", time="ts"),
        table("id ts", "1 10:00\n2 10:18\n1 11:00\n3 11:30\n2 13:30\n2 10:16", day="2024-04-11"),
        SessionDefinition("kusto", "5m", max_duration="1h", boundary=">="),
        sessions=table(
            "id start event_count", "1 10:00 1\n1 11:00 1\n2 10:16 2\n2 13:30 1\n3 11:30 1", day="2024-04-11"
        ),
    ),
    Published(
        "kafka streams, before the late record",
        KAFKA_PAGE,
        "> : what falls within the gap is merged; the example itself would hold under either.",
        Columns(actor="key", time="ts"),
        KAFKA_EVENTS,
        SessionDefinition("kafka", "5s"),
        sessions=table("key start end", "A 00:00:10 00:00:12\nA 00:00:20 00:00:20", day="1970-01-01"),
    ),
    Published(
        "kafka streams, after the late record",
        KAFKA_PAGE,
        "> : as above; the late record at 16 joins the two, as reading all of history does by itself.",
        Columns(actor="key", time="ts"),
        [*KAFKA_EVENTS, *table("ts key", "00:00:16 A", day="1970-01-01")],
        SessionDefinition("kafka", "5s"),
        sessions=[dict(row, event_count=4) for row in table("key start end", "A 00:00:10 00:00:20", day="1970-01-01")],
    ),
    Published(
        "spark session_window",
        "Databricks, session_window grouping expression: "
        "https://docs.azure.cn/en-us/databricks/sql/language-manual/functions/session_window",
        "> : Spark merges a row that begins at or before the end of the window (last event plus gap); "
        "the example itself would hold under either.",
        Columns(actor="a", time="ts"),
        table("a ts", "A1 00:00:00\nA1 00:04:30\nA1 00:10:00\nA2 00:01:00", day="2021-01-01"),
        SessionDefinition("spark", "5m"),
        sessions=table("a start event_count", "A1 00:00:00 2\nA1 00:10:00 1\nA2 00:01:00 1", day="2021-01-01"),
    ),
    Published(
        "flink SESSION, by item",
        FLINK_PAGE,
        ">= : events less than the gap apart are grouped, though the gap is also called the maximum "
        "within a session; the example holds under either.",
        Columns(actor="item", time="ts"),
        FLINK,
        SessionDefinition("flink", "5m", boundary=">=", metrics=(Metric("total_price", "sum", "price"),)),
        sessions=[
            dict(row, total_price=price)
            for row, price in zip(
                table("item start end", "A 08:06 08:08\nB 08:09 08:09\nB 08:17 08:17", day="2020-04-15"),
                [9.0, 5.0, 1.0],
                strict=True,
            )
        ],
    ),
    Published(
        "flink SESSION, all together",
        FLINK_PAGE,
        ">= : as above, without a partition.",
        Columns(actor="everyone", time="ts"),
        [dict(row, everyone="all") for row in FLINK],
        SessionDefinition("flink", "5m", boundary=">=", metrics=(Metric("total_price", "sum", "price"),)),
        sessions=[
            dict(row, total_price=price)
            for row, price in zip(
                table("everyone start end", "all 08:06 08:09\nall 08:17 08:17", day="2020-04-15"),
                [14.0, 1.0],
                strict=True,
            )
        ],
    ),
    Published(
        "adobe SESS_TIMEOUT",
        ADOBE_PAGE.format("SESS_TIMEOUT"),
        ">= : the seconds needed between events to start a new session; the example would hold under either.",
        Columns(actor="id", time="ts"),
        ADOBE,
        SessionDefinition("adobe", "30m", boundary=">="),
        numbers=digits("11111 22222"),
    ),
    Published(
        "adobe SESS_START_IF",
        ADOBE_PAGE.format("SESS_START_IF"),
        "No inactivity at all: only an application launch opens a session, and belongs to it.",
        Columns(actor="id", time="ts"),
        ADOBE,
        SessionDefinition("adobe", "52w", restart="launch = TRUE"),
        numbers=digits("11122 22222"),
    ),
    Published(
        "adobe SESS_END_IF",
        ADOBE_PAGE.format("SESS_END_IF"),
        "No inactivity at all: only an exit closes a session, and belongs to it; the next row opens another.",
        Columns(actor="id", time="ts"),
        ADOBE,
        SessionDefinition("adobe", "52w", end='"exit" = TRUE'),
        numbers=digits("11122 22222"),
    ),
    Published(
        "snowflake conditional_true_event",
        "Sessionization, Snowflake clickstream example: http://qosf.com/sessionization.html",
        "> : more than 50 whole minutes; 15:49:58 to 16:37:11 counts as 48 minutes there, though it is 47.2.",
        Columns(actor="visitor", time="ts"),
        table(
            "visitor ts",
            """
            1:0 2013-09-04T15:49:49
            1:0 2013-09-04T15:49:58
            1:0 2013-09-04T15:49:49
            1:0 2013-09-04T15:49:58
            1:0 2013-09-04T16:37:11
            1:0 2013-09-04T16:37:18
            1:0 2013-09-04T16:39:27
            1:0 2013-09-04T16:43:57
            1:0 2013-09-04T20:12:03
            1:0 2013-09-05T00:00:17
            1:0 2013-09-05T00:20:35
            2:0 2013-09-05T00:22:37
            2:0 2013-09-05T01:19:29
            1:0 2013-09-05T01:19:39
            1:0 2013-09-05T01:20:03
            1:0 2013-09-05T01:20:17
            1:0 2013-09-05T02:33:42
            """,
        ),
        SessionDefinition("snowflake", "50m"),
        numbers=digits("11111111 2 33 12 444 5"),
    ),
    Published(
        "duckdb behavioral extension, sessionize",
        "duckdb-behavioral, sessionize: https://tomtom215.github.io/duckdb-behavioral/functions/sessionize.html",
        "> : a gap of exactly the threshold does not open a session; the example has none.",
        Columns(actor="user", time="ts"),
        table("user ts", "u 10:00\nu 10:15\nu 10:25\nu 11:30\nu 11:45\nu 13:00", day="2024-01-01"),
        SessionDefinition("duckdb", "30m"),
        numbers=digits("111 22 3"),
    ),
    Published(
        "sessions that end at midnight",
        "AdMost, How We Define a Session: https://resources.admost.com/knowledge-base/how-we-define-a-session/",
        ">= : a session ends when 30 minutes pass, and at midnight; the breaks are of 31 and 29 minutes.",
        Columns(actor="break", time="ts"),
        table(
            "break ts",
            """
            31m 2024-02-11T11:37
            31m 2024-02-11T12:08
            29m 2024-02-11T11:37
            29m 2024-02-11T12:06
            midnight 2024-02-11T23:55
            midnight 2024-02-12T00:10
            """,
        ),
        SessionDefinition("midnight", "30m", boundary=">=", calendar="UTC"),
        numbers=digits("12 11 12"),
    ),
]
for _example in EXAMPLES:
    for _row in _example.sessions:
        if "event_count" in _row:
            _row["event_count"] = int(_row["event_count"])
