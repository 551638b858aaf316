"""What was public keeps its old name for one release."""

import pytest


def test_the_old_place_says_where_it_is_now():
    from explorer.engine import remote
    from explorer.engine.sql.remote_engine import RemoteEngine

    with pytest.warns(DeprecationWarning, match=r"explorer\.engine\.sql\.remote_engine"):
        assert remote.RemoteEngine is RemoteEngine
