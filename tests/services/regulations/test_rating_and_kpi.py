"""What packs say of indicators and ratings: the schema, what is checked beside it, and who serves a row."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from models.territory import AgencyKind
from reports.norms import Criterion, KpiNorms, Said, Supported, Whole, kpi_norms, kpi_norms_of, rating_norms, said
from services.regulations.checking import check_packs
from services.regulations.faults import BrokenPacks
from services.regulations.parsing import shipped_packs
from tests.clock import load_law
from tests.factories import Cast, make_agency
from tests.kpi_factories import follow
from tests.services.regulations.packs import PACK, pack

RATING = """
rating:
  serves: [SML-01]
  kinds: [support_service]
  criteria:
    - {{code: helped, title: Помощь, measure: helped, weight: {weight}, scale: {scale}}}
    - {{code: {code}, title: Мониторинг, measure: monitored, weight: 40}}
  grades: [{{title: хорошо, from: 50}}, {{title: плохо, from: {grade}}}]
"""
FINE = {"weight": "60", "scale": "{from: 0, to: 100}", "code": "monitored", "grade": "0"}


def faults(folder: Path, **wrong: str) -> str:
    try:
        check_packs([pack(folder, PACK + RATING.format(**FINE | wrong))])
    except BrokenPacks as error:
        return str(error)
    return ""


def test_a_rating_in_order_has_no_faults_and_serves_its_rows(tmp_path: Path) -> None:
    assert faults(tmp_path) == ""
    made = pack(tmp_path, PACK + RATING.format(**FINE))
    assert [(one.section, one.serves) for one in made.elements if one.code == "rating"] == [("rating", ("SML-01",))]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"weight": "61"}, "сумма весов (weight) должна быть 100"),
        ({"scale": "{from: 50, to: 50}"}, "from должно быть меньше to"),
        ({"code": "helped"}, "код «helped» в этом разделе уже есть"),
        ({"grade": "50"}, "две оценки начинаются с одного балла"),
    ],
)
def test_a_wrong_rating_is_told_in_a_sentence(tmp_path: Path, wrong: dict[str, str], told: str) -> None:
    assert told in faults(tmp_path, **wrong)


def test_an_unknown_measure_is_refused_by_the_schema(tmp_path: Path) -> None:
    with pytest.raises(BrokenPacks, match="happiness"):
        pack(tmp_path, PACK + RATING.format(**FINE).replace("measure: helped", "measure: happiness"))


def test_the_shipped_criteria_make_up_a_whole() -> None:
    rated = [pack for pack in shipped_packs() if "rating" in pack.content]
    assert {pack.code for pack in rated} == {"common", "krasnoyarsk-centre"}
    for one in rated:
        norms = rating_norms(Said((one.content["rating"],)))
        assert sum(criterion.weight for criterion in norms.criteria) == 100
        assert AgencyKind.SUPPORT_SERVICE in norms.kinds


def test_indicators_are_counted_as_the_first_regulation_says() -> None:
    own = ({"ages": {"from": 16, "to": 23}}, {"kpi": {"graduates": "in-need", "success": ["stable"]}})
    assert kpi_norms(Said(own)) == KpiNorms(Whole.IN_NEED, Supported.DURING, (Criterion.STABLE,), (16, 23))
    assert kpi_norms(Said((), ({"kpi": {"supported": "on-day"}},))).supported is Supported.ON_DAY
    assert kpi_norms(Said()) == KpiNorms()


def test_only_what_is_followed_on_the_day_speaks(session: Session, cast: Cast) -> None:
    load_law(session)
    centre = make_agency(session, "kizil", AgencyKind.CARE_CENTRE)
    follow(session, centre, "kizil-programme")
    found = said(session, "profile", agency_id=centre.id, on=date(2026, 1, 1))
    assert [profile["clause"] for profile in found.own] == ["Мероприятия 1.1"]
    assert said(session, "profile", agency_id=centre.id, on=date(2019, 12, 31)).own == ()
    assert kpi_norms_of(session, agency_id=centre.id, on=date(2026, 1, 1)).whole is Whole.ALL
    assert kpi_norms_of(session, agency_id=None, on=date(2026, 1, 1)) == KpiNorms()
