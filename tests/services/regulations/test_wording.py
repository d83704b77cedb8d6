"""Rules in words: every kind of term, whose the number is, what a version says differently."""

from datetime import date
from typing import Any

import pytest

from models.regulations import DeadlineRule
from models.rule_terms import RuleTerms, Trigger
from services.regulations.parsing import shipped_packs
from services.regulations.wording import SINCE, differences, evidence_text, marks, party_text, when

BY = {"obliged": {"kind": "college"}}


def terms(kind: str, **more: Any) -> RuleTerms:
    return RuleTerms.of({"kind": kind, **BY, **more})


def rule(title: str = "Отправить", **more: Any) -> DeadlineRule:
    found = terms("event", triggers=["graduate.left"], **more)
    made = DeadlineRule(title=title, clause="2.3", clause_occurrence=6, clause_heading="Изменения", kind=found.kind)
    made.terms_data, made.in_force_from, made.in_force_to = found.to_data(), date(2024, 1, 1), None
    return made


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (terms("window", opens="09-25", closes="10-05"), "ежегодно с 25 сентября по 5 октября"),
        (terms("window", opens="10-01", closes="10-31"), "ежегодно в октябре"),
        (terms("window", opens="02-01", closes="02-28"), "ежегодно в феврале"),
        (terms("window", opens="05-02", closes="07-31"), "ежегодно со 2 мая по 31 июля"),
        (terms("period", period="month"), "ежемесячно, до конца месяца"),
        (
            terms("period", period="quarter", offset=5, unit="working"),
            "ежеквартально, 5 рабочих дней после окончания квартала",
        ),
        (terms("quota", period="year", at_least=2), "не менее 2 раз в год"),
        (terms("quota", period="half_year", at_least=1), "не менее 1 раза в полугодие"),
        (terms("quota", period="year", at_least=21), "не менее 21 раза в год"),
        (
            terms("quota", period="year", at_least=2, recommended=["05-15", "12-15"]),
            "не менее 2 раз в год, лучше к 15 мая и 15 декабря",
        ),
        (terms("event", triggers=["graduate.left"], amount=10), "10 календарных дней со дня выпуска"),
        (terms("event", triggers=["graduate.left"], amount=1, unit="year"), "1 год со дня выпуска"),
        (terms("event", triggers=["graduate.left"], amount=0), "в день выпуска"),
        (
            terms("event", triggers=["request.received"], term_of_fact=True),
            "к дню, который назван в письме, со дня поступления запроса",
        ),
        (
            terms("event", triggers=["request.received"], term_of_fact=True, amount=10),
            "к дню, который назван в письме, иначе 10 календарных дней со дня поступления запроса",
        ),
        (terms("event", triggers=["agreement.ends"], amount=-60), "за 60 календарных дней до окончания соглашения"),
        (
            terms("event", triggers=["graduate.left"], amount=90, amount_to=120),
            "через 90–120 календарных дней со дня выпуска",
        ),
        (
            terms("event", triggers=["agreement.ends"], amount=-30, amount_to=-10),
            "за 30–10 календарных дней до окончания соглашения",
        ),
        (
            terms("event", triggers=["problem.urgent"], unit="instant"),
            "незамедлительно, в день выявления экстренной нуждаемости",
        ),
        (
            terms("event", triggers=["category.crisis", "contact.made"], amount=7),
            "7 календарных дней со дня перевода на кризисное сопровождение или контакта",
        ),
        (terms("standing", shown_by="записи"), "постоянно"),
    ],
)
def test_when(found: RuleTerms, text: str) -> None:
    assert when(found) == text


def test_every_event_and_every_shipped_rule_has_words() -> None:
    assert set(SINCE) == set(Trigger)
    for pack in shipped_packs():
        roles = {role["code"]: role["title"] for role in pack.section("roles")}
        for one in pack.rules:
            assert when(one.terms)
            assert party_text(one.terms.obliged, roles)
            assert one.terms.obliged.role not in roles or roles[one.terms.obliged.role] in party_text(
                one.terms.obliged, roles
            )


def test_what_is_ours_is_marked() -> None:
    assert marks(terms("standing")) == []
    ours = terms("event", triggers=["graduate.left"], amount=10, default_term=True, unit_is_ours=True)
    assert marks(ours) == ["срок установлен нами", "вид дней выбран нами"]


def test_versions_differ_in_what_was_changed_and_nothing_else() -> None:
    old, new = rule(amount=10), rule("Отправить список", amount=5, unit="working", default_term=True)
    assert differences(old, rule(amount=10), {}) == []
    assert differences(old, new, {}) == [
        ("Что сделать", "Отправить", "Отправить список"),
        ("Когда", "10 календарных дней со дня выпуска", "5 рабочих дней со дня выпуска"),
        ("Откуда срок", "из документа", "срок установлен нами"),
        ("Если последний день нерабочий", "на следующий рабочий день", ""),
    ]


def test_letters_are_told_by_their_titles() -> None:
    titles = {"vologda-2022/crisis": "Направление в КЦСОН"}
    old, new = rule(evidence="referral"), rule(evidence="referral", trigger_of=["crisis"])
    old.key = new.key = "vologda-2022/T19"
    assert differences(old, new, {}, titles) == [("По каким письмам", "", "«Направление в КЦСОН»")]
    asked = terms("event", triggers=["graduate.left"], evidence="referral", evidence_of=["vologda-2022/crisis"])
    assert evidence_text(asked, titles) == "направление отправлено («Направление в КЦСОН»)"
    assert evidence_text(asked) == "направление отправлено (письмо этого вида)"


@pytest.mark.parametrize(
    ("of", "text"),
    [
        ([], "контакт состоялся"),
        (["visit"], "контакт состоялся (выезд к выпускнику)"),
        (["visit", "primer-2027/2.1"], "контакт состоялся (выезд к выпускнику, мероприятие 2.1)"),
    ],
)
def test_which_records_count_is_told(of: list[str], text: str) -> None:
    said = rule(evidence="contact", evidence_of=of)
    assert evidence_text(said.terms) == text
    assert said.terms.to_data().get("evidence_of", []) == of
    assert differences(rule(evidence="contact"), said, {}) == (
        [("Чем исполняется", "контакт состоялся", text)] if of else []
    )
