"""Python looks through all objects when a server rests, and not while somebody waits."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from widgets.page.collecting import FEW, MANY, MANY_ENDED, RESTS, Collecting, rounds_made


class Page:
    """Refers to itself, as pages do."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _nothing_put_aside() -> Iterator[None]:
    yield
    gc.unfreeze()


def left_behind() -> weakref.ref[Page]:
    return weakref.ref(Page())


def test_what_is_left_behind_stays_while_the_server_works_and_goes_when_it_rests() -> None:
    known = Collecting(rounds=rounds_made())
    page = left_behind()
    for second in range(1, 5):
        known.tick(spent=float(second), rounds=known.rounds + FEW)
        gc.collect()  # as Panel asks for after the end of each page: nothing is looked at
        assert page() is not None
    for _ in range(RESTS):
        assert page() is not None
        known.tick(spent=4.0, rounds=known.rounds + FEW)
    assert page() is None
    assert gc.get_freeze_count() > 0


def test_much_that_may_be_left_behind_is_looked_through_though_the_server_works() -> None:
    known = Collecting(rounds=rounds_made())
    page = left_behind()
    known.tick(spent=1.0, rounds=known.rounds + MANY - 1)
    assert page() is not None
    known.tick(spent=2.0, rounds=known.rounds + MANY)
    assert page() is None


def test_a_server_that_rests_and_has_nothing_new_is_let_alone() -> None:
    known = Collecting(rounds=rounds_made())
    page = left_behind()
    for _ in range(3 * RESTS):
        known.tick(spent=0.0, rounds=known.rounds + FEW - 1)
    assert page() is not None


def test_what_many_pages_left_behind_goes_though_the_server_works() -> None:
    known = Collecting(rounds=rounds_made())
    page = left_behind()
    for second in range(1, MANY_ENDED + 1):
        assert page() is not None
        known.page_ended(None)
        known.tick(spent=float(second), rounds=known.rounds)
    assert page() is None
    assert known.ended == 0
