"""Engines of files and tables, opened once per process however many people look at them."""

from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Any

from explorer.engine.connect import connect
from explorer.engine.engine import Engine
from explorer.events.files.objects import is_address
from explorer.events.files.paths import found
from explorer.events.files.source_name import Source, paths_of
from explorer.events.store.fingerprint import Fingerprint, fingerprint

MOST = 4

_asked: set[Fingerprint] = set()
_engines: "OrderedDict[tuple[Any, ...], Engine]" = OrderedDict()
_loading: dict[tuple[Any, ...], Lock] = {}
_lock = Lock()


def connect_once(path: Source, **roles: Any) -> Engine:
    """`connect`, remembered until a file changes; the last few sources are kept."""
    version = _version(path)
    key = (version, *((name, _fixed(roles[name])) for name in sorted(roles)))
    with _lock:
        loading = _loading.setdefault(key, Lock())
    with loading:
        with _lock:
            if key in _engines:
                _engines.move_to_end(key)
                return _engines[key]
        try:
            engine = connect(path, **roles)
        finally:
            _asked.add(version)
        with _lock:
            _engines[key] = engine
            while len(_engines) > MOST:
                _loading.pop(_engines.popitem(last=False)[0], None)
        return engine


def forget(path: str | Path) -> None:
    """Remember what was read from a file no more: nobody is going to ask for it again."""
    with _lock:
        for key in [key for key, engine in _engines.items() if str(engine.source) == str(path)]:
            del _engines[key]
            _loading.pop(key, None)


def is_known(path: Source) -> bool:
    """Whether this version of a file has been read, or found unreadable, in this process."""
    return _version(path) in _asked


def _version(path: Source) -> Fingerprint:
    paths = paths_of(path)
    if any(map(is_address, paths)):
        return tuple((one, 0, 0, 0, "") for one in paths)
    return fingerprint(found(path))


def _fixed(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple((name, _fixed(inner)) for name, inner in value.items())
    return tuple(_fixed(one) for one in value) if isinstance(value, list | tuple) else value
