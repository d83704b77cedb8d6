"""A real mail server on a port of this machine, which keeps what it takes."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class Box:
    """What the server has taken; `refuse` says what it answers to a recipient instead."""

    def __init__(self, refuse: Callable[[str], str] | None = None) -> None:
        self.letters: list[EmailMessage] = []
        self.refuse = refuse or (lambda address: "")

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if told := self.refuse(address):
            return told
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        assert [letter["To"]] == envelope.rcpt_tos
        self.letters.append(letter)
        return "250 OK"


@contextmanager
def mail_box(refuse: Callable[[str], str] | None = None, **options: Any) -> Iterator[tuple[Box, int]]:
    """The box and the port of its server."""
    box, port = Box(refuse), free_port()
    loop = asyncio.new_event_loop()
    controller = Controller(box, hostname="127.0.0.1", port=port, loop=loop, **options)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()
        loop.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
