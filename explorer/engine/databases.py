"""Databases as they are named and opened, for whoever asks them through an engine."""

from explorer.engine.sql.databases.connections import connection, connections, is_named, named
from explorer.engine.sql.databases.known import KNOWN, PRINTED
from explorer.engine.sql.tables import is_table, named_source

__all__ = ["KNOWN", "PRINTED", "connection", "connections", "is_named", "is_table", "named", "named_source"]
