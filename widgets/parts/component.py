"""The scripts and styles of our own browser components: served once as one file, which the browser keeps.

In a notebook and a saved page each component brings its own, and needs no network.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

from widgets.parts.library_internals import ServedScript, served_folder

WIDGETS = Path(__file__).parent.parent
DOM, BASE = "parts/dom.js", "parts/base.css"
RENDER = "export function render("
# What a component is drawn by takes on its styles first; they are the same for all that are drawn by it.
DRESSED = """
const dressed = (style, render) => {
  let sheet = null
  return (given) => {
    if (!sheet) {
      sheet = new CSSStyleSheet()
      sheet.replaceSync(style)
    }
    const root = given.view.shadow_el
    root.adoptedStyleSheets = [...root.adoptedStyleSheets.filter((each) => each !== sheet), sheet]
    return render(given)
  }
}
"""


class Files(str):
    """The text of several files, which knows their names."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, names: Iterable[str]) -> Files:
        """Of files that are named from the folder `widgets`."""
        known = tuple(names)
        made = cls("\n".join(map(_read, known)))
        made.names = known
        return made


def script(*names: str) -> Files:
    """The script of a component, of one file or several in their order, after `parts/dom.js`, as a module text.

    Files are named from the folder `widgets`: `script("parts/menu.js", "charts/chart_menu.js")`.
    """
    return Files.of((DOM, *names))


def style(*names: str) -> Files:
    """The style sheet of a component, of one file or several, after the shared `base.css`."""
    return Files.of((BASE, *names))


class Component(ServedScript):
    """A component of ours in the browser: `_esm` is its `script`, `_stylesheets` are its `style` and more of it."""

    files: ClassVar[tuple[str, ...]] = ()
    dress: ClassVar[str] = ""

    def __init_subclass__(cls, **options: Any) -> None:
        written, styles = cls.__dict__.get("_esm", ""), cls.__dict__.get("_stylesheets", ())
        if isinstance(written, Files):
            cls.files, cls.dress = written.names, "\n".join(styles)
            cls._stylesheets = []
            cls._esm = f"{_named(written)}\n{DRESSED}\nexport const render = dressed({_literal(cls.dress)}, drawn)\n"
        super().__init_subclass__(**options)

    @classmethod
    def served_path(cls) -> Path | None:
        """The file of all components, written when it is first asked for; None where this one is not in it."""
        path, names = _file()
        return path if cls.__name__ in names else None


def whole_script(kinds: Iterable[type[Component]]) -> str:
    """One module of all these components by their names: what stands in `parts` once, the rest for each.

    >>> whole_script([]).endswith("export default {}\\n")
    True
    """
    known = {kind.__name__: kind for kind in kinds if kind.files}
    shared = dict.fromkeys(name for kind in known.values() for name in kind.files if _is_shared(name))
    parts = [_read(name) for name in dict.fromkeys((DOM, *shared))]
    made = []
    for name, kind in known.items():
        own = "\n".join(_named(_read(file)) for file in kind.files if not _is_shared(file))
        look = _literal(kind.dress.removeprefix(_read(BASE)))
        made.append(f"const {name} = (() => {{\n{own}\nreturn {{ render: dressed(BASE + {look}, drawn) }}\n}})()")
    base = f"const BASE = {_literal(_read(BASE))}"
    return "\n".join([*parts, DRESSED, base, *made, f"export default {{{', '.join(known)}}}\n"])


def components(kind: type[Component] = Component) -> list[type[Component]]:
    """All components of ours that have been imported."""
    return [found for each in kind.__subclasses__() for found in (each, *components(each))]


@cache
def _file() -> tuple[Path, frozenset[str]]:
    kinds = components()
    text = whole_script(kinds)
    path = served_folder() / f"components-{sha256(text.encode()).hexdigest()[:16]}.js"
    path.write_text(text, encoding="utf-8")
    return path, frozenset(kind.__name__ for kind in kinds)


def _is_shared(name: str) -> bool:
    return name.startswith("parts/") and RENDER not in _read(name)


def _named(text: str) -> str:
    """A script whose `render` is called `drawn` and is nobody else's."""
    return text.replace(RENDER, "function drawn(")


def _literal(text: str) -> str:
    return "`" + text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${") + "`"


@cache
def _read(name: str) -> str:
    return (WIDGETS / name).read_text(encoding="utf-8")
