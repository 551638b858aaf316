"""How a text file is written: what is found out about it, or what is said instead."""

from __future__ import annotations

from typing import Any

import panel_material_ui as pmui
import param

from explorer.errors import SpecError
from explorer.spec.file_format import FileFormat
from widgets.parts.fields import dropdown

DETECTED = "detected"
SEPARATORS = {
    "comma": ",",
    "semicolon": ";",
    "tab": "\t",
    "vertical bar": "|",
    "space": " ",
    "caret": "^",
    "^A": "\x01",
}
ENCODINGS = (
    *("utf-8", "cp1252", "utf-16", "latin-1", "iso8859-15", "cp1250", "cp1251", "cp1254", "koi8-r", "mac-roman"),
    *("shift_jis", "gb18030", "big5", "euc-kr"),
)
HEADERS = {"first row": "yes", "no header": "no"}
DECIMALS = {"point": ".", "comma": ","}


class FileFields(param.Parameterized):
    """Five fields; `value` is what is said in them, None for nothing."""

    value = param.ClassSelector(class_=FileFormat, allow_None=True)
    shown = param.Boolean(default=True)
    error = param.String(default="", doc="OUT: why what was entered cannot be.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        common: dict[str, Any] = {"size": "small", "sizing_mode": "stretch_width", "margin": (4, 0)}
        common["visible"] = self.param.shown
        self._menus = {
            "separator": _menu("Separator", "What stands between two fields", SEPARATORS, common),
            "encoding": _menu(
                "Encoding", "How letters are written as bytes", dict(zip(ENCODINGS, ENCODINGS, strict=True)), common
            ),
            "header": _menu("Header", "Where the names of the columns are", HEADERS, common),
            "decimal": _menu("Decimal sign", "What stands before the decimals of numbers", DECIMALS, common),
        }
        self._skip = pmui.TextInput(
            label="Lines to skip",
            placeholder=DETECTED,
            description="Lines before the header, such as 3",
            **common,
        )
        self._quiet = False
        self.fields = [*self._menus.values(), self._skip]
        for field in self.fields:
            field.param.watch(lambda *_: self._hear(), "value")
        self.param.watch(lambda *_: self._show(), "value")
        self._show()

    def _show(self) -> None:
        self._quiet = True
        try:
            for name, menu in self._menus.items():
                said = getattr(self.value, name) if self.value else None
                if said is not None and said not in menu.options.values():
                    menu.options = menu.options | {repr(said) if len(said) == 1 else said: said}
                menu.value = said or ""
            skip = self.value.skip_lines if self.value else None
            self._skip.value = "" if skip is None else str(skip)
            self.error = ""
        finally:
            self._quiet = False

    def _hear(self) -> None:
        if self._quiet:
            return
        said = {name: menu.value for name, menu in self._menus.items()} | {"skip_lines": self._skip.value.strip()}
        try:
            value = FileFormat(**said)
        except SpecError as error:
            self.error = f"columns.format.{error}"
            return
        self.error = ""
        self.value = value if value.told else None


def _menu(label: str, about: str, options: dict[str, str], common: dict[str, Any]) -> Any:
    return dropdown(label, description=about, options={DETECTED: ""} | options, **common)
