"""The editor of derived columns: live examples, errors in place, recipes from the data at hand."""

from datetime import datetime

import polars as pl
import pytest

import explorer
from explorer.engine.local.editors.derived_recipes import derived_recipes
from explorer.engine.local.engine import LocalEngine
from widgets.data.data_facts import data_facts
from widgets.data.derived_editor import DerivedEditor

AGENT = "Mozilla/5.0 (iPhone) AppleWebKit Safari/605"


@pytest.fixture
def log() -> LocalEngine:
    rows = {
        "user": ["a", "b", "c"],
        "ts": [datetime(2024, 3, 1, 10)] * 3,
        "url": ["https://x.de/a?utm_source=mail", "https://x.de/b", None],
        "agent": [AGENT, AGENT, "curl"],
        "amount": [1.0, 2.0, 3.0],
    }
    return explorer.connect(pl.DataFrame(rows), actor="user", time="ts", derived={"path": "url_path(url)"})


def editor(log: LocalEngine) -> DerivedEditor:
    facts = data_facts(log)
    return DerivedEditor(columns=facts.columns, sample=facts.sample, recipes=facts.recipes, now=facts.now)


def test_it_shows_what_there_is_with_examples(log: LocalEngine):
    (row,) = editor(log).rows
    assert row.value == ("path", "url_path(url)")
    told = row.told("url_path(url)")
    assert "the path of url" in told
    assert "<code>/a</code>, <code>/b</code>" in told
    assert "33 % null" in told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lower(ul)", "Did you mean &#x27;url&#x27;?"),
        ("amount + url", "takes"),
        ("lower(", "cannot be read"),
        ("'<b>' || url", "&lt;b&gt;https://x.de/a"),
        ("", "Columns, functions and values"),
    ],
)
def test_what_is_written_is_told_at_once(log: LocalEngine, text: str, said: str):
    told = editor(log).rows[0].told(text)
    assert said in told
    assert "<b>" not in told


def test_a_column_is_added_changed_and_removed(log: LocalEngine):
    made = editor(log)
    made.add.clicks += 1
    row = made.rows[1]
    row.name_field.value = "double"
    assert made.value is None or made.value.plain()["derived"] == {"path": "url_path(url)"}
    row.text_field.value = "amount * 2"
    assert made.value is not None
    assert made.value.plain()["derived"] == {"path": "url_path(url)", "double": "amount * 2"}
    row.text_field.value = "amount *"
    assert made.error.startswith("derived.double")
    assert made.value.plain()["derived"]["double"] == "amount * 2"  # the last good one stays
    row.param.trigger("removed")
    assert made.value.plain()["derived"] == {"path": "url_path(url)"}
    assert made.error == ""


def test_recipes_come_from_the_data(log: LocalEngine):
    recipes = {recipe.name: recipe for recipe in derived_recipes(log.event_table)}
    assert list(recipes) == ["url_path", "url_host", "utm_source", "browser", "device_kind", "ts_hour", "ts_weekday"]
    derived = {name: recipe.value for name, recipe in recipes.items()}
    found = log.under(log.columns.replace(derived=derived)).event_table.frame
    assert found["browser"].to_list() == ["Safari", "Safari", "other"]
    assert found["device_kind"].to_list() == ["mobile", "mobile", "desktop"]
    assert found["utm_source"].to_list() == ["mail", None, None]
    made = editor(log)
    made.recipe.value = "utm_source in url"
    assert made.value is not None
    assert made.value.plain()["derived"]["utm_source"] == "url_param(url, 'utm_source')"
