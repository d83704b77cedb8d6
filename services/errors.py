"""How a service says no."""


class Refused(ValueError):
    """The verb may not be done now; the message is one Russian sentence for the user.

    `field`: the name of the field that has to be corrected, where one is to blame.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def need(is_so: object, otherwise: str, *, field: str = "") -> None:
    """Raise Refused with a sentence unless something is so."""
    if not is_so:
        raise Refused(otherwise, field=field)
