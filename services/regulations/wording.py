"""Deadline rules in words: when, who, to whom; and what one version of a rule says that another does not."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date

from models.reckoning import Unit
from models.regulations import DeadlineRule
from models.rule_terms import (
    OF_LETTERS,
    By,
    Condition,
    Party,
    Per,
    Period,
    RecordKind,
    RuleKind,
    RuleTerms,
    Trigger,
    Who,
    full_key,
)
from models.territory import AgencyKind
from models.text import plural

MONTHS_OF = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)
MONTHS_IN = (
    *("январе", "феврале", "марте", "апреле", "мае", "июне"),
    *("июле", "августе", "сентябре", "октябре", "ноябре", "декабре"),
)
OURS = "срок установлен нами"
IN_LETTER = "к дню, который назван в письме"
OUR_UNIT = "вид дней выбран нами"
# «со дня …»: what the labels of the events say, in the genitive.
SINCE = {
    Trigger.PLACEMENT_ENDED: "завершения пребывания в семье или организации",
    Trigger.PLACEMENT_ENDS: "планируемого завершения пребывания",
    Trigger.LEFT: "выпуска",
    Trigger.BIRTHDAY_16: "шестнадцатилетия",
    Trigger.BIRTHDAY_18: "восемнадцатилетия",
    Trigger.BIRTHDAY_23: "двадцатитрёхлетия",
    Trigger.CRISIS: "перевода на кризисное сопровождение",
    Trigger.ACTIVE: "перевода на активное сопровождение",
    Trigger.STABLE: "перевода на стабильное сопровождение",
    Trigger.CATEGORY: "решения о категории",
    Trigger.PROBLEM: "выявления нуждаемости",
    Trigger.URGENT_PROBLEM: "выявления экстренной нуждаемости",
    Trigger.ADMITTED: "зачисления",
    Trigger.STUDY_ENDED: "окончания обучения",
    Trigger.LEAVE_STARTED: "начала академического отпуска",
    Trigger.LEAVE_ENDS: "конца академического отпуска",
    Trigger.CHANGED: "изменения важных для сопровождения сведений",
    Trigger.ARRIVED: "прибытия в район",
    Trigger.LEASE_ENDS: "окончания договора специализированного найма",
    Trigger.SECTION_CHECKED: "последней проверки сведений",
    Trigger.AGREEMENT_ENDS: "окончания соглашения",
    Trigger.CONSENT_ENDS: "окончания согласия",
    Trigger.DOCUMENT_EXPIRES: "окончания срока документа",
    Trigger.APPLICATION_RECEIVED: "поступления заявления",
    Trigger.APPLICATION_REGISTERED: "регистрации заявления",
    Trigger.CONTRACT_STARTED: "начала действия договора",
    Trigger.CONTRACT_ENDS: "окончания договора",
    Trigger.REQUEST_RECEIVED: "поступления запроса",
    Trigger.SERVICE_APPLIED: "заявления на социальное обслуживание",
    Trigger.INTAKE: "сообщения о выпускнике",
    Trigger.DECISION: "принятия решения",
    Trigger.COUNCIL_CHANGED: "изменения состава совета",
    Trigger.DIFFICULTY: "возникновения затруднения",
    Trigger.BREACH: "нарушения обязательства",
    Trigger.LEAVING_LIST: "формирования списка выпускников",
    Trigger.READINESS: "оценки готовности",
    Trigger.CONTACT: "контакта",
    Trigger.REFERRAL_SENT: "отправки направления или запроса",
    Trigger.SUPPORT_STARTED: "принятия на сопровождение",
}
_EACH = {
    Period.MONTH: "ежемесячно",
    Period.QUARTER: "ежеквартально",
    Period.HALF_YEAR: "раз в полугодие",
    Period.YEAR: "ежегодно",
}
_PER = {Period.MONTH: "в месяц", Period.QUARTER: "в квартал", Period.HALF_YEAR: "в полугодие", Period.YEAR: "в год"}
_OF = {Period.MONTH: "месяца", Period.QUARTER: "квартала", Period.HALF_YEAR: "полугодия", Period.YEAR: "года"}
_UNITS = {
    Unit.CALENDAR: ("календарный день", "календарных дня", "календарных дней"),
    Unit.WORKING: ("рабочий день", "рабочих дня", "рабочих дней"),
    Unit.MONTH: ("месяц", "месяца", "месяцев"),
    Unit.YEAR: ("год", "года", "лет"),
}
_BY = {
    By.RESPONSIBLE: "кто ведёт сопровождение",
    By.GRADUATING: "чей выпускник",
    By.RECORDER: "кто записал событие",
}
Facts = list[tuple[str, str]]


# -- When ------------------------------------------------------------------------------------------------------------


def when(terms: RuleTerms) -> str:
    """«ежегодно с 25 сентября по 5 октября», «10 календарных дней со дня выпуска»."""
    if terms.term_of_fact:
        since = _listed([SINCE[trigger] for trigger in terms.triggers], "или")
        return f"{IN_LETTER}, иначе {_event(terms)}" if terms.amount else f"{IN_LETTER}, со дня {since}"
    if terms.kind is RuleKind.WINDOW:
        return _window(terms)
    if terms.kind is RuleKind.PERIOD:
        return _period(terms)
    if terms.kind is RuleKind.QUOTA:
        return _quota(terms)
    return _event(terms) if terms.kind is RuleKind.EVENT else "постоянно"


def marks(terms: RuleTerms) -> list[str]:
    """What of the term is not the document's own."""
    return [text for text, is_so in ((OURS, terms.default_term), (OUR_UNIT, terms.unit_is_ours)) if is_so]


