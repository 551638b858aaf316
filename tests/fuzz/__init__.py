"""What others write is read or refused, never anything else: texts that nobody would write, for as long as is wanted.

FUZZ_SECONDS says how long all of it may take (60); `FUZZ_SECONDS=3600 pytest tests/fuzz` looks for an hour.
"""
