"""What the steps of paths are called where they are brushed."""

PATH = "path"


def step_name(path: str, at: int) -> str:
    """The dimension of a step of paths, counted from 0.

    >>> step_name("path", 0), step_name("path 2", 3)
    ('path step 1', 'path 2 step 4')
    """
    return f"{path} step {at + 1}"


def is_path_step(name: str) -> bool:
    """Whether a name is one that `step_name` gives.

    >>> is_path_step("path 2 step 4"), is_path_step("path step"), is_path_step("pathway")
    (True, False, False)
    """
    match name.split(" "):
        case ["path", "step", number]:
            return number.isdecimal()
        case ["path", which, "step", number]:
            return which.isdecimal() and number.isdecimal()
    return False
