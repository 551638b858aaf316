"""Where a rule or a metric is edited beside what it would do; nothing changes before it is applied."""

from __future__ import annotations

from typing import Any

import panel as pn
import param

from explorer.spec.cohort import Cohort
from explorer.spec.session import SessionDefinition
from widgets.definition.preview import Preview, Shown
from widgets.definition.rule_editors import RuleEditor
from widgets.definition.rule_labels import Role
from widgets.notebook import inline
from widgets.notebook.told import Told, value_words
from widgets.parts.component import Component, script, style
from widgets.parts.tells_again import TellsAgain
from widgets.parts.theme import heading, heading_html

_WIDE: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}
SIDES = """
:host {
  display: grid; gap: 20px; align-items: start; height: max-content; max-height: none; grid-auto-rows: max-content;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr));
}
.scroll-button { display: none; }
"""


class WorkbenchFoot(Component):
    """What the browser shows below the editor."""

    ready = param.Boolean(default=False)
    action = param.String(default="Apply")
    why = param.String()
    turn = param.Integer(default=0, doc="Counts the editors that were opened; 0 and less: none is open.")

    _esm = script("definition/workbench.js")
    _stylesheets = [style("definition/workbench.css")]


class Workbench(TellsAgain, inline.Shown):
    """One editor at a time. `value` is the definition or cohort that was applied last; it fires on 'Apply' only."""

    value = param.ClassSelector(class_=(SessionDefinition, Cohort), allow_None=True)
    opened = param.String(default="", doc="What is edited; empty when nothing is.")
    editor = param.ClassSelector(class_=RuleEditor, allow_None=True)

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.preview = Preview()
        self._before: SessionDefinition | Cohort | None = None
        self._turn = 0
        self._foot = WorkbenchFoot(**_WIDE)
        self._foot.on_msg(lambda event: self.hear(event.data))
        self._title = heading()
        self._place = pn.Column(**_WIDE)
        self._card = pn.Column(stylesheets=[style("parts/card.css")], visible=False, **_WIDE)

    def open(self, key: str, role: Role, editor: RuleEditor, before: SessionDefinition | Cohort | None) -> None:
        """Show an editor in the place of any other; `before` is what is edited as it is, None for a new one."""
        self._before = before
        self._turn += 1
        self._title.object = heading_html(role.title, role.sentence)
        self.preview.value = Shown()
        self._place.objects = [editor]
        if not self._card.objects:  # a page that is only looked at need not carry it
            left = pn.Column(self._place, self._foot, **_WIDE, styles={"gap": "16px"})
            self._card.objects = [self._title, pn.Column(left, self.preview, stylesheets=[SIDES], **_WIDE)]
        self._card.visible = True
        editor.param.watch(lambda *_: self._judge(), [editor.edits, "error"])
        self.param.update(opened=key, editor=editor)
        self._judge()
        self._foot.param.update(action=role.action, turn=self._turn)

    def close(self) -> None:
        """Show no editor; what was not applied is gone."""
        self._foot.turn = 0
        self._card.visible = False
        self._place.objects = []
        self.param.update(opened="", editor=None)

    def hear(self, message: dict[str, Any]) -> None:
        """Take a click on 'Apply' or 'Cancel'."""
        if self.editor is None:
            return
        if "cancel" in message:
            self.close()
        elif "apply" in message and not self.editor.error:
            # Applied again after an undo, the same definition is a change again.
            self.tell_again(value=self.editor.edited)

    def _judge(self) -> None:
        if self.editor is not None:
            changed, error = self.editor.edited != self._before, self.editor.error
            self._foot.param.update(ready=changed and not error, why="" if changed or error else "Nothing changed yet.")

    def still_words(self) -> Told:
        """What is edited, as it would be applied."""
        words = value_words(self.editor.edited) if self.editor else "Nothing is edited."
        return Told("Editor", [words or self.opened])

    def __panel__(self) -> pn.viewable.Viewable:
        return self._card
