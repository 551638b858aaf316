"""What is asked of a table besides its sessions: its columns, the events that sessions hold, two ways to cut."""
