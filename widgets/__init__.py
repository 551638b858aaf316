"""What an analyst sees: the explorer and its parts, for the page and the notebook."""

import warnings

from bokeh.util.warnings import BokehUserWarning

from widgets.parts import unexpected
from widgets.session_explorer import SessionExplorer

# BokehJS 3.9 sends a model that came from the server whole with the first word about it; the server knows it, says so
# and goes on with its own.
warnings.filterwarnings("ignore", "reference already known", BokehUserWarning)

unexpected.install()

__all__ = ["SessionExplorer"]
