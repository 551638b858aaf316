"""session-explorer: serve, sessionize, report, inspect."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from explorer.code.shell import SAID
from explorer.crossfilter.formats import count_text, duration_text, many, percent_text, time_text
from explorer.crossfilter.selections.selection import Selection
from explorer.engine.answers.batches import What
from explorer.engine.connect import connect
from explorer.engine.databases import is_table, named_source
from explorer.engine.engine import Engine
from explorer.errors import ExplorerError, SourceError, SpecError, UnexpectedError, located, ours
from explorer.events.files.source_name import source_name
from explorer.events.quality.quality import too_fine
from explorer.exports.files import check_path, export
from explorer.exports.formats import FORMATS
from explorer.plan.check import checked
from explorer.plan.literal import type_word
from explorer.sample import SAMPLE
from explorer.spec.analysis import Analysis
from explorer.spec.analysis_file import beside, read_analysis
from explorer.spec.columns import LENGTHS, UNITS
from explorer.spec.prose import definition_sentence
from explorer.spec.rules import RULES
from explorer.spec.session import SessionDefinition

# What says how the source is read, by its name in `columns`.
READ = (
    *("actor", "time", "event", "order", "time_zone", "unit", "drop_duplicates"),
    *(
        "time_format",
        "types",
        "null_values",
        "unique_by",
        "until",
        "until_unit",
        "identity",
        "derived",
        "now",
        "format",
    ),
)
TRACEBACK = "SESSION_EXPLORER_TRACEBACK"
FAULT = f"This went wrong for a reason that the program does not know. Set {TRACEBACK}=1 to see where."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0, or 2 with one clear sentence on standard error."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except ExplorerError as error:
        print(f"session-explorer: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever read what was printed has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except BaseException as error:  # Polars panics with a BaseException
        unexpected = ours(error)
        if isinstance(unexpected, UnexpectedError) and os.environ.get(TRACEBACK):
            print(unexpected.detail, file=sys.stderr)
        print(f"session-explorer: {FAULT}", file=sys.stderr)
        return 2


def serve(options: argparse.Namespace) -> None:
    """Start the app on this machine and open a browser."""
    from widgets.page.serve import serve as start

    if options.users:
        print((Path(__file__).parent / "users.txt").read_text(encoding="utf-8"), end="")
        return
    start(
        _data(options) or SAMPLE,
        options.analysis,
        _roles(options),
        folders=options.folder or (),
        port=options.port,
        show=not options.no_browser,
        address=options.address,
        hosts=options.allow_host or (),
        token=options.token,
    )


def sessionize(options: argparse.Namespace) -> None:
    """Write one row per session, per actor, or per event with the id of its session."""
    check_path(options.output)
    engine, analysis, definition = _asked(options)
    written = export(
        *(engine, analysis, options.output, options.what),
        session=definition.name,
        spreadsheet=options.spreadsheet,
        zone=engine.columns.time_zone,
    )
    _say_left_out(engine, options, definition)
    one = options.what.removesuffix("s")
    print(f"{count_text(written.rows)} {one if written.rows == 1 else options.what} in {options.output}")
    if options.output.suffix.lower() == ".csv" and options.what != "events":
        print("Durations are in microseconds.")


def report(options: argparse.Namespace) -> None:
    """Write one HTML file that brushes without a server."""
    from explorer.report import report as write

    _check_folder(options.output)
    engine, analysis, definition = _asked(options)
    words = {"title": options.title, "inactivities": options.inactivities, "ids": options.ids}
    path = write(engine, analysis, options.output, session=definition.name, **words)
    _say_left_out(engine, options, definition)
    count = engine.cut(definition).totals().sessions
    print(f"{count_text(count)} session{'' if count == 1 else 's'} in {path}, {path.stat().st_size / 1e6:.1f} MB")


def inspect(options: argparse.Namespace) -> None:
    """Say what is in the data and what its sessions look like."""
    engine, _, definition = _asked(options)
    columns, quality = engine.columns, engine.quality_report()
    print(f"{many(quality.rows, 'row')}, {many(quality.events, 'event')}")
    print(f"actor {columns.actor_name}, time {columns.time}, event {columns.event or '(none)'}")
    for said in quality.said:
        print(f"time is {said}")
    for assumed in quality.how_read:
        print(assumed.sentence)
    _say_left_out(engine, options, definition)
    zone = (columns.time_zone or "UTC") if quality.zone == "UTC" else None
    first, last = (time_text(us, zone) for us in (quality.first, quality.last))
    print(f"from {first} to {last}{f', {zone}' if zone else ''}")
    for remark in [*quality.remarks(columns), *too_fine(quality, [definition])]:
        print(remark)
    print("\nColumns")
    for name, dtype in engine.schema.items():
        print(f"  {name:24} {type_word(dtype)}")
    print(f"\n{definition_sentence(definition, columns.actor_name)}")
    drawn = engine.cut(definition).coded()
    numbers = drawn.numbers(Selection())
    print(f"  sessions                    {count_text(numbers.sessions)}")
    print(f"  actors                      {count_text(numbers.actors)}")
    print(f"  median duration             {duration_text(numbers.median_duration)}")
    print(f"  events per session          {numbers.events_per_session or 0:.1f}")
    print(f"  with a single event         {percent_text(numbers.one_event_share)}")
    print(f"  median time per actor       {duration_text(numbers.median_time_in_session)}")


def _asked(options: argparse.Namespace) -> tuple[Engine, Analysis, SessionDefinition]:
    """The engine, the analysis and its definition that the options and the analysis file name."""
    path, roles = _analysis_path(options), _roles(options)
    analysis = read_analysis(path) if path else None
    if analysis is not None:
        given = {name: value for name, value in analysis.columns.plain().items() if value}
        if isinstance(given.get("derived"), dict) and isinstance(roles.get("derived"), dict):
            roles["derived"] = given["derived"] | roles["derived"]
        roles = given | roles
    data = _data(options)
    with located(f"{path.name}, beside the data" if path and not options.analysis else ""):
        engine = connect(data, **roles)
    if path and not options.analysis:
        print(f"Read with {path}, which lies beside it (--no-analysis reads without).", file=sys.stderr)
    changes = {name: value for name in SAID if (value := getattr(options, name, None)) is not None}
    if analysis is not None:
        name = getattr(options, "session", None)
        definition = (analysis.session(name) if name else analysis.sessions[0]).replace(**changes)
    else:
        definition = SessionDefinition(**({"name": "session", "inactivity": "30m"} | changes))
    if analysis is not None:
        engine = engine.under(analysis.replace(columns=engine.columns).with_session(definition))
    checked(definition, engine.columns, engine.schema, engine.cohorts)
    if analysis is None:
        return engine, Analysis(engine.columns, (definition,), source=_source(data)), definition
    same = analysis.source and Path(analysis.source).name == source_name(data)
    analysis = analysis.replace(columns=engine.columns, source=analysis.source if same else _source(data))
    return engine, analysis.with_session(definition), definition


def _data(options: argparse.Namespace) -> Any:
    """The one path that was named, or a list of several; None for none. A table of a database by the name of its
    connection, as documents call it."""
    if len(options.data) == 1 and is_table(options.data[0]):
        return named_source(options.data[0], options.table, options.query)
    if options.table or options.query:
        raise SourceError("Only a database has tables. Write its address, such as duckdb:///shop.db.")
    return options.data[0] if len(options.data) == 1 else options.data or None


def _source(data: str | list[str]) -> str | None:
    """What an analysis remembers of its data: a path; nothing of several."""
    return data if isinstance(data, str) else None


def _check_folder(output: Path) -> None:
    """Before anything takes time: where the output goes there must be a folder."""
    if not output.parent.is_dir():
        raise SourceError(f"There is no folder {output.parent} to write {output.name} to.")


def _roles(options: argparse.Namespace) -> dict[str, Any]:
    given = {name: getattr(options, name, None) for name in READ}
    roles = {name: value for name, value in given.items() if value}
    for name in ("actor", "time"):
        if len(roles.get(name, ())) == 1:
            roles[name] = roles[name][0]
    for name in ("types", "null_values"):
        if name in roles:
            roles[name] = [_pair(text, name) for text in roles[name]]
    if "types" in roles:
        roles["types"] = {column: kind for one in roles["types"] for column, kind in one.items()}
    if "identity" in roles:
        roles["identity"] = dict(zip(("known", "anonymous"), roles["identity"], strict=True))
    if "derived" in roles:
        roles["derived"] = dict(map(_derived, roles["derived"]))
    if "format" in roles:
        roles["format"] = dict(map(_format, roles["format"]))
    return roles


def _format(text: str) -> tuple[str, str]:
    """What is said of how a file is written, from `separator=tab`."""
    name, sign, value = text.partition("=")
    if not sign or not value:
        raise SpecError(f"--format {text} says nothing. Write what and how, such as separator=tab or encoding=cp1252.")
    return name.strip(), value


def _derived(text: str) -> tuple[str, str]:
    """A derived column from `name=expression`."""
    name, sign, value = text.partition("=")
    if not sign or not name.strip() or not value.strip():
        raise SpecError(f"--derive {text} is not a column. Write its name and what it is, such as h=hour(ts).")
    return name.strip(), value.strip()


def _pair(text: str, name: str) -> Any:
    """`zip=text` as a mapping; a word for nothing may stand alone, and may then hold no equals sign."""
    column, sign, value = text.rpartition("=")
    if not sign and name == "types":
        raise SpecError(f"--type {text} does not say which type. Write a column and its type, such as zip=text.")
    return {column: value} if sign else value


def _analysis_path(options: argparse.Namespace) -> Path | None:
    """The analysis that is named, or else the one beside the data, unless none is wanted."""
    if options.analysis or options.no_analysis:
        return None if options.no_analysis else Path(options.analysis)
    return beside(_data(options))


def _say_left_out(engine: Engine, options: argparse.Namespace, definition: SessionDefinition) -> None:
    sentence = engine.quality.sentence(engine.columns)
    if sentence:
        print(sentence, file=sys.stderr)
    for remark in engine.cut(definition).remarks():
        print(remark, file=sys.stderr)
    if options.time_zone and engine.quality.zone != "UTC":
        print(
            f"--time-zone {options.time_zone} has no effect: '{engine.columns.time}' carries no time zone, and its "
            "times are taken as they are.",
            file=sys.stderr,
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="session-explorer", description="Cut event logs into sessions and explore them."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Any, help: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help, description=help)
        made.set_defaults(run=run)
        many = "*" if name == "serve" else "+"
        made.add_argument(
            "data", metavar="DATA", nargs=many, help="files of events, a folder, a pattern or an address; read as one"
        )
        made.add_argument("--table", metavar="NAME", help="the table or view, where DATA is the address of a database")
        made.add_argument("--query", metavar="SQL", help="a query in the place of a table")
        made.add_argument("--analysis", type=Path, metavar="FILE", help="an analysis in YAML")
        made.add_argument("--actor", action="append", metavar="COLUMN", help="who; several times for several columns")
        made.add_argument("--time", action="append", metavar="COLUMN", help="when; twice for a day and a time of day")
        made.add_argument("--event", metavar="COLUMN", help="what")
        made.add_argument("--order", action="append", metavar="COLUMN", help="what breaks ties of time; several times")
        made.add_argument("--time-zone", metavar="ZONE", help="the zone to show times in, such as Europe/Berlin")
        made.add_argument("--until", metavar="COLUMN", help="when events that last end, or how long they last")
        made.add_argument("--until-unit", metavar="UNIT", help=f"what numbers in it count: {', '.join(LENGTHS)}")
        made.add_argument(
            "--identity",
            nargs=2,
            metavar=("KNOWN", "ANONYMOUS"),
            help="two columns, the known user and the device: an event counts for its user, else for its device's last",
        )
        made.add_argument("--drop-duplicates", action="store_true", help="leave out events that repeat an earlier one")
        made.add_argument("--unit", help=f"the unit of numeric times: {', '.join(UNITS)}")
        made.add_argument(
            "--time-format",
            metavar="FORM",
            help="the form of times that are texts: day first, month first, or parts such as '%%d.%%m.%%Y %%H:%%M'",
        )
        made.add_argument(
            "--type",
            dest="types",
            action="append",
            metavar="COLUMN=TYPE",
            help="how a column is read, such as zip=text; several times",
        )
        made.add_argument(
            "--derive",
            dest="derived",
            action="append",
            metavar="NAME=SQL",
            help="a column that an expression computes, such as h=hour(ts); several times",
        )
        made.add_argument("--now", metavar="TIME", help="what now() is in conditions (the last event)")
        made.add_argument(
            "--null-value",
            dest="null_values",
            action="append",
            metavar="TEXT",
            help="a text that means nothing, such as NULL, or user_id=anonymous in one column; several times",
        )
        made.add_argument(
            "--format",
            action="append",
            metavar="WHAT=HOW",
            help="how a text file is written: separator, encoding, header, skip_lines, decimal; several times",
        )
        made.add_argument(
            "--unique-by",
            action="append",
            metavar="COLUMN",
            help="leave out events whose value here, such as an event's own id, was there before; several times",
        )
        return made

    served = command("serve", serve, "open the app in a browser (without DATA: the sample data)")
    served.add_argument("--port", type=int, default=5006, help="the port to listen on (5006; 0 for any free one)")
    served.add_argument(
        "--folder",
        action="append",
        type=Path,
        metavar="DIR",
        help="a folder whose files may be opened in the page; several times (those of DATA and the sample data)",
    )
    served.add_argument("--no-browser", action="store_true", help="do not open a browser")
    served.add_argument("--address", default="localhost", help="where to listen (localhost: this machine only)")
    served.add_argument(
        "--allow-host", action="append", metavar="NAME", help="another name that the page has; several times"
    )
    served.add_argument("--token", help="what opens the page beyond this machine (a random one; '' for none)")
    served.add_argument("--users", action="store_true", help="say how to serve many people, and end")
    for name, run, help in (
        ("sessionize", sessionize, "write the sessions of a file to another"),
        ("report", report, "write the sessions of a file as one HTML page that is brushed without a server"),
        ("inspect", inspect, "say what is in a file and what its sessions look like"),
    ):
        cut = command(name, run, help)
        cut.add_argument("--no-analysis", action="store_true", help="do not use the analysis beside the data")
        cut.add_argument("--session", metavar="NAME", help="which definition of the analysis (the first)")
        cut.add_argument("--inactivity", metavar="30m", help="the longest gap inside a session (30m)")
        for rule in RULES:
            flag = f"--{rule.field.replace('_', '-')}"
            if rule.editor == "boundary":
                cut.add_argument(flag, choices=(">", ">="), help=rule.flag)
            elif rule.flag:
                how = "append" if rule.editor == "columns" else "store"
                cut.add_argument(flag, action=how, metavar=rule.example, help=rule.flag)
        if name == "sessionize":
            cut.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help=", ".join(FORMATS))
            cut.add_argument("--what", choices=get_args(What), default="sessions", help="what is written (sessions)")
            cut.add_argument(
                "--spreadsheet",
                action="store_true",
                help="put an apostrophe before texts of a CSV that a spreadsheet would run as formulas (= + - @)",
            )
        if name == "report":
            cut.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="the HTML file")
            cut.add_argument("--title", default="", metavar="TEXT", help="the heading of the page")
            cut.add_argument("--inactivities", action="store_true", help="say how much the inactivity matters")
            cut.add_argument(
                "--ids",
                default="",
                metavar="COLUMN",
                help="compare the sessions with the ids of a column, and find its rules",
            )
    return parser


if __name__ == "__main__":
    sys.exit(main())
