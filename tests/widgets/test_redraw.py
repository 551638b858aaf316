"""What is said while sessions are cut, and what stands when they have been."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import explorer
from explorer.engine.local.engine import LocalEngine
from explorer.errors import SpecError
from explorer.spec.analysis import first_analysis
from explorer.spec.metric import Metric
from explorer.state import first_coded
from widgets import SessionExplorer
from widgets.sessions import redraw

SAMPLE = Path(__file__).parents[2] / "sample_data" / "shop.csv.gz"


@pytest.fixture(scope="module")
def log() -> LocalEngine:
    return explorer.connect(SAMPLE)


def test_many_metrics_are_said_before_they_are_computed(log: LocalEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redraw, "MANY_METRICS", 2)
    app = SessionExplorer(log)
    metrics = [Metric(name=f"m{i}", aggregate="count", where=f"event = 'e{i}'") for i in range(4)]
    with monkeypatch.context() as patch:
        patch.setattr(app._redraw._latest, "run", lambda work: None)  # it is under way
        app.state.define(metrics=metrics[:3])
        app._redraw._slow()
        assert app.notice.value is not None
        assert app.notice.value.text.startswith("3 metrics of ")
    app._redraw.start()
    assert app.notice.value is None
    with monkeypatch.context() as patch:
        patch.setattr(app._redraw._latest, "run", lambda work: None)
        app.state.define(metrics=metrics)
        app._redraw._slow()  # one that is new is no reason to wait
    assert app.notice.value is None


def test_what_is_wrong_with_an_address_stands_when_the_first_picture_has_come(log: LocalEngine) -> None:
    app = SessionExplorer(log)
    app._redraw._problem = SpecError("The link leads elsewhere.")
    app._redraw.start()
    assert app.notice.value is not None
    assert app.notice.value.text == "The link leads elsewhere."
    app._redraw.start()
    assert app.notice.value is None


def test_other_data_are_said_everywhere() -> None:
    made = [
        explorer.connect(pl.DataFrame({"user": names, "ts": ["2024-01-01 10:00"] * len(names)}))
        for names in (["a", "b"], ["a", "b", "c"])
    ]
    analysis = first_analysis(made[0].columns)
    app = SessionExplorer(made[0], analysis)
    assert app.inactivity.caption.startswith("2 sessions")
    app.state.begin(made[1], analysis, first_coded(made[1], analysis))
    assert app.inactivity.caption.startswith("3 sessions")


def test_what_each_inactivity_comes_to_is_looked_at_when_another_one_is() -> None:
    engine = explorer.connect(SAMPLE)
    app = SessionExplorer(engine)
    made = engine.stages.made
    assert app.inactivity.suggestion
    assert app.inactivity.reason
    assert "evidence" not in made
    app.inactivity.dragging = "45m"
    assert made["evidence"] == 1
    assert app.inactivity.caption.count("about ") == 1  # the sessions are exact, what is of the nearest step is not
    app.inactivity.dragging = "50m"
    assert made["evidence"] == 1


def test_the_effect_of_each_rule_is_shown_when_it_is_found() -> None:
    app = SessionExplorer(explorer.connect(SAMPLE))
    shown: list[list[str]] = []

    def told() -> list[str]:
        rows = [row for group in app.rules.value for row in group["rows"]]
        return [row["key"] for row in rows if row.get("effect") and row["key"] in ("where", "restart", "keep")]

    app.rules.param.watch(lambda *_: shown.append(told()), "value")
    app.state.define(where="event != 'error'", restart="event = 'login'", keep="event_count > 1")
    steps = [step for at, step in enumerate(shown) if at == 0 or step != shown[at - 1]]
    assert steps == [[], ["keep"], ["restart", "keep"], ["where", "restart", "keep"]]
    app.state.define(where=None)
    assert told() == ["restart", "keep"]


def test_an_inactivity_that_is_taken_is_cut_and_not_compared_with_others(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = explorer.connect(SAMPLE)
    app = SessionExplorer(engine)
    monkeypatch.setattr(app._redraw._latest, "run", lambda work: None)  # it is under way
    app.state.define(inactivity="45m")
    assert app.inactivity.dragging == "45m"
    assert "evidence" not in engine.stages.made
