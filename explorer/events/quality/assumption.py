"""What was taken to be so while a source was read."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Assumption:
    """One thing that was assumed while a source was read, kept so that it can be seen and changed.

    `what` names it (`separator`, `encoding`), `value` says what was chosen, `example` shows a piece of the
    source that it rests on, with its line where that is known.

    >>> Assumption("separator", ";").sentence
    'Separator: ;.'
    """

    what: str
    value: str
    example: str = ""

    @property
    def sentence(self) -> str:
        """The same in words, with the example in brackets."""
        example = f" (such as {self.example})" if self.example else ""
        return f"{self.what[:1].upper()}{self.what[1:]}: {self.value}{example}."