def day_text(month_day: tuple[int, int]) -> str:
    """«25 сентября»."""
    return f"{month_day[1]} {MONTHS_OF[month_day[0] - 1]}"


def _window(terms: RuleTerms) -> str:
    assert terms.opens
    assert terms.closes
    month, last = terms.opens[0], monthrange(2023, terms.closes[0])[1]
    if terms.opens == (month, 1) and terms.closes[0] == month and terms.closes[1] >= last:
        return f"ежегодно в {MONTHS_IN[month - 1]}"
    return f"ежегодно {_with(terms.opens)} по {day_text(terms.closes)}"


def _with(month_day: tuple[int, int]) -> str:
    return f"{'со' if month_day[1] == 2 else 'с'} {day_text(month_day)}"


def _period(terms: RuleTerms) -> str:
    assert terms.period
    if terms.offset:
        return f"{_EACH[terms.period]}, {_amount(terms.offset, terms.unit)} после окончания {_OF[terms.period]}"
    return f"{_EACH[terms.period]}, до конца {_OF[terms.period]}"


def _quota(terms: RuleTerms) -> str:
    assert terms.period
    times = "раза" if terms.at_least % 10 == 1 and terms.at_least % 100 != 11 else "раз"
    told = f"не менее {terms.at_least} {times} {_PER[terms.period]}"
    if not terms.recommended:
        return told
    return f"{told}, лучше к {_listed([day_text(day) for day in terms.recommended])}"


def _event(terms: RuleTerms) -> str:
    since = _listed([SINCE[trigger] for trigger in terms.triggers], "или")
    if terms.unit is Unit.INSTANT:
        return f"незамедлительно, в день {since}"
    if terms.amount_to is not None:
        return _between(terms.amount, terms.amount_to, terms.unit, since)
    if terms.amount < 0:
        return f"за {_amount(-terms.amount, terms.unit)} до {since}"
    if terms.amount == 0:
        return f"в день {since}"
    return f"{_amount(terms.amount, terms.unit)} со дня {since}"


def _between(first: int, last: int, unit: Unit, since: str) -> str:
    if last <= 0:
        return f"за {-first}–{_amount(-last, unit)} до {since}"
    return f"через {first}–{_amount(last, unit)} со дня {since}"


def _amount(number: int, unit: Unit) -> str:
    return f"{number} {plural(number, *_UNITS[unit])}"


def _listed(words: list[str], conjunction: str = "и") -> str:
    return f" {conjunction} ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


# -- Who -------------------------------------------------------------------------------------------------------------


def party_text(party: Party, roles: Mapping[str, str]) -> str:
    """«служба сопровождения (по району проживания)»; `roles`: titles by code."""
    if party.is_graduate:
        return "выпускник"
    if party.text:
        return party.text
    told = roles.get(party.role, party.role) or ", ".join(AgencyKind(kind).label for kind in party.kinds)
    by = _BY.get(party.by, party.by.label) if party.by else ""
    return f"{told} ({by})" if told and by else told or by


