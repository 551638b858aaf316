"""What follows what in sessions: attempts at the steps of funnels, and sessions as words for patterns."""
