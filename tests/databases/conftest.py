"""The databases of the tests here, each started once: ClickHouse in the process, and where `.ci/engines` has installed
them PostgreSQL and Spark."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from tests.databases.running import ClickHouse, Database, Postgres, Spark

OTHERS = bool(os.environ.get("SESSION_EXPLORER_TEST_ENGINES"))
KINDS = [*([ClickHouse] if find_spec("chdb") else []), *([Postgres, Spark] if OTHERS else [])]

if not OTHERS:
    collect_ignore_glob = ["test_postgres.py", "test_spark.py", *([] if KINDS else ["test_*.py"])]


@pytest.fixture(scope="session", params=KINDS, ids=lambda kind: kind.dialect)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Each of the databases in turn."""
    found = request.param()
    yield found
    found.close()
