"""Whether a sitting is valid, in the words of its minutes and of the journal (krasnoyarsk 6: half of all members)."""

from __future__ import annotations

from dataclasses import dataclass

from models.meetings import Meeting


@dataclass(frozen=True)
class Presence:
    """Who came: members, who count, and guests, who do not."""

    present: int
    total: int
    needed: int
    guests: int

    @property
    def is_enough(self) -> bool:
        return 0 < self.needed <= self.present


def presence_of(meeting: Meeting) -> Presence:
    members = [one for one in meeting.attendees if one.member_id is not None]
    guests = sum(one.is_present for one in meeting.attendees if one.member_id is None)
    total = meeting.members_total or len(members)
    body = meeting.body
    needed = -(-total * body.quorum_part // body.quorum_of) if body else 0
    return Presence(sum(one.is_present for one in members), total, needed, guests)
