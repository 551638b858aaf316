"""Logs of servers and of programs, and process mining: columns, times in UTC, and lines that fit no form."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

import explorer
from explorer.errors import SourceError
from explorer.events.files.scan import scanned
from explorer.spec.session import SessionDefinition

VISIT = SessionDefinition("visit", "30m")
COMMON = r"""10.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET /a.gif?x=1 HTTP/1.0" 200 2326
10.0.0.2 - frank [10/Oct/2000:13:56:36 -0700] "POST /b HTTP/1.1" 404 -
::1 - - [10/Oct/2000:13:57:36 -0700] "\x16\x03" 400 0
"""
COMBINED = "".join(f'{line} "http://from/ \\"q\\"" "Bot/1.0 (\\"x\\")"\n' for line in COMMON.splitlines())
NAMES = ["host", "time", "method", "path", "status", "bytes", "referrer", "user_agent"]


def at(hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2024, 3, 1, hour, minute, second, tzinfo=UTC)


def opened(tmp_path: Path, content: str | bytes, name: str) -> tuple[pl.DataFrame, str]:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    source = scanned(path)
    frame = source.run(lambda lazy: lazy.collect())
    return frame, " ".join(one.sentence for one in source.how_read)


@pytest.mark.parametrize("name", ["access.log", "access.log.1", "access.log.2.gz", "access_log", "part-00000", "a.txt"])
def test_common_access_logs(tmp_path: Path, name: str):
    content = gzip.compress(COMMON.encode()) if name.endswith("gz") else COMMON
    frame, told = opened(tmp_path, content, name)
    assert frame.columns[:6] == NAMES[:6]
    assert frame["host"].to_list() == ["10.0.0.1", "10.0.0.2", "::1"]
    assert frame["time"][0] == datetime(2000, 10, 10, 20, 55, 36, tzinfo=UTC)
    assert frame["method"].to_list() == ["GET", "POST", None]
    assert frame["path"].to_list() == ["/a.gif", "/b", r"\x16\x03"]
    assert frame["query"].to_list() == ["x=1", None, None]
    assert frame["status"].to_list() == [200, 404, 400]
    assert frame["bytes"].to_list() == [2326, None, 0]
    assert frame["remote_user"].to_list() == [None, "frank", None]
    assert told == ""


def test_combined_access_logs(tmp_path: Path):
    frame, _ = opened(tmp_path, COMBINED, "access.log")
    assert frame.columns[:8] == NAMES
    assert frame["referrer"].to_list() == ['http://from/ "q"'] * 3
    assert frame["user_agent"].to_list() == ['Bot/1.0 ("x")'] * 3
    log = explorer.connect(tmp_path / "access.log")
    assert (log.columns.actor, log.columns.time, log.columns.event) == (("host",), "time", "path")
    assert log.sessions(VISIT).height == 3


def test_lines_that_fit_no_form_are_counted_with_an_example(tmp_path: Path):
    _, told = opened(tmp_path, COMMON + "started anew\n", "access.log")
    assert "1 line has no values (such as 'started anew')" in told
    quality = explorer.connect(tmp_path / "access.log").quality
    assert (quality.rows, quality.events, quality.no_actor) == (4, 3, 1)


def test_virtual_hosts_proxies_and_what_stands_behind(tmp_path: Path):
    frame, _ = opened(tmp_path, "".join(f"www.x.org:80 {line}\n" for line in COMMON.splitlines()), "v.log")
    assert (frame["vhost"][0], frame["host"][0]) == ("www.x.org:80", "10.0.0.1")
    line = '1.2.3.4, 5.6.7.8 - - [10/Oct/2000:13:55:36 +0000] "GET /a HTTP/1.0" 200 1 "-" "bot" 0.005\n'
    frame, _ = opened(tmp_path, line, "p.log")
    assert frame.select("host", "referrer", "rest").row(0) == ("1.2.3.4, 5.6.7.8", None, "0.005")


def test_a_strange_sign_in_an_access_log(tmp_path: Path):
    frame, told = opened(tmp_path, COMBINED.replace("Bot", "Käse").encode("latin-1"), "access.log")
    assert frame["user_agent"][0] == 'Käse/1.0 ("x")'
    assert "Windows-1252" in told


IIS = """#Software: Microsoft Internet Information Services 10.0
#Version: 1.0
#Date: 2024-03-01 10:00:00
#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port c-ip cs(User-Agent) cs(Referer) sc-status time-taken
2024-03-01 10:00:00 10.0.0.1 GET /a x=1 443 1.2.3.4 Mozilla/5.0+(Windows+NT) - 200 15
2024-03-01 10:05:00 10.0.0.1 GET /b - 443 1.2.3.4 Mozilla/5.0+(Windows+NT) https://r/ 404 3
"""


def test_iis(tmp_path: Path):
    frame, told = opened(tmp_path, IIS, "u_ex240301.log")
    assert frame["host"].to_list() == ["1.2.3.4"] * 2
    assert frame["time"].to_list() == [at(10, 0), at(10, 5)]
    assert frame.select("method", "path", "query", "status", "referrer", "user_agent", "time_taken").rows() == [
        ("GET", "/a", "x=1", 200, None, "Mozilla/5.0 (Windows NT)", 15),
        ("GET", "/b", None, 404, "https://r/", "Mozilla/5.0 (Windows NT)", 3),
    ]
    assert "date" not in frame.columns
    assert told == ""
    assert explorer.connect(tmp_path / "u_ex240301.log").sessions(VISIT)["event_count"].to_list() == [2]


def test_fields_that_are_named_anew(tmp_path: Path):
    more = "#Fields: date time c-ip cs-uri-stem\n2024-03-01 11:00:00 9.9.9.9 /c\nbroken\n"
    frame, told = opened(tmp_path, IIS + more, "u.log")
    assert frame["host"].to_list() == ["1.2.3.4", "1.2.3.4", "9.9.9.9", None]
    assert frame["path"].to_list() == ["/a", "/b", "/c", None]
    assert "named 2 times in different ways" in told
    assert "1 line has no values (such as 'broken')" in told


def test_cloudfront(tmp_path: Path):
    names = (
        "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent)"
    )
    row = "2024-03-01\t10:00:00\tLAX1\t392\t192.0.2.100\tGET\td1\t/index.html\t200\t-\tMozilla/5.0%20(Windows%20NT)"
    frame, _ = opened(tmp_path, f"#Version: 1.0\n#Fields: {names}\n{row}\n", "E2K.2024-03-01-10.gz".removesuffix(".gz"))
    wanted = ("192.0.2.100", at(10, 0), "GET", "/index.html", 200, 392, None, "Mozilla/5.0 (Windows NT)")
    assert frame.select(NAMES).row(0) == wanted


def test_logfmt(tmp_path: Path):
    text = (
        'ts=2024-03-01T10:00:00Z user=a event=view msg="say \\"x\\" level=9" n=1\n'
        "ts=2024-03-01T10:01:00Z user=a event=buy n=2 late=z id=007\n"
    )
    frame, _ = opened(tmp_path, text, "app.log")
    assert frame["msg"].to_list() == ['say "x" level=9', None]
    assert (frame["n"].to_list(), frame["late"].to_list(), frame["id"].to_list()) == (
        [1, 2],
        [None, "z"],
        [None, "007"],
    )
    log = explorer.connect(tmp_path / "app.log")
    assert (log.columns.actor, log.columns.time, log.columns.event) == (("user",), "ts", "event")


ELB = (
    "2024-03-01T10:00:00.945958Z my-elb 192.168.131.39:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 "
    '"GET http://www.example.com:80/x?y=1 HTTP/1.1" "curl/7.38.0" - -\n'
)
ALB = (
    "https 2024-03-01T10:00:00.186641Z app/my-alb/50dc 192.168.131.39:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 0 29 "
    '"GET https://www.example.com:443/x?y=1 HTTP/1.1" "curl/7.38.0" ECDHE TLSv1.2 arn:aws:x "Root=1-583" '
    '"www.example.com" "arn:aws:acm" 1 2024-03-01T10:00:00.100000Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-"\n'
)
S3 = (
    "79a59d bucket1 [01/Mar/2024:10:00:00 +0000] 192.168.131.39 79a59d 3E57 REST.GET.OBJECT x "
    '"GET /x?y=1 HTTP/1.1" 200 - 29 - 7 - "-" "curl/7.38.0" - s9lz= SigV4 ECDHE AuthHeader host TLSv1.2 - -\n'
)


@pytest.mark.parametrize("line", [ELB, ALB, S3], ids=["ELB", "ALB", "S3"])
def test_load_balancers_and_stores(tmp_path: Path, line: str):
    frame, told = opened(tmp_path, line + line, "a.log")
    row = frame.row(0, named=True)
    assert (row["host"], row["method"], row["path"], row["query"]) == ("192.168.131.39", "GET", "/x", "y=1")
    assert (row["status"], row["bytes"], row["user_agent"]) == (200, 29, "curl/7.38.0")
    assert row["time"].replace(microsecond=0) == at(10, 0)
    assert told == ""
    assert explorer.connect(tmp_path / "a.log").sessions(VISIT)["event_count"].to_list() == [2]


XES = """<?xml version="1.0"?><log xes.version="1.0" xmlns="http://www.xes-standard.org/">
<string key="concept:name" value="L"/>
<trace><string key="concept:name" value="c1"/><int key="cost" value="3"/>
<event><string key="concept:name" value="A"/><date key="time:timestamp" value="2024-03-01T11:00:00.000+01:00"/>
<string key="org:resource" value="Pete"/><boolean key="ok" value="true"/></event>
<event><string key="concept:name" value="B"/><date key="time:timestamp" value="2024-03-01T11:05:00.000+01:00"/></event>
</trace></log>"""


@pytest.mark.parametrize("name", ["log.xes", "log.xes.gz", "log.xml"])
def test_xes(tmp_path: Path, name: str):
    frame, _ = opened(tmp_path, gzip.compress(XES.encode()) if name.endswith("gz") else XES, name)
    assert frame.columns[:3] == ["case:concept:name", "concept:name", "time:timestamp"]
    assert frame["time:timestamp"].to_list() == [at(10, 0), at(10, 5)]
    assert (frame["case:cost"].to_list(), frame["ok"].to_list()) == ([3, 3], [True, None])
    log = explorer.connect(tmp_path / name)
    assert (log.columns.actor, log.columns.event) == (("case:concept:name",), "concept:name")
    assert log.sessions(VISIT)["event_count"].to_list() == [2]


def test_columns_of_process_mining_in_csv(tmp_path: Path):
    path = tmp_path / "log.csv"
    path.write_text(
        "case:concept:name,concept:name,time:timestamp,org:resource\n1,A,2024-03-01 10:00,x\n1,B,2024-03-01 10:05,y\n"
    )
    log = explorer.connect(path)
    assert (log.columns.actor, log.columns.time) == (("case:concept:name",), "time:timestamp")
    assert log.columns.event == "concept:name"


def test_xml_that_is_no_log_is_refused(tmp_path: Path):
    broken = (XES[:200], XES.replace("<log", '<!DOCTYPE log [<!ENTITY a "b">]><log', 1))
    for content, said in zip(broken, ("no whole XML", "declares entities"), strict=True):
        (tmp_path / "log.xes").write_text(content)
        with pytest.raises(SourceError, match=said):
            explorer.connect(tmp_path / "log.xes")


def test_users_with_blanks_in_their_names_are_no_hosts(tmp_path: Path):
    path = tmp_path / "access.log"
    lines = [
        '1.1.1.1 - john doe [01/Mar/2024:10:00:00 +0000] "GET /a HTTP/1.1" 200 1',
        '1.1.1.2 - - [01/Mar/2024:10:01:00 +0000] "GET /b HTTP/1.1" 200 1',
        'shop.example 1.1.1.3 - jane [01/Mar/2024:10:02:00 +0000] "GET /c HTTP/1.1" 200 1',
    ]
    path.write_text("\n".join(lines))
    frame = explorer.connect(path).event_table.frame.sort("time").with_columns(pl.col(pl.Categorical).cast(pl.String))
    assert frame["host"].to_list() == ["1.1.1.1", "1.1.1.2", "1.1.1.3"]
    assert frame["remote_user"].to_list() == ["john doe", None, "jane"]
    assert frame["vhost"].to_list() == [None, None, "shop.example"]


S3_LINE = (
    "owner bucket [01/Mar/2024:10:00:0{} +0000] 2001:db8::{} arn:aws:iam::1:user/a REQ{} REST.GET.OBJECT key.txt "
    '"GET /key.txt HTTP/1.1" 200 - 10 10 5 4 "-" "curl" -'
)
ALB_LINE = (
    "http 2024-03-01T10:00:0{}.000000Z app/lb/1 [2001:db8::{}]:47{} 10.0.0.1:80 0.0 0.1 0.0 200 200 1 2 "
    '"GET http://x:80/a HTTP/1.1" "curl" - -'
)


@pytest.mark.parametrize("line", [S3_LINE, ALB_LINE])
def test_addresses_of_the_sixth_version_stay_whole(tmp_path: Path, line: str):
    path = tmp_path / "lb.log"
    path.write_text("\n".join(line.format(at, at, at + 10) for at in range(3)))
    frame = explorer.connect(path).event_table.frame
    assert frame["host"].cast(pl.String).to_list() == ["2001:db8::0", "2001:db8::1", "2001:db8::2"]
    assert frame["method"].cast(pl.String).to_list() == ["GET"] * 3
    assert frame["status"].to_list() == [200] * 3
