"""Every rule that cuts is in the key of the sessions; no other is."""

from __future__ import annotations

from typing import Any

import pytest

from explorer.engine import keys
from explorer.spec.rules import BY_FIELD, fields_of
from explorer.spec.session import SessionDefinition

VISIT = SessionDefinition("visit", "30m")
OTHER: dict[str, Any] = {
    **dict.fromkeys(fields_of("events"), "event = 'login'"),
    **dict.fromkeys(fields_of("columns"), ("device",)),
    **dict.fromkeys(fields_of("duration"), "1h"),
    **dict.fromkeys(fields_of("number"), 5),
    **dict.fromkeys(fields_of("zone"), "UTC"),
    **dict.fromkeys(fields_of("boundary"), ">="),
    **dict.fromkeys(fields_of("sessions"), "event_count > 1"),
}
LENGTHS = ("boundary", "max_duration", "max_events")


@pytest.mark.parametrize("field", BY_FIELD)
def test_another_value_is_another_key_where_it_cuts(field: str):
    changed = VISIT.replace(**{field: OTHER[field]})
    assert (keys.cut_key(changed) != keys.cut_key(VISIT)) == (field != "keep")
    assert (keys.view_key(changed) != keys.view_key(VISIT)) == (field not in ("keep", *LENGTHS))


def test_so_is_another_inactivity_of_the_same_events():
    changed = VISIT.replace(inactivity="1h")
    assert keys.cut_key(changed) != keys.cut_key(VISIT)
    assert keys.view_key(changed) == keys.view_key(VISIT)
