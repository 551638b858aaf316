"""What stands inside one file: every format that opens, recognised by its content, one small file per format.

`table.py` lists them all; a new format is a new file and a row there.
"""
