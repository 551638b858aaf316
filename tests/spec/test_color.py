"""The color of a definition: part of the document, checked, and always in one form."""

import pytest

from explorer.errors import SpecError
from explorer.spec.analysis import Analysis
from explorer.spec.session import SessionDefinition


@pytest.mark.parametrize(("said", "kept"), [("#2F7DE1", "#2f7de1"), (" #2f7de1 ", "#2f7de1"), ("", ""), (None, "")])
def test_a_color_has_one_form(said: str, kept: str):
    assert SessionDefinition("visit", "30m", color=said).color == kept


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ("2f7de1", "Did you mean '#2f7de1'?"),
        ("#2f7", "Did you mean '#22ff77'?"),
        ("red", "Write # and six digits, such as #2f7de1."),
        ("#2f7de1ff", "Write # and six digits, such as #2f7de1."),
        ("<img>", "Write # and six digits, such as #2f7de1."),
        (7, "Write # and six digits, such as #2f7de1."),
    ],
)
def test_another_color_is_refused(said: str, instead: str):
    with pytest.raises(SpecError) as caught:
        SessionDefinition("visit", "30m", color=said)
    assert str(caught.value) == f"color: '{said}' is not a color. {instead}"


def test_a_color_goes_with_the_document_and_the_link():
    visit = SessionDefinition("visit", "30m", color="#2f7de1")
    analysis = Analysis({"actor": "user", "time": "ts"}, (visit,))
    assert Analysis.from_yaml(analysis.to_yaml()) == analysis
    assert Analysis.from_query(analysis.to_query()) == analysis
    assert "color" not in Analysis({"actor": "user", "time": "ts"}, (visit.replace(color=""),)).to_yaml()
