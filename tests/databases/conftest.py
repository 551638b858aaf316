"""The databases of the tests here, each started once. They run where `.ci/engines` has installed them."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.databases.running import ClickHouse, Database, Postgres, Spark

collect_ignore_glob = [] if os.environ.get("SESSION_EXPLORER_TEST_ENGINES") else ["test_*.py"]


@pytest.fixture(scope="session", params=[ClickHouse, Postgres, Spark], ids=lambda kind: kind.dialect)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Each of the databases in turn."""
    found = request.param()
    yield found
    found.close()
