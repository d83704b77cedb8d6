"""The profile of a regulation, and what an organisation takes over from all that it follows, in words."""

from __future__ import annotations

from services.profiles import OLDEST, YOUNGEST, LastDay, Profile, merged
from services.regulations.pack import Pack
from views.formats import counted

Facts = list[tuple[str, str]]


def profile_facts(pack: Pack) -> Facts:
    """What a regulation itself says of ages, categories and monitoring; nothing of what it leaves open."""
    profile = merged([pack], None)
    found: Facts = []
    if "ages" in pack.profile:
        found.append(("Возраст", ages_text(profile)))
    return [*found, *_rest(profile)]


def agency_facts(profile: Profile) -> Facts:
    """What holds for an organisation."""
    names = ", ".join(profile.regulations) or "только общие сроки"
    is_usual = (profile.age_from, profile.age_to) == (YOUNGEST, OLDEST)
    ages = f"{ages_text(profile)} (по умолчанию)" if is_usual else ages_text(profile)
    return [("Исполняет", names), ("Возраст", ages), *_rest(profile)]


def ages_text(profile: Profile) -> str:
    last = "по день рождения" if profile.last_day is LastDay.BIRTHDAY else "по день перед днём рождения"
    return f"от {profile.age_from} до {profile.age_to} лет, {last} включительно"


def _rest(profile: Profile) -> Facts:
    found: Facts = []
    if profile.voluntary_from is not None:
        found.append(("Может отказаться", f"с {profile.voluntary_from} лет"))
    if profile.guardian_consent_below is not None:
        found.append(("Согласие представителя", f"до {profile.guardian_consent_below} лет"))
    if profile.programme_ages is not None:
        found.append(("Подготовка к самостоятельной жизни", "от {} до {} лет".format(*profile.programme_ages)))
    for norm in profile.categories:
        if told := _norm(norm.contact_days, norm.review_days):
            found.append((norm.title, told))
    if profile.monitoring_times is not None:
        found.append(("Мониторинг адаптации", f"{counted(profile.monitoring_times, 'раз', 'раза', 'раз')} в год"))
    if profile.monitoring_scale:
        steps = ", ".join(f"{value} – {title}" for value, title in profile.monitoring_scale)
        found.append(("Шкала мониторинга", steps))
    if profile.kpi is not None:
        found.append(("Показатель 1 – доля от", profile.kpi.whole.label))
        found.append(("На сопровождении", profile.kpi.supported.label))
        found.append(("Признаки успешной жизни", "; ".join(one.label for one in profile.kpi.success)))
    return found


def _norm(contact_days: int | None, review_days: int | None) -> str:
    parts = []
    if contact_days:
        parts.append(f"контакт не реже чем раз в {_days(contact_days)}")
    if review_days:
        parts.append(f"пересмотр не реже чем раз в {_days(review_days)}")
    return ", ".join(parts)


def _days(number: int) -> str:
    return counted(number, "день", "дня", "дней")
