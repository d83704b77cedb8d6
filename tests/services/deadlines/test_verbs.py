"""What may be done with an obligation, by whom, and in which order."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from models.access import Viewer
from models.deadlines import Closing, Deadline, State
from models.territory import Agency, AgencyKind
from models.users import Role
from services.deadlines.explaining import explain
from services.deadlines.verbs import close, mark, pause, reopen, resume, unmark
from services.errors import Refused
from services.production_calendar import load_calendar, load_years
from tests.clock import at, duties, follow, make_regulation, make_rule, run, viewer_of
from tests.factories import make_agency, make_user

ON = date(2026, 10, 2)
TERMS = {"obliged": {"kind": ["support_service"]}, "per": "agency", "kind": "window", "evidence": "submission"}
WINDOW = TERMS | {"opens": "09-25", "closes": "10-05"}


@pytest.fixture
def service(session: Session) -> Agency:
    load_years(session)
    agency = make_agency(session, "service", AgencyKind.SUPPORT_SERVICE)
    regulation = make_regulation(session)
    follow(session, agency, regulation.code, since=date(2026, 1, 1))
    make_rule(session, regulation, "A01", WINDOW)
    make_rule(session, regulation, "A02", WINDOW | {"early": True})
    run(session, ON)
    return agency


@pytest.fixture
def open_one(session: Session, service: Agency) -> Deadline:
    return duties(session, "A01")[0]


@pytest.fixture
def clerk(service: Agency) -> Viewer:
    return viewer_of(service, ON)


@pytest.fixture
def head(session: Session, service: Agency) -> Viewer:
    return Viewer.of(session, make_user(session, "head", "Глава", Role.HEAD, service), ON)


def test_a_nil_return_is_a_return(session: Session, open_one: Deadline, clerk: Viewer) -> None:
    mark(session, deadline=open_one, happened_on=ON, note="Сведений нет", is_nil=True, by=clerk, now=at(ON))
    assert open_one.state_on(ON) is State.DONE
    assert open_one.evidence[0].is_nil


def test_a_mark_is_taken_back(session: Session, open_one: Deadline, clerk: Viewer) -> None:
    piece = mark(session, deadline=open_one, happened_on=ON, by=clerk, now=at(ON))
    unmark(session, evidence=piece, by=clerk)
    assert (open_one.done_on, open_one.evidence) == (None, [])


def test_what_is_done_late_is_called_so(session: Session, open_one: Deadline, service: Agency) -> None:
    later = viewer_of(service, date(2026, 10, 20))
    mark(session, deadline=open_one, happened_on=date(2026, 10, 6), by=later, now=at(later.on))
    assert open_one.state_on(date(2026, 10, 20)) is State.DONE_LATE


def test_sending_before_the_window_counts_only_where_the_rule_says_so(
    session: Session, service: Agency, clerk: Viewer
) -> None:
    strict, lenient = (duties(session, code)[0] for code in ("A01", "A02"))
    early = date(2026, 9, 20)
    with pytest.raises(Refused, match="раньше окна"):
        mark(session, deadline=strict, happened_on=early, by=clerk, now=at(ON))
    mark(session, deadline=lenient, happened_on=early, by=clerk, now=at(ON))
    assert lenient.state_on(ON) is State.DONE


def test_a_pause_is_seen_and_moves_no_date(session: Session, open_one: Deadline, clerk: Viewer) -> None:
    due_on = open_one.due_on
    pause(session, deadline=open_one, reason="Ждём ответа опеки", by=clerk)
    assert open_one.state_on(date(2026, 10, 30)) is State.PAUSED
    assert open_one.state_on(date(2026, 10, 1)) is State.DUE_SOON  # The day before it was paused.
    resume(session, deadline=open_one, by=clerk)
    assert open_one.state_on(date(2026, 10, 30)) is State.OVERDUE
    assert open_one.due_on == due_on


def test_the_head_waives_with_a_reason_and_takes_it_back(
    session: Session, open_one: Deadline, clerk: Viewer, head: Viewer
) -> None:
    with pytest.raises(Refused, match="руководитель"):
        close(session, deadline=open_one, closing=Closing.WAIVED, reason="Ремонт", by=clerk)
    with pytest.raises(Refused, match="причину"):
        close(session, deadline=open_one, closing=Closing.WAIVED, reason="  ", by=head)
    close(session, deadline=open_one, closing=Closing.WAIVED, reason="Ремонт", by=head)
    assert open_one.state_on(ON) is State.WAIVED
    with pytest.raises(Refused, match="снят"):
        mark(session, deadline=open_one, happened_on=ON, by=head, now=at(ON))
    reopen(session, deadline=open_one, by=head)
    assert open_one.state_on(ON) is State.DUE_SOON


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (lambda s, d, v: mark(s, deadline=d, happened_on=date(2026, 10, 3), by=v, now=at(ON)), "не наступила"),
        (lambda s, d, v: pause(s, deadline=d, reason="", by=v), "причину"),
        (lambda s, d, v: resume(s, deadline=d, by=v), "не приостановлен"),
    ],
)
def test_what_makes_no_sense_is_refused(
    session: Session,
    open_one: Deadline,
    clerk: Viewer,
    act: Callable[[Session, Deadline, Viewer], object],
    sentence: str,
) -> None:
    with pytest.raises(Refused, match=sentence):
        act(session, open_one, clerk)


def test_strangers_do_nothing(session: Session, open_one: Deadline) -> None:
    stranger = viewer_of(make_agency(session, "other", AgencyKind.SUPPORT_SERVICE), ON, role=Role.HEAD)
    for act in (
        lambda: mark(session, deadline=open_one, happened_on=ON, by=stranger, now=at(ON)),
        lambda: pause(session, deadline=open_one, reason="Ждём", by=stranger),
        lambda: close(session, deadline=open_one, closing=Closing.WAIVED, reason="Нет", by=stranger),
    ):
        with pytest.raises(Refused, match="организаци"):
            act()


def test_an_obligation_explains_its_day(session: Session, open_one: Deadline) -> None:
    steps = explain(session, deadline=open_one, calendar=load_calendar(session))
    assert "05.10.2026" in " ".join(steps)
    assert steps[-1] == "п. 1.1, Испытательный"
