"""The databases that are asked, one file each; known.py is the table of them."""
