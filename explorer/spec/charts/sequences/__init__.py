"""What sessions go through, as a chart asks it: the steps of a funnel, the route of paths."""
