"""An analysis as code that gives its numbers again: Python, plain Polars, SQL, a command line, YAML."""
