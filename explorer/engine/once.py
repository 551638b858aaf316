"""Engines of files, loaded once per process however many people look at them."""

from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Any

from explorer.engine.connect import connect
from explorer.engine.local import LocalEngine

MOST = 4

_asked: set[tuple[Path, int, int]] = set()
_engines: "OrderedDict[tuple[Any, ...], LocalEngine]" = OrderedDict()
_loading: dict[tuple[Any, ...], Lock] = {}
_lock = Lock()


def connect_once(path: str | Path, **roles: Any) -> LocalEngine:
    """`connect`, remembered until the file changes; the last few files are kept."""
    place = Path(path).resolve()
    if not place.is_file():
        return connect(path, **roles)
    key = (*_version(place), *((name, _fixed(roles[name])) for name in sorted(roles)))
    with _lock:
        loading = _loading.setdefault(key, Lock())
    with loading:
        with _lock:
            if key in _engines:
                _engines.move_to_end(key)
                return _engines[key]
        try:
            engine = connect(place, **roles)
        finally:
            _asked.add(_version(place))
        with _lock:
            _engines[key] = engine
            while len(_engines) > MOST:
                _loading.pop(_engines.popitem(last=False)[0], None)
        return engine


def is_known(path: str | Path) -> bool:
    """Whether this version of a file has been read, or found unreadable, in this process."""
    return _version(Path(path).resolve()) in _asked


def _version(place: Path) -> tuple[Path, int, int]:
    state = place.stat()
    return place, state.st_size, state.st_mtime_ns


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
