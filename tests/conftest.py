"""What every test gets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.engines.making import ENGINES, Connect
from tests.examples import PROFILE, USUAL

# No deadline: the first example of a run pays for imports.
# Explaining a failure traces every line of every example, also of those that pass: it takes most of the time.
_PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.target, Phase.shrink)
_USUAL = {
    "deadline": None,
    "phases": _PHASES,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}
# Many files, many processes, connections that are lost and waited for.
OF_MUCH = (
    "logs",
    "sample_data",
    "code/test_sql_of_files.py",
    "engine/local/actors/test_automated.py",
    "engine/local/inactivity/test_heartbeats.py",
    "engine/sql",
    "events/store/test_damage.py",
    "test_circles.py",
    "test_readme.py",
    "widgets/document/test_finder.py",
)
FIRST_ENGINE = next(iter(ENGINES))

for profile, number in USUAL.items():
    more = {"derandomize": True, "print_blob": True} if profile == "ci" else {}
    settings.register_profile(profile, max_examples=number, **_USUAL, **more)  # type: ignore[arg-type]
settings.load_profile(PROFILE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as what the quick loop, `pytest -m "not ui and not slow"`, leaves out: property tests, those of much, and
    what is asked of a second engine."""
    for item in items:
        of_properties = getattr(getattr(item, "function", None), "is_hypothesis_test", False)
        of_much = any(item.path.is_relative_to(Path(__file__).parent / place) for place in OF_MUCH)
        given = getattr(getattr(item, "callspec", None), "params", {})
        if of_properties or of_much or given.get("engines", FIRST_ENGINE) != FIRST_ENGINE:
            item.add_marker("slow")


@pytest.fixture(autouse=True, scope="session")
def _cache_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test, and no process that a test starts, writes to the cache of whoever runs them, or reads their settings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SESSION_EXPLORER_CONFIG", str(tmp_path_factory.mktemp("config")))
        patch.setenv("SESSION_EXPLORER_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session", params=list(ENGINES))
def engines(request: pytest.FixtureRequest) -> Connect:
    """What makes an engine of a source and its roles: one after the other all that there are."""
    return ENGINES[request.param]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are called by their argument: packed ones carry the time at which they were packed, and every process of a
    run has to call a test the same."""
    return argname if isinstance(val, bytes) else None
