"""Tables of users or products that are joined to the events: a file is picked, its key, and what it brings is seen."""
