"""Sessions as bytes: what is read back is what was packed, an actor at a time."""

from __future__ import annotations

import zlib
from base64 import b64decode
from collections import Counter

import numpy as np
import pytest

from explorer.engine.answers.codes import sampled
from explorer.engine.local.coded.coded_cache import coded
from explorer.engine.local.coded.local_coded import LocalCoded
from explorer.report.packed_sessions import Packed, pack
from explorer.spec.session import SessionDefinition
from tests.engines.making import Connect
from tests.report.made_up import log

Actor = tuple[tuple[int, ...], ...]


@pytest.fixture(scope="module")
def picture(engines: Connect) -> LocalCoded:
    engine = log(2_000, connect=engines)
    return coded(engine.session_table(SessionDefinition("visit", "30m")))


def read(packed: Packed) -> dict[str, np.ndarray]:
    data = np.frombuffer(zlib.decompress(b64decode(packed.data)), np.uint8)
    found, at = {}, 0
    for name, length, planes in packed.columns:
        parts = data[at : at + length * planes].reshape(planes, length).astype(np.int64)
        found[name] = sum(part << 8 * plane for plane, part in enumerate(parts))
        at += length * planes
    assert at == len(data)
    return found  # type: ignore[return-value]


def unpacked(packed: Packed) -> Counter[Actor]:
    """Each actor as the sorted codes of the actor's sessions."""
    columns = read(packed)
    ends = columns["sessions"].cumsum()
    rows = np.stack([columns[name] for name in ("duration", "event_count", "start", "more")], axis=1)
    actors = zip(ends - columns["sessions"], ends, columns["time_in_session"], strict=True)
    return Counter(tuple(sorted((int(own), *map(int, row)) for row in rows[lo:hi])) for lo, hi, own in actors)


def expected(picture: LocalCoded, actors: np.ndarray) -> Counter[Actor]:
    dimensions = picture.crossfilter.dimensions
    events = dimensions["event_count"]
    more = picture.table["event_count"].to_numpy() - np.array(events.bins.lows)[events.codes]
    names = ("time_in_session", "duration", "event_count", "start")
    rows = np.stack([*(dimensions[name].codes for name in names), more], axis=1)
    ends = np.append(picture.actor_starts[1:], len(rows))
    spans = [(picture.actor_starts[at], ends[at]) for at in actors]
    return Counter(tuple(sorted(tuple(map(int, row)) for row in rows[lo:hi])) for lo, hi in spans)


def test_every_session_of_every_actor_is_in_it(picture: LocalCoded):
    packed = pack(picture, 1_000_000)
    assert (packed.sessions, packed.actors) == (picture.table.height, len(picture.actor_starts))
    assert unpacked(packed) == expected(picture, np.arange(packed.actors))


def test_a_part_is_of_whole_actors(picture: LocalCoded):
    packed = pack(picture, 300)
    lengths = np.diff(np.append(picture.actor_starts, picture.table.height))
    chosen = sampled(lengths, 300)
    assert unpacked(packed) == expected(picture, chosen)
    assert 280 < packed.sessions <= 300


def test_a_part_does_not_depend_on_who_is_heavy_and_is_the_same_every_time():
    lengths = np.full(10_000, 3)
    chosen = sampled(lengths, 3_000)
    assert chosen.tolist() == sampled(lengths, 3_000).tolist()
    assert len(chosen) == 1_000
    assert abs(chosen.mean() - 5_000) < 300
    assert np.diff(chosen).std() > 5


def test_one_actor_with_too_many_sessions_leaves_the_others():
    assert sampled(np.array([900, 2, 3]), 10).tolist() == [1, 2]
    assert sampled(np.array([900]), 10).tolist() == []


def test_no_session_takes_no_room(engines: Connect):
    engine = log(20, connect=engines)
    nothing = SessionDefinition("visit", "30m", where="event = 'never'")
    packed = pack(coded(engine.session_table(nothing)), 10)
    assert (packed.sessions, packed.actors) == (0, 0)
    assert all(len(values) == 0 for values in read(packed).values())


def test_numbers_beyond_a_byte_take_another_plane(engines: Connect):
    engine = log(300, connect=engines)
    visit = SessionDefinition("visit", "52w")
    picture = coded(engine.session_table(visit))
    assert unpacked(pack(picture, 1_000)) == expected(picture, np.arange(len(picture.actor_starts)))
