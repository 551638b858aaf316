"""The session editor: a definition in, a definition out, and the last good one stands."""

from explorer.spec.session import SessionDefinition
from widgets.session import SessionEditor

VISIT = SessionDefinition(name="visit", inactivity="30m", where="NOT event = 'x'")  # type: ignore[arg-type]


def test_only_what_is_edited_changes():
    editor = SessionEditor(value=VISIT)
    editor._inactivity.hear({"text": "45 min"})
    assert editor.value == VISIT.replace(inactivity="45m")


def test_no_inactivity_at_all_is_refused_beside_the_field():
    editor = SessionEditor(value=VISIT)
    heard: list[object] = []
    editor.param.watch(heard.append, "value")
    editor._inactivity.hear({"text": "0s"})
    assert editor.value == VISIT
    assert not heard
    assert editor._inactivity.value == "30m"
    assert editor._inactivity.error == "It has to be longer than 0s."
