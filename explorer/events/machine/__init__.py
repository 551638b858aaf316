"""What the machine has for reading events: memory, room on the disk, private folders to work in."""
