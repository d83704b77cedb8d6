"""Fill the dictionaries with the classifiers of the domain.

Codes are for ever; labels are the administrator's from here on. The import and the packs speak in these codes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ENTRIES: dict[str, list[tuple[str, ...]]] = {
    "legal_status": [
        ("orphan", "ребёнок-сирота"),
        ("without_care", "ребёнок, оставшийся без попечения родителей"),
        ("former_orphan", "лицо из числа детей-сирот и детей, оставшихся без попечения родителей (18–23)"),
        ("lost_parents_studying", "лицо, потерявшее в период обучения обоих или единственного родителя"),
        ("over_23", "лицо старше 23 лет, относившееся к категории (жильё)"),
        ("other_graduate", "иной выпускник организации"),
    ],
    "care_loss_reason": [
        ("deprived", "родители лишены родительских прав"),
        ("restricted", "родители ограничены в родительских правах"),
        ("missing", "родители безвестно отсутствуют"),
        ("incapable", "родители недееспособны"),
        ("treatment", "родители на длительном лечении"),
        ("dead", "родители умерли"),
        ("prison", "родители в местах лишения свободы или под стражей"),
        ("evasion", "родители уклоняются от воспитания"),
        ("not_taken", "родители отказались взять из организации"),
        ("unknown_parents", "родители неизвестны"),
        ("other", "иное"),
    ],
    "placement_form": [
        ("foster_family", "приёмная семья"),
        ("guardianship", "опека, попечительство (безвозмездно)"),
        ("patronage", "патронатная семья"),
        ("preliminary", "предварительная опека"),
        ("institution", "организация для детей-сирот (ЦПД, детский дом, интернат)"),
        ("rehabilitation", "социально-реабилитационный центр"),
        ("college", "под надзором профессиональной образовательной организации"),
        ("adoption", "усыновление (вне учёта)"),
        ("independent", "самостоятельное проживание с 16 лет"),
        ("none", "без устройства"),
    ],
    "exit_ground": [
        ("stay_completed", "завершение пребывания в организации"),
        ("came_of_age", "достижение 18 лет (прекращение попечительства)"),
        ("emancipation", "эмансипация"),
        ("marriage", "вступление в брак до 18 лет"),
        ("studies_completed", "окончание обучения"),
        ("released", "возвращение из мест лишения свободы"),
        ("army", "возвращение с военной службы"),
        ("arrival", "прибытие из другого района"),
    ],
    "marital_status": [
        ("single", "холост", "не замужем"),
        ("married", "женат", "замужем"),
        ("partnership", "фактические брачные отношения", "фактические брачные отношения"),
        ("divorced", "разведён", "разведена"),
        ("widowed", "вдовец", "вдова"),
        ("unknown", "нет сведений", "нет сведений"),
    ],
    "housing_status": [
        ("owned", "имеет в собственности"),
        ("assigned", "закреплено"),
        ("waiting_list", "состоит на учете в качестве нуждающихся в жилых помещениях"),
        ("special_lease", "предоставлено по договору найма специализированного жилого помещения"),
        ("payment", "выплата на приобретение жилья"),
        ("social_lease", "социальный найм"),
        ("dormitory", "общежитие"),
        ("rented", "снимает жильё"),
        ("relatives", "живёт у родственников или в бывшей замещающей семье"),
        ("institution", "временно в организации"),
        ("social_hotel", "социальная гостиница"),
        ("homeless", "без жилья"),
        ("not_in_need", "не нуждается"),
        ("unknown", "нет сведений"),
    ],
    "employment_status": [
        ("studying", "обучается"),
        ("employed", "работает"),
        ("informal", "работает неофициально"),
        ("self_employed", "самозанятый, предприниматель"),
        ("employment_centre", "состоит на учете в центре занятости"),
        ("military", "военная служба"),
        ("childcare_leave", "отпуск по уходу за ребёнком"),
        ("academic_leave", "академический отпуск"),
        ("disabled", "инвалидность, не работает"),
        ("imprisoned", "в местах лишения свободы"),
        ("none", "безработный"),
        ("unknown", "нет сведений"),
    ],
    "education_level": [
        ("none", "нет, начальное"),
        ("basic", "основное общее"),
        ("secondary", "среднее общее"),
        ("training", "профессиональное обучение (рабочие)"),
        ("vocational", "среднее профессиональное"),
        ("higher", "высшее"),
        ("special", "коррекционная программа (свидетельство)"),
    ],
    "study_status": [
        ("studying", "обучается"),
        ("leave", "в академическом отпуске"),
        ("expelled", "отчислен"),
        ("completed", "окончил"),
        ("none", "не обучается"),
    ],
    "leave_kind": [
        ("academic", "академический отпуск"),
        ("medical", "академический отпуск по медицинским показаниям"),
        ("military", "академический отпуск на время военной службы"),
        ("maternity", "отпуск по беременности и родам"),
        ("childcare_3", "отпуск по уходу за ребёнком до 3 лет"),
    ],
    "problem_kind": [
        ("housing", "жильё"),
        ("documents", "документы"),
        ("income", "доход, долги, кредиты, мошенничество"),
        ("study", "учёба: отчисление, пропуски"),
        ("work", "работа"),
        ("health", "здоровье"),
        ("early_parenthood", "беременность, раннее родительство"),
        ("children_at_risk", "дети под риском"),
        ("addiction", "зависимость"),
        ("offence", "правонарушение, судимость"),
        ("violence", "насилие"),
        ("kin_conflict", "конфликт с роднёй"),
        ("mental", "психическое состояние, суицидальный риск"),
        ("loneliness", "одиночество"),
        ("lost_contact", "утрата связи"),
        ("military_register", "воинский учёт"),
        ("released", "прибыл из мест лишения свободы"),
    ],
    "identification_channel": [
        ("own_work", "в ходе основной деятельности"),
        ("joint_event", "в ходе межведомственных мероприятий"),
        ("message", "по сообщению органа, организации, гражданина"),
        ("form", "из полугодовой формы"),
    ],
    "contact_kind": [
        ("phone", "телефон"),
        ("email", "электронная почта"),
        ("messenger", "мессенджер"),
        ("social_network", "социальная сеть"),
        ("other", "иной способ"),
    ],
    "kinship": [
        ("mother", "мать"),
        ("father", "отец"),
        ("sibling", "брат, сестра"),
        ("grandparent", "бабушка, дедушка"),
        ("aunt_uncle", "тётя, дядя"),
        ("spouse", "супруг, супруга"),
        ("foster_parent", "приёмный родитель, опекун"),
        ("friend", "друг"),
        ("mentor", "значимый взрослый"),
        ("other", "иное"),
    ],
    "document_kind": [
        ("passport", "паспорт гражданина РФ"),
        ("birth_certificate", "свидетельство о рождении"),
        ("temporary_id", "временное удостоверение личности"),
        ("foreign", "документ иностранного гражданина"),
        ("military_id", "военный билет"),
        ("inn", "ИНН"),
        ("education", "документ об образовании"),
        ("status_certificate", "справка о статусе"),
        ("other", "иной документ"),
    ],
    "consent_purpose": [
        ("support", "сопровождение"),
        ("transfer", "передача сведений ведомствам"),
        ("photo", "фотосъёмка и публикация"),
        ("health", "сведения о здоровье"),
    ],
    "service_kind": [
        ("household", "социально-бытовые"),
        ("medical", "социально-медицинские"),
        ("psychological", "социально-психологические"),
        ("pedagogical", "социально-педагогические"),
        ("labour", "социально-трудовые"),
        ("legal", "социально-правовые"),
        ("communication", "повышение коммуникативного потенциала"),
        ("urgent", "срочные"),
        ("accompaniment", "социальное сопровождение (ст. 22)"),
    ],
    "service_form": [
        ("stationary", "стационарная"),
        ("semi_stationary", "полустационарная"),
        ("at_home", "на дому"),
    ],
    "termination_ground": [
        ("term_expired", "истечение срока"),
        ("plan_completed", "выполнение плана"),
        ("turned_23", "достижение 23 лет"),
        ("graduate_request", "заявление выпускника"),
        ("mutual_agreement", "соглашение сторон"),
        ("moved", "переезд, передача другой службе"),
        ("breach", "неисполнение обязанностей, утрата связи"),
        ("prison", "помещение под стражу (приостановление)"),
        ("military", "призыв на службу (приостановление)"),
        ("death", "смерть, безвестное отсутствие"),
        ("liquidation", "ликвидация организации"),
    ],
    "refusal_reason": [
        ("not_graduate", "нет права: не выпускник организации"),
        ("not_category", "нет права: не относится к категории"),
        ("over_23", "нет права: старше 23 лет"),
        ("under_18", "нет права: моложе 18 лет"),
    ],
    "graduate_refusal_reason": [
        ("no_need", "не нуждается"),
        ("leaving", "уезжает"),
        ("other_service", "сопровождается другой службой"),
        ("no_trust", "не доверяет"),
        ("unexplained", "без объяснения"),
    ],
    "channel": [
        ("in_person", "лично"),
        ("phone", "телефон"),
        ("online", "онлайн"),
        ("visit", "выезд"),
        ("letter", "письмо"),
    ],
    "outcome": [
        ("solved", "решено"),
        ("partly", "решено частично"),
        ("passed_on", "передано"),
        ("refused", "отказ"),
        ("no_answer", "нет ответа"),
    ],
}
CATEGORIES = [("crisis", "кризисное", "red"), ("active", "активное", "amber"), ("stable", "стабильное", "green")]
FAMILY_FORMS = {"foster_family", "guardianship", "patronage", "preliminary"}


def rows(dictionary: str, entries: list[tuple[str, ...]]) -> list[dict[str, object]]:
    filled: list[dict[str, object]] = []
    for position, (code, label, *rest) in enumerate(entries, start=1):
        row: dict[str, object] = {
            "code": code, "label": label, "note": "", "position": position * 10, "is_retired": False
        }
        if dictionary == "marital_status":
            row["label_female"] = rest[0]
        if dictionary == "placement_form":
            row["is_family"] = code in FAMILY_FORMS
        if dictionary == "support_category":
            row["colour"] = rest[0]
        filled.append(row)
    return filled


def upgrade() -> None:
    for dictionary, entries in {**ENTRIES, "support_category": CATEGORIES}.items():
        filled = rows(dictionary, list(entries))
        table = sa.table(dictionary, *(sa.column(name) for name in filled[0]))
        standing = set(op.get_bind().scalars(sa.select(table.c.code)))
        op.bulk_insert(table, [row for row in filled if row["code"] not in standing])


def downgrade() -> None:
    """The lines stay: people's cards refer to them. They go with their tables."""
