"""A cohort: its name, the definition whose values of actors it asks, and the condition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param

from explorer.errors import SpecError
from explorer.spec.analysis import Analysis
from explorer.spec.cohort import Cohort
from explorer.spec.editing.edits import cohort_changed, free_name
from explorer.spec.expression.clause import Clause, parse
from widgets.definition.rule_editors import WIDE, RuleEditor
from widgets.definition.value_editor import COMMON, stacked, titled, wrong
from widgets.filter_builder import FilterBuilder
from widgets.parts.fields import dropdown

EVERY: Clause = parse("session_count >= 1")


class CohortRule(RuleEditor):
    """The cohort at a place of the analysis; behind the last one, a new one. The definition stays as it is."""

    cohort = param.ClassSelector(class_=Cohort, doc="As the fields say it, or as they said it when it could be.")

    edits = "cohort"

    def __init__(self, place: int | None, analysis: Analysis, taken: Sequence[str] = (), **params: Any) -> None:
        """`taken` are names that a new cohort does not get besides those of the others."""
        super().__init__(**params)
        cohorts = analysis.cohorts
        self.place = len(cohorts) if place is None else place
        name = free_name("cohort", [*taken, *(one.name for one in cohorts)])
        self.cohort = Cohort(name, self.value.name, EVERY) if place is None else cohorts[place]
        self._analysis = analysis
        names = [definition.name for definition in analysis.sessions]
        self.name_field = pmui.TextInput(label="Name", value=self.cohort.name, width=240, **COMMON)
        self.session = dropdown("Values of actors in", options=names, value=self.cohort.session, width=240, **COMMON)
        self.where = FilterBuilder(
            value=self.cohort.where, columns=self.session_columns, noun="actors", label="Condition on actors"
        )
        self.builders = (self.where,)
        for part in (self.name_field, self.session, self.where):
            part.param.watch(lambda *_: self._hear(), "value")
        self.param.watch(lambda event: self.where.param.update(columns=event.new), "session_columns")

    def _hear(self) -> None:
        try:
            cohort = Cohort(self.name_field.value.strip(), self.session.value, self.where.value or EVERY)
            cohort_changed(self._analysis, self.place, cohort)
        except SpecError as error:
            self.error = str(error)
        else:
            self.error = ""
            self.cohort = cohort

    def __panel__(self) -> pn.viewable.Viewable:
        row = pn.FlexBox(self.name_field, self.session, gap="12px", sizing_mode="stretch_width", margin=(6, 0, 0, 0))
        condition = titled("Actors who belong", "Values of actors, over all sessions of the definition.", self.where)
        return pn.Column(stacked(row, wrong(self), condition), **WIDE)