def _of_what(terms: RuleTerms) -> str:
    told = terms.per.label if terms.kind is not RuleKind.STANDING else ""
    if terms.per in (Per.GRADUATE, Per.RECORD) and terms.who is not Who.ALL:
        told = f"{told}: {terms.who.label}"
    return told


def _condition(condition: Condition | None) -> str:
    return condition.label if condition else ""


def told(rule: DeadlineRule, roles: Mapping[str, str], letters: Mapping[str, str] | None = None) -> Facts:
    """All that a version of a rule says, as (label, text); "" where it says nothing.

    `letters`: titles of kinds of letters by their keys.
    """
    terms = rule.terms
    is_dated = terms.kind is not RuleKind.STANDING
    return [
        ("Что сделать", rule.title),
        ("Пункт", f"{rule.clause_text}. {rule.clause_heading}" if rule.clause_heading else rule.clause_text),
        ("Когда", when(terms)),
        ("Откуда срок", ", ".join(marks(terms)) or "из документа"),
        ("Кто исполняет", party_text(terms.obliged, roles)),
        ("Кому", "; ".join(party_text(party, roles) for party in terms.recipients)),
        ("Один срок", _of_what(terms)),
        ("При условии", _condition(terms.condition)),
        ("По каким письмам", _letters(rule, letters or {})),
        ("Чем исполняется", evidence_text(terms, letters or {})),
        ("Чем подтверждается", terms.shown_by),
        ("Если последний день нерабочий", terms.roll.label if rolls(terms) else ""),
        ("Можно раньше", ("да" if terms.early else "нет") if terms.kind is RuleKind.WINDOW else ""),
        ("Становится «скоро»", _soon(terms) if is_dated else ""),
        ("Действует", force_text(rule.in_force_from, rule.in_force_to)),
        ("Примечание", terms.note),
    ]


def _letters(rule: DeadlineRule, letters: Mapping[str, str]) -> str:
    """From which letters the term runs."""
    if not rule.terms.trigger_of:
        return ""
    pack = rule.key.partition("/")[0]
    keys = [full_key(pack, word) for word in rule.terms.trigger_of]
    return ", ".join(f"«{letters[key]}»" if key in letters else key for key in keys)


def evidence_text(terms: RuleTerms, letters: Mapping[str, str] | None = None) -> str:
    """«контакт состоялся (выезд к выпускнику)»; measures of a programme by their numbers, letters by their titles."""
    if terms.evidence is None:
        return ""
    kinds = {kind.value: kind.label for kind in RecordKind}
    titles = letters or {}
    told = []
    for word in terms.evidence_of:
        if word in titles:
            told.append(f"«{titles[word]}»")
        elif terms.evidence in OF_LETTERS:
            told.append(kinds.get(word, "письмо этого вида"))
        else:
            told.append(kinds.get(word) or f"мероприятие {word.partition('/')[2]}")
    told = list(dict.fromkeys(told))
    return f"{terms.evidence.label} ({', '.join(told)})" if told else terms.evidence.label


def _soon(terms: RuleTerms) -> str:
    if terms.kind is RuleKind.QUOTA:
        return "с середины периода"
    return f"за {_amount(terms.soon, Unit.WORKING)}" if terms.unit is not Unit.INSTANT else "сразу"


def force_text(since: date, until: date | None) -> str:
    return f"с {since:%d.%m.%Y}" + (f" по {until:%d.%m.%Y}" if until else "")


def differences(
    old: DeadlineRule, new: DeadlineRule, roles: Mapping[str, str], letters: Mapping[str, str] | None = None
) -> list[tuple[str, str, str]]:
    """(label, what was said, what is said) of everything that two versions say differently."""
    pairs = zip(told(old, roles, letters), told(new, roles, letters), strict=True)
    return [(label, before, after) for (label, before), (_, after) in pairs if before != after]


def rolls(terms: RuleTerms) -> bool:
    """Whether the rule says what happens to a last day that is a day off."""
    if terms.kind is RuleKind.WINDOW:
        return True
    is_counted = terms.kind is RuleKind.EVENT or (terms.kind is RuleKind.PERIOD and bool(terms.offset))
    return is_counted and terms.unit not in (Unit.WORKING, Unit.INSTANT)
