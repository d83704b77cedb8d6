"""Who may make which paper, and how it becomes a file."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from models.access import Viewer
from models.territory import AgencyDistrict, AgencyKind
from models.users import User
from reports.base import Parameters
from reports.catalogue import REPORTS
from reports.registry import RegistryParameters
from services import reporting
from services.reporting import ReportRefused
from tests.factories import Cast, make_agency

ON = date(2026, 10, 1)
APPENDIX_1, APPENDIX_2, REGISTRY = (REPORTS[code] for code in ("vologda-appendix-1", "vologda-appendix-2", "registry"))


def viewer_of(session: Session, user: User) -> Viewer:
    return Viewer.of(session, user, ON)


def codes_for(session: Session, user: User, code: str) -> list[str]:
    found = reporting.agencies_for(session, viewer=viewer_of(session, user), report=REPORTS[code])
    return [agency.code for agency in found]


def test_everybody_makes_papers_of_the_own_agency_and_a_coordinator_of_all(session: Session, cast: Cast) -> None:
    both = ["opeka-sokol", "opeka-totma"]
    assert codes_for(session, cast.boris, "vologda-appendix-1") == ["opeka-sokol"]
    assert codes_for(session, cast.kira, "vologda-appendix-1") == both
    assert codes_for(session, cast.root, "vologda-appendix-1") == both
    assert codes_for(session, cast.anna, "vologda-appendix-1") == []


def test_a_coordinator_of_a_part_makes_papers_of_its_agencies(session: Session, cast: Cast) -> None:
    cast.centre.sees_whole_region = False
    session.add(AgencyDistrict(agency=cast.centre, district=cast.totma, starts_on=date(2022, 1, 1)))
    session.flush()
    assert codes_for(session, cast.kira, "vologda-appendix-1") == ["opeka-totma"]


def test_reports_that_nobody_of_the_agency_makes_are_not_offered(session: Session, cast: Cast) -> None:
    def offered(user: User) -> list[str]:
        return [report.code for report in reporting.reports_for(session, viewer=viewer_of(session, user))]

    forms = {"vologda-appendix-1", "vologda-appendix-2", "enrolled-list", "graduates-list"}
    assert forms.isdisjoint(offered(cast.anna))
    assert {"registry", "service-activity"} <= set(offered(cast.anna))
    assert forms & set(offered(cast.boris)) == {"vologda-appendix-1", "enrolled-list"}
    assert "service-activity" not in offered(cast.boris)
    assert "graduates-list" not in offered(cast.kira)
    make_agency(session, "kcson", AgencyKind.SOCIAL_CENTRE)
    make_agency(session, "cpd", AgencyKind.CARE_CENTRE)
    assert offered(cast.kira) == list(REPORTS)


def test_a_refusal_says_why(session: Session, cast: Cast) -> None:
    def refusal(code: str, user: User) -> str:
        among = reporting.agencies_for(session, viewer=viewer_of(session, user), report=APPENDIX_1)
        with pytest.raises(ReportRefused) as refused:
            reporting.find_agency(session, code=code, report=APPENDIX_1, among=among)
        return str(refused.value)

    assert refusal("nobody", cast.root) == "Организации с кодом «nobody» нет."
    assert refusal("service", cast.root).startswith("«Приложение 1» составляет орган опеки и попечительства")
    assert refusal("opeka-totma", cast.boris).endswith("вам нельзя.")


def test_the_agency_sees_for_its_paper_what_it_may_see_and_no_more(session: Session, cast: Cast) -> None:
    viewer = reporting.agency_viewer(session, agency=cast.opeka, today=ON)
    assert not viewer.reads_everybody
    assert viewer.district_ids == (cast.sokol.id,)


def test_a_clerk_takes_away_a_thousand_rows(session: Session, cast: Cast) -> None:
    assert reporting.export_limit(viewer_of(session, cast.anna)) == 1000
    for user in (cast.boris, cast.galina, cast.kira, cast.root):
        assert reporting.export_limit(viewer_of(session, user)) is None
    reporting.refuse_too_many(viewer=viewer_of(session, cast.anna), rows=1000)
    with pytest.raises(ReportRefused, match=r"1001.*1000"):
        reporting.refuse_too_many(viewer=viewer_of(session, cast.anna), rows=1001)


@pytest.mark.parametrize("name", ["форма.xlsx", "форма.CSV"])
def test_a_file_appears_whole(session: Session, cast: Cast, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    viewer = viewer_of(session, cast.root)
    rows = reporting.save_report(session, report=REGISTRY, viewer=viewer, parameters=RegistryParameters(ON), path=path)
    assert rows == 3
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_broken_report_leaves_no_file_and_keeps_the_old_one(
    session: Session, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "форма.xlsx"
    path.write_bytes(b"old")

    def broken(*_: object, **__: object) -> object:
        yield from ()
        raise RuntimeError("gone")

    monkeypatch.setattr(type(REGISTRY), "rows", broken)
    with pytest.raises(RuntimeError, match="gone"):
        reporting.save_report(
            session, report=REGISTRY, viewer=viewer_of(session, cast.root), parameters=RegistryParameters(ON), path=path
        )
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["форма.xlsx"]


def test_only_three_formats_are_known() -> None:
    assert reporting.format_of("форма.DOCX") == "docx"
    with pytest.raises(ReportRefused, match=r"\.xlsx, \.csv или \.docx"):
        reporting.format_of("форма.pdf")


def test_a_file_name_says_what_whose_and_when() -> None:
    parameters = Parameters(ON, 1, "Опека «Сокол»/Кадников")
    assert reporting.file_name(APPENDIX_1, parameters, "xlsx") == "Приложение 1, Опека Сокол Кадников, 2026-10-01.xlsx"
    assert reporting.file_name(REGISTRY, Parameters(ON), "csv") == "Реестр выпускников, 2026-10-01.csv"
