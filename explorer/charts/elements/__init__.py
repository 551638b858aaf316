"""Charts as plain HoloViews elements, for who lays them out, lays them over others, or saves them."""
