"""The organisations of the Vologda regulation, with invented names, heads and requisites."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from models.territory import Agency, AgencyDistrict, AgencyKind, Agreement, AgreementParty, District
from services.demo import numbers
from services.demo.names import pick, staff_name
from services.demo.territory import CENTRE, DISTRICTS

REGULATION_ON = date(2022, 2, 16)  # Protocol № 1: since then the districts are served.
K = AgencyKind
DIALLING = {"sokol": "(81733)", "totma": "(81739)", "vologda": "(8172)"}


@dataclass(frozen=True)
class Spec:
    """What is fixed about an organisation; heads, phones and requisites are made up by the seed."""

    code: str
    kind: AgencyKind
    name: str
    short_name: str
    seat: str  # The district in whose centre the office stands.
    street: str
    serves: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    head_position: str = "директор"
    parent: str | None = None
    flags: dict[str, bool] = field(default_factory=dict)


ALL = ("sokol", "totma", "vologda")
REGION = {"sees_whole_region": True}
OPEKA = "Отдел опеки и попечительства администрации"
COUNCIL = "Координационный совет по сопровождению выпускников всех форм попечения"
SPECS = (
    Spec("opeka-sokol", K.GUARDIANSHIP, f"{OPEKA} Сокольского муниципального округа", "Опека Сокольского округа",
         "sokol", "ул. Советская, д. 101", ("sokol",), ("Сокольская опека",), "начальник отдела"),
    Spec("opeka-totma", K.GUARDIANSHIP, f"{OPEKA} Тотемского муниципального округа", "Опека Тотемского округа",
         "totma", "ул. Садовая, д. 102", ("totma",), ("Тотемская опека",), "начальник отдела"),
    Spec("opeka-vologda", K.GUARDIANSHIP, "Управление опеки и попечительства администрации города Вологды",
         "Опека города Вологды", "vologda", "ул. Мира, д. 103", ("vologda",), ("Вологодская опека",), "начальник"),
    Spec("cpd-sokol", K.CARE_CENTRE,
         "БУ СО ВО «Сокольский центр помощи детям, оставшимся без попечения родителей, «Лесная поляна»",
         "ЦПД «Лесная поляна»", "sokol", "ул. Лесная, д. 104", ("sokol", "totma"), ("Лесная поляна",),
         parent="department"),
    Spec("cpd-vologda", K.CARE_CENTRE,
         "БУ СО ВО «Вологодский центр помощи детям, оставшимся без попечения родителей, «Тёплый дом»",
         "ЦПД «Тёплый дом»", "vologda", "ул. Северная, д. 105", ("vologda",), ("Теплый дом",), parent="department"),
    Spec("perekrestok", K.REGIONAL_OPERATOR,
         "Служба постинтернатного сопровождения «Перекресток» – оператор базы данных о выпускниках",
         "Служба «Перекресток»", "vologda", "ул. Герцена, д. 106", ALL,
         ("Перекресток", "Перекрёсток", "Служба «Перекрёсток»"), "руководитель службы", "resource-centre",
         {**REGION, "is_data_bank_operator": True}),
    Spec("sluzhba-stupeni", K.SUPPORT_SERVICE, "Служба постинтернатного сопровождения «Ступени»", "Служба «Ступени»",
         "sokol", "ул. Набережная, д. 107", ("sokol", "totma"), ("Ступени",), "руководитель службы", "cpd-sokol"),
    Spec("sluzhba-pristan", K.SUPPORT_SERVICE, "Служба постинтернатного сопровождения «Пристань»", "Служба «Пристань»",
         "vologda", "ул. Северная, д. 105", ("vologda", "totma"), ("Пристань",), "руководитель службы", "cpd-vologda"),
    Spec("kcson-sokol", K.SOCIAL_CENTRE,
         "БУ СО ВО «Комплексный центр социального обслуживания населения Сокольского округа»",
         "КЦСОН Сокольского округа", "sokol", "ул. Рабочая, д. 108", ("sokol",), ("Сокольский КЦСОН",),
         parent="department"),
    Spec("kcson-totma", K.SOCIAL_CENTRE,
         "БУ СО ВО «Комплексный центр социального обслуживания населения Тотемского округа»", "КЦСОН Тотемского округа",
         "totma", "ул. Кирова, д. 109", ("totma",), ("Тотемский КЦСОН",), parent="department"),
    Spec("kcson-vologda", K.SOCIAL_CENTRE,
         "БУ СО ВО «Территориальный центр социальной помощи семье и детям города Вологды»",
         "Территориальный центр г. Вологды", "vologda", "ул. Садовая, д. 110", ("vologda",),
         ("Территориальный центр социальной помощи семье и детям г. Вологды",), parent="department"),
    Spec("college-remesla", K.COLLEGE, "БПОУ ВО «Сокольский колледж ремёсел»", "БПОУ ВО «Сокольский колледж ремёсел»",
         "sokol", "ул. Заводская, д. 111", ("sokol",), ("Сокольский колледж ремёсел",)),
    Spec("college-service", K.COLLEGE, "БПОУ ВО «Вологодский колледж сервиса»", "БПОУ ВО «Вологодский колледж сервиса»",
         "vologda", "ул. Парковая, д. 112", ("vologda",), ("Вологодский колледж сервиса",)),
    Spec("college-severny", K.COLLEGE, "БПОУ ВО «Тотемский северный колледж»", "БПОУ ВО «Тотемский северный колледж»",
         "totma", "ул. Школьная, д. 113", ("totma",), ("Тотемский северный колледж",)),
    Spec("czn", K.EMPLOYMENT_CENTRE, "КУ ВО «Центр занятости населения Вологодской области»", "Центр занятости",
         "vologda", "ул. Рабочая, д. 114", ALL, ("ЦЗН",)),
    Spec("kdn", K.MINORS_COMMISSION, "Областная комиссия по делам несовершеннолетних и защите их прав", "КДНиЗП",
         "vologda", "ул. Герцена, д. 115", ALL, ("Комиссия по делам несовершеннолетних",), "председатель"),
    Spec("council", K.COUNCIL, COUNCIL, "Координационный совет", "vologda", "ул. Герцена, д. 106", ALL, (),
         "председатель", "resource-centre"),
    Spec("resource-centre", K.COORDINATION_CENTRE, "Ресурсный центр по сопровождению выпускников Вологодской области",
         "Ресурсный центр", "vologda", "ул. Герцена, д. 106", ALL, (), "руководитель центра", "department", REGION),
    Spec("department", K.DEPARTMENT, "Департамент социальной защиты населения Вологодской области",
         "Департамент соцзащиты", "vologda", "ул. Советская, д. 116", ALL,
         ("ДСЗН ВО", "Уполномоченный орган в сфере социального обслуживания"), "начальник департамента", None, REGION),
)  # fmt: skip


def build_districts(session: Session) -> dict[str, int]:
    """The three districts by code."""
    rows = [
        {"code": code, "name": name, "short_name": short, "localities": "\n".join(places)}
        for code, name, short, places in DISTRICTS
    ]
    session.execute(insert(District), rows)
    return dict(session.execute(select(District.code, District.id)).all())


def build_agencies(session: Session, *, rng: Random, on: date, districts: dict[str, int]) -> dict[str, int]:
    """The organisations by code, and which districts they serve."""
    session.execute(insert(Agency), [_row(spec, number, rng, on) for number, spec in enumerate(SPECS)])
    ids = dict(session.execute(select(Agency.code, Agency.id)).all())
    for spec in SPECS:
        if spec.parent:
            session.execute(update(Agency).where(Agency.id == ids[spec.code]).values(parent_id=ids[spec.parent]))
    served = [
        {"agency_id": ids[spec.code], "district_id": districts[code], "starts_on": REGULATION_ON}
        for spec in SPECS
        for code in spec.serves
    ]
    session.execute(insert(AgencyDistrict), served)
    _build_agreements(session, ids, on)
    return ids


def phone(rng: Random, seat: str) -> str:
    """Subscribers' numbers never begin with a zero: this phone rings nowhere."""
    digits = f"{int(rng.random() * 10**4):04d}"
    return f"{DIALLING[seat]} {'00' if seat == 'vologda' else '0'}-{digits[:2]}-{digits[2:]}"


