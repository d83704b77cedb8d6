"""What a schema cannot see of kinds of letters and of councils."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from reports.catalogue import REPORTS
from services.regulations.faults import Fault, Path
from services.regulations.pack import Pack

GOES_TO = {"served_districts": ["guardianship"], "college_students": ["college"]}  # Letters sent by one click.


def kinds(pack: Pack) -> Iterator[Fault]:
    """A kind says nothing that contradicts what it is about."""
    declared = {entry["code"] for entry in pack.section("reports")}
    for number, entry in enumerate(pack.section("referrals")):
        path: Path = ("referrals", number)
        report = entry.get("report", "")
        if report and report not in REPORTS and report not in declared:
            yield pack.fault((*path, "report"), f"отчёта «{report}» нет ни в системе, ни в разделе reports.")
        for check in (_fields, _about_nobody, _opening, _transfer, _dispatch, _terms):
            for name, told in check(entry):
                yield pack.fault((*path, *name), told)


Found = Iterator[tuple[Path, str]]


def _fields(entry: Mapping[str, Any]) -> Found:
    labels = [field if isinstance(field, str) else field["label"] for field in entry.get("fields", ())]
    for label, count in Counter(labels).items():
        if count > 1:
            yield ("fields",), f"поле «{label}» названо дважды: оставьте одно."


def _about_nobody(entry: Mapping[str, Any]) -> Found:
    if entry["about"] != "none":
        return
    for place, field in enumerate(entry.get("fields", ())):
        if not isinstance(field, str):
            told = f"письмо ни о ком, поле «{field['label']}» заполнить не из чего: уберите source."
            yield ("fields", place), told
    for name in ("accepting", "notice", "ground"):
        if entry.get(name) not in (None, [], False, "clause"):
            yield (name,), "письмо ни о ком: уберите это поле или укажите about."


def _opening(entry: Mapping[str, Any]) -> Found:
    if "profile" in entry and not entry.get("opens_access"):
        yield ("profile",), "доступ не открывается: укажите opens_access: true или уберите profile."
    if entry.get("opens_access") and entry["about"] == "none":
        yield ("opens_access",), "письмо ни о ком, открывать нечего: укажите about."


def _transfer(entry: Mapping[str, Any]) -> Found:
    if "transfer" not in entry.get("accepting", ()):
        return
    if entry["about"] != "person":
        yield ("about",), "передают одного человека: укажите about: person."
    if not entry.get("opens_access") or entry.get("profile", "card") != "card":
        yield ("accepting",), "принявшему нужна карточка: укажите opens_access: true и profile: card."


def _dispatch(entry: Mapping[str, Any]) -> Found:
    """Letters to all served districts or to all colleges go to these and are about the people there."""
    wanted = GOES_TO.get(entry.get("fan_out", ""))
    if wanted is None:
        return
    if entry["to"] != wanted:
        yield ("fan_out",), f"такие письма отправляют только сюда: {wanted[0]}. Исправьте to."
    if entry["about"] != "several":
        yield ("fan_out",), "в таком письме несколько человек: укажите about: several."


def _terms(entry: Mapping[str, Any]) -> Found:
    if "answer_unit" in entry and "answer_days" not in entry:
        yield ("answer_unit",), "ответа письмо не ждёт: укажите answer_days или уберите answer_unit."
    if "acknowledge_minutes" in entry and entry.get("urgency") != "immediate":
        yield ("acknowledge_minutes",), "минуты считают только у немедленных: укажите urgency: immediate."


def bodies(pack: Pack) -> Iterator[Fault]:
    """A quorum is a part of the members: «1/2»."""
    for number, entry in enumerate(pack.section("bodies")):
        quorum = entry.get("quorum", "1/2")
        part, slash, whole = quorum.partition("/")
        is_part = slash and part.isdecimal() and whole.isdecimal() and 0 < int(part) <= int(whole)
        if not is_part:
            yield pack.fault(
                ("bodies", number, "quorum"), f"кворум «{quorum}» не часть состава: напишите, например, 1/2."
            )
