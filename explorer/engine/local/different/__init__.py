"""What is different about some sessions: how often they have what others have, with intervals by actor."""