def _row(spec: Spec, number: int, rng: Random, on: date) -> dict[str, Any]:
    head, responsible = staff_name(rng, rng.random() < 0.3), staff_name(rng, rng.random() < 0.15)
    ordered = date(on.year, 1, 12 + int(rng.random() * 15))
    ordered = ordered if ordered <= on else ordered.replace(year=on.year - 1)
    has_requisites = spec.kind is not K.COUNCIL
    return {
        "code": spec.code,
        "kind": spec.kind,
        "name": spec.name,
        "short_name": spec.short_name,
        "aliases": "\n".join(spec.aliases),
        "inn": numbers.inn(100 + number * 7) if has_requisites else "",
        "ogrn": numbers.ogrn(100 + number * 7) if has_requisites else "",
        "address": f"Вологодская обл., г. {CENTRE[spec.seat]}, {spec.street}",
        "phone": phone(rng, spec.seat),
        "email": f"{spec.code}@region.example",
        "head_name": str(head),
        "head_position": spec.head_position,
        "responsible_name": str(responsible),
        "responsible_position": pick(
            rng, ["специалист по социальной работе", "социальный педагог", "главный специалист"]
        ),
        "responsible_order": f"№ {3 + int(rng.random() * 60)}-ОД от {ordered:%d.%m.%Y}",
        "contacts_checked_on": on - timedelta(days=11 + number * 37 % 200),  # One or two too long ago.
        "sees_whole_region": spec.flags.get("sees_whole_region", False),
        "is_data_bank_operator": spec.flags.get("is_data_bank_operator", False),
    }


def _build_agreements(session: Session, ids: dict[str, int], on: date) -> None:
    """Agreements between the operator of the data bank and those who report to it, and of each district."""
    data = "фамилия, имя, отчество; дата рождения; место пребывания; сведения, предусмотренные приложениями 1 и 2"
    parties = {
        "С-1": ("perekrestok", "opeka-sokol", "kcson-sokol", "sluzhba-stupeni", "cpd-sokol"),
        "С-2": ("perekrestok", "opeka-totma", "kcson-totma", "sluzhba-stupeni"),
        "С-3": ("perekrestok", "opeka-vologda", "kcson-vologda", "sluzhba-pristan", "cpd-vologda"),
        "С-4": ("resource-centre", "czn", "college-service", "college-remesla", "college-severny"),
    }
    rows = [
        {
            "number": number,
            "signed_on": date(on.year - 1, 2, 3),
            "starts_on": date(on.year - 1, 2, 3),
            "ends_on": date(on.year + 2, 2, 2) if number != "С-4" else date(on.year, 12, 31),
            "subject": "Взаимодействие при сопровождении выпускников всех форм попечения",
            "permitted_data": data
            if number != "С-4"
            else "фамилия, имя, отчество; сведения об обучении и трудоустройстве",
            "note": "",
        }
        for number in parties
    ]
    session.execute(insert(Agreement), rows)
    agreements = dict(session.execute(select(Agreement.number, Agreement.id)).all())
    session.execute(
        insert(AgreementParty),
        [
            {"agreement_id": agreements[number], "agency_id": ids[code]}
            for number, codes in parties.items()
            for code in codes
        ],
    )
