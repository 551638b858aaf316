"""What an analyst sees: the explorer and its parts, for the page and the notebook."""

import warnings

from bokeh.util.warnings import BokehUserWarning

from widgets.data.columns_editor import ColumnsEditor
from widgets.definition.definitions import DefinitionList
from widgets.definition.inactivity_editor import InactivityEditor
from widgets.definition.metric_editor import ActorMetricEditor, MetricEditor
from widgets.filter_builder.builder import FilterBuilder
from widgets.parts import unexpected
from widgets.session_explorer import SessionExplorer
from widgets.sessions.sessions_table import SessionsTable

# BokehJS 3.9 sends a model that came from the server whole with the first word about it; the server knows it, says so
# and goes on with its own.
warnings.filterwarnings("ignore", "reference already known", BokehUserWarning)

unexpected.install()

# What stands alone below a cell. The parts of an explorer are its own: `app.key_numbers`, `app.views["compare"]`.
__all__ = [
    "ActorMetricEditor",
    "ColumnsEditor",
    "DefinitionList",
    "FilterBuilder",
    "InactivityEditor",
    "MetricEditor",
    "SessionExplorer",
    "SessionsTable",
]
