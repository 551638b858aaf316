"""What every database answers, whatever is thrown at it; a new one is held to this."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Event, Thread, Timer

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from sqlglot import exp

from explorer.engine.sql.database import Database
from explorer.engine.stopping import stopping
from explorer.errors import EngineError, SourceError, Stopped
from explorer.plan.in_sql.dialect import Dialect

HOSTILE = [
    *(
        '"; DROP TABLE events; --',
        "'; DROP TABLE events; --",
        'a"b',
        "a'b",
        "a`b",
        "\\",
        "a\\'b",
        "$1",
        "?",
        ":x",
        "%s",
    ),
    *("select", "SELECT", "日本 é", "a\tb", "/* x */", "{x}", "a.b.c.d", "äöü", "x" * 60),
]
VALUES = [*HOSTILE, "", None, "\\n", "\n", "NULL", "\\N"]
END = 60.0  # seconds: nothing here takes this long, unless it is never cancelled


def quoted(name: str, dialect: str) -> str:
    return exp.to_identifier(name, quoted=True).sql(dialect)


def wanted_until(stop: Event, ended: Event, said: list[object], ask: Callable[[], object]) -> None:
    try:
        with stopping(stop):
            said.append(ask())
    except BaseException as error:
        said.append(error)
    finally:
        ended.set()


class Contract:
    """Tests of one database: `database` and `load` are fixtures, `endless` a query of many minutes."""

    endless: str
    patience = 0.3  # seconds: how long `hasty` waits for an answer

    def test_hostile_names_and_values(self, database: Database, load: Callable[[str, pl.DataFrame], None]):
        load("events", pl.DataFrame({"a": [1]}))
        for name in HOSTILE:
            frame = pl.DataFrame({name: VALUES, "row": range(len(VALUES))})
            load(name, frame)
            named = (name, f'main."{name}"', f'public."{name}"', name.lower())
            written = next(known for spelled in named for known in database.tables() if known == spelled)
            shape = database.shape(written)
            assert list(shape.schema) == [name, "row"]
            assert isinstance(shape.schema[name], pl.String)
            assert not shape.written
            table = Dialect(database.dialect).table(written).sql(database.dialect)
            found = database.answer(f"SELECT {quoted(name, database.dialect)}, row FROM {table} ORDER BY row")
            assert found.columns == ["0", "1"]
            assert found["0"].to_list() == VALUES
            database.keep(name + " kept", f"SELECT * FROM {table}")
            kept = quoted(name + " kept", database.dialect)
            assert database.answer(f"SELECT count(*) FROM {kept}").item() == len(VALUES)
            database.drop(name + " kept")
        assert list(database.shape("events").schema) == ["a"]
        assert database.answer("SELECT count(*) FROM events").item() == 1

    def test_hostile_values_in_what_is_put(self, database: Database):
        frame = pl.DataFrame({"text": VALUES, "row": range(len(VALUES))}, schema={"text": pl.String, "row": pl.Int64})
        for name in HOSTILE:
            database.put(name, frame)
            found = database.answer(f"SELECT text, row FROM {quoted(name, database.dialect)} ORDER BY row")
            assert_frame_equal(found.rename({"0": "text", "1": "row"}), frame, check_dtypes=False)
            database.drop(name)
            database.drop(name)
            with pytest.raises(EngineError):
                database.answer(f"SELECT * FROM {quoted(name, database.dialect)}")

    def test_what_is_put_keeps_its_values(self, database: Database):
        frame = pl.DataFrame(
            {
                "small": pl.Series([1, -1, None], dtype=pl.Int32),
                "large": pl.Series([2**62, None, -(2**62)], dtype=pl.Int64),
                "real": [0.1, None, 1e300],
                "true": [True, None, False],
                "at": [datetime(2024, 3, 1, 10, 0, 0, 1), None, datetime(1960, 1, 1)],
                "row": pl.Series([0, 1, 2], dtype=pl.Int64),
            }
        )
        database.put("put", frame)
        found = database.answer("SELECT * FROM put ORDER BY row")
        found = found.rename(dict(zip(found.columns, frame.columns, strict=True)))
        assert_frame_equal(found.cast(dict(frame.schema)), frame)  # type: ignore[arg-type]
        database.put("none", frame.head(0))
        assert database.answer("SELECT * FROM none").height == 0

    def test_a_query_by_its_name(self, database: Database, load: Callable[[str, pl.DataFrame], None]):
        load("events", pl.DataFrame({"a": VALUES}))
        for at, name in enumerate(HOSTILE):
            database.view(f"{name} {at}", "SELECT a, 1 AS select_ FROM events -- and so on")
            found = database.answer(f"SELECT * FROM {quoted(f'{name} {at}', database.dialect)}")
            assert sorted(found["0"], key=repr) == sorted(VALUES, key=repr)
        database.view("seen", "SELECT a FROM events")
        assert list(database.shape("seen").schema) == ["a"]
        database.keep("kept", "SELECT count(*) AS n FROM seen")
        assert database.answer("SELECT n FROM kept").item() == len(VALUES)
        with pytest.raises(EngineError):
            database.view("again", "SELECT a FROM nowhere_like_it")
        assert "seen" not in database.tables()

    def test_columns_by_their_place(self, database: Database):
        found = database.answer("SELECT 1 AS a, 2 AS b, 'x' AS c UNION ALL SELECT 3, 4, 'y' ORDER BY 1")
        assert found.columns == ["0", "1", "2"]
        assert found.rows() == [(1, 2, "x"), (3, 4, "y")]
        assert database.answer("SELECT 1 AS a WHERE 1 = 0").shape == (0, 1)

    def test_no_such_table(self, database: Database, load: Callable[[str, pl.DataFrame], None]):
        load("events", pl.DataFrame({"a": [1]}))
        with pytest.raises(SourceError, match=r"There is no table 'evnts'.*Did you mean 'events'\?"):
            database.shape("evnts")
        for name in ("", '"', "a.b.c.d", '"; DROP TABLE events; --'):
            with pytest.raises(SourceError, match="There is no table"):
                database.shape(name)

    def test_what_is_refused_is_a_sentence(self, database: Database):
        for sql in ("SELECT nothing_like_it FROM nowhere_like_it", "SELEKT", ""):
            with pytest.raises(EngineError, match=f"^{re.escape(database.name)} could not answer: .") as raised:
                database.answer(sql)
            assert "\n" not in str(raised.value)
        assert database.answer("SELECT 1").item() == 1

    def test_keeping_twice_and_what_is_not_there(self, database: Database):
        database.keep("kept", "SELECT 1 AS a")
        with pytest.raises(EngineError):
            database.keep("kept", "SELECT 2 AS a")
        assert database.answer("SELECT a FROM kept").item() == 1
        database.drop("kept")
        database.drop("never there")

    def test_nobody_wants_it_any_more(self, database: Database):
        database.put("small", pl.DataFrame({"a": [1]}))
        for ask in (lambda: database.answer(self.endless), lambda: database.keep("long", self.endless)):
            stop, ended = Event(), Event()
            said: list[object] = []
            Thread(target=wanted_until, args=(stop, ended, said, ask), daemon=True).start()
            assert not ended.wait(0.3), said
            stop.set()
            assert ended.wait(END)
            assert isinstance(said[0], Stopped), said
        assert database.answer("SELECT a FROM small").item() == 1  # it goes on
        with stopping(stop), pytest.raises(Stopped):
            database.answer("SELECT 1")

    def test_what_takes_too_long(self, hasty: Database):
        timer = Timer(END, lambda: None)
        timer.start()
        said = f"did not answer within {self.patience:g} s, and was asked to stop"
        with pytest.raises(EngineError, match=re.escape(said)):
            hasty.answer(self.endless)
        assert timer.is_alive()
        timer.cancel()
        assert hasty.answer("SELECT 1").item() == 1

    def test_many_at_once(self, database: Database):
        database.put("numbers", pl.DataFrame({"n": range(1000)}))

        def ask(at: int) -> Sequence[object]:
            database.keep(f"kept {at}", f"SELECT n FROM numbers WHERE n < {at}")
            found = database.answer(f"SELECT count(*), {at} FROM {quoted(f'kept {at}', database.dialect)}").row(0)
            database.drop(f"kept {at}")
            return found

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(ask, range(40))) == [(at, at) for at in range(40)]

    def test_it_says_no_more_than_its_name(self, database: Database):
        assert database.name in repr(database)
        assert "secret" not in repr(database) + str(database)
