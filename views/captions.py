"""Russian captions of tables and fields: one source for lists, forms, cards, history and conflicts.

A caption is the label, or (label, help under the field).
"""

from models.base import Model
from views import (
    captions_aid,
    captions_assessments,
    captions_cases,
    captions_deadlines,
    captions_exchange,
    captions_files,
    captions_jobs,
    captions_journals,
    captions_library,
    captions_meetings,
    captions_plans,
    captions_submissions,
    captions_work,
)

Caption = str | tuple[str, str]

COMMON: dict[str, Caption] = {
    "action": "Действие",
    "name": "Название",
    "short_name": "Краткое название",
    "code": "Код",
    "note": "Примечание",
    "version": "Версия",
    "starts_on": "С какого дня",
    "ends_on": "По какой день",
    "is_start_known": ("Начало известно точно", "Иначе это день, на который даны сведения"),
    "wording": ("Запись словами", "Печатается в форме слово в слово, пока не изменены поля рядом"),
    "district_id": "Район",
    "agency_id": "Организация",
    "phone": "Телефон",
    "email": "Электронная почта",
    "address": "Адрес",
    "label": "Название",
    "position": "Порядок",
    "is_retired": ("Больше не предлагать", "В старых записях значение остаётся"),
    "valid_until": "Действует до",
    "user_id": "Пользователь",
    "kind_code": "Вид",
    "status_code": "Статус",
    "organisation": "Организация",
    "order_number": "№ приказа",
    "order_on": "Дата приказа",
    "created_at": "Создано",
    "deleted_at": "Удалено",
    "created_by_id": "Кто создал",
    "author_id": "Автор",
    "recorded_on": "Дата записи",
    "text": "Текст",
    "kind": "Вид",
    "is_active": "Действует",
}

TABLES: dict[str, tuple[str, dict[str, Caption]]] = {
    "graduate": (
        "Выпускник",
        {
            "last_name": "Фамилия",
            "first_name": "Имя",
            "patronymic": ("Отчество", "Оставьте пустым, если отчества нет"),
            "former_names": "Прежние фамилии, имена",
            "birth_date": "Дата рождения",
            "sex": "Пол",
            "citizenship": "Гражданство",
            "snils": ("СНИЛС", "11 цифр; контрольное число проверяется"),
            "oms_policy": "Полис ОМС",
            "legal_status_code": "Правовой статус",
            "care_loss_reason_code": "Причина утраты попечения",
            "legal_status_ground": ("Основание статуса", "Документ: вид, номер, дата, кем выдан"),
            "first_identified_place": "Место первичного выявления",
            "first_identified_on": "Дата первичного выявления",
            "exit_ground_code": "Основание выпуска",
            "exit_document": ("Документ о выпуске", "Приказ о выпуске или акт опеки: номер, дата"),
            "left_on": "Дата выпуска (прекращения попечительства)",
            "graduating_agency_id": "Выпустившая организация",
            "is_volunteer": "Волонтёр, помогает другим выпускникам",
            "note": "Примечание",
            "agency_id": ("Ответственная организация", "Ведёт сопровождение: видит и правит карточку"),
            "origin_district_id": ("Район происхождения", "Где была опека или организация"),
            "district_id": "Район проживания",
            "category_code": "Категория сопровождения",
            "current_employment_code": "Занятость",
            "current_marital_code": "Семейное положение",
            "current_children": "Детей",
            "current_housing_code": "Обеспеченность жильём",
            "current_address": "Адрес места пребывания",
            "current_profession": "Профессия",
            "current_phone": "Телефон",
            "curator_name": "Куратор",
            "open_problems": "Открытых проблем",
        },
    ),
    "identity_document": (
        "Документ",
        {
            "series": "Серия",
            "number": "Номер",
            "issued_on": "Дата выдачи",
            "issued_by": "Кем выдан",
            "division_code": "Код подразделения",
            "expires_on": "Действует до",
        },
    ),
    "contact": ("Связь", {"value": ("Номер, адрес", "Телефон, почта, имя в мессенджере")}),
    "close_person": (
        "Близкий человек",
        {"name": "Фамилия, имя, отчество", "kinship_code": "Кем приходится", "is_supportive": "Поддерживает отношения"},
    ),
    "dependant": (
        "Ребёнок",
        {"name": "Имя ребёнка", "birth_date": "Дата рождения", "lives_with": "С кем живёт"},
    ),
    "placement": (
        "Пребывание",
        {
            "form_code": "Форма устройства",
            "place": ("Организация или семья", "Например: приёмная семья Лебедевых"),
            "district_id": "Район",
            "ground": "Акт о помещении: номер, дата",
            "end_ground": "Основание окончания",
        },
    ),
    "study": (
        "Образование",
        {
            "level_code": "Полученное образование",
            "status_code": "Обучение",
            "agency_id": "Где учится",
            "organisation": ("Другая организация", "Если её нет в списке участников"),
            "course": "Курс",
            "profession": "Профессия",
            "is_state_funded": "На полном государственном обеспечении",
            "order": "Приказ: номер, дата",
            "leave_code": "Вид отпуска",
            "leave_ends_on": "Отпуск до",
        },
    ),
    "employment": (
        "Занятость",
        {"status_code": "Занятость", "organisation": "Место работы", "position": "Должность"},
    ),
    "income": ("Доход", {"source": "Источник", "amount": "Рублей в месяц"}),
    "family_status": ("Семейное положение", {"status_code": "Семейное положение", "children": "Сколько детей"}),
    "housing": (
        "Жильё",
        {
            "status_code": "Обеспеченность жильём",
            "dwelling": "Адрес жилого помещения",
            "is_uninhabitable": "Проживание признано невозможным",
            "queued_on": ("Включён в список", "159-ФЗ, ст. 8"),
            "queue_number": "Номер в списке",
            "queue_body": "Кто ведёт список",
            "has_priority": "Преимущественное право",
            "contract": "Договор найма: номер, дата",
            "contract_ends_on": "Договор действует до",
        },
    ),
    "address": ("Адрес", {"text": "Адрес", "kind": "Вид адреса"}),
    "situation": (
        "Сведения для формы",
        {
            "problems": ("Существующие проблемы", "Графа 11 Приложения 1, своими словами"),
            "work_done": ("Проводимая работа специалиста", "Графа 12 Приложения 1, своими словами"),
        },
    ),
    "problem": (
        "Проблема",
        {
            "description": "Проблема",
            "severity": ("Тяжесть", "1 лёгкая, 2 серьёзная, 3 критическая"),
            "found_on": "Выявлена",
            "source_code": ("Как стало известно", "п. 4.3 регламента. Без этого срок извещения не появится"),
            "resolved_on": "Снята",
            "resolution": "Как решена",
        },
    ),
    "category_decision": (
        "Категория сопровождения",
        {"category_code": "Категория", "ground": "Основание", "decided_by": "Кто решил"},
    ),
    "assignment": (
        "Куратор, наставник",
        {
            "kind": "Кто",
            "user_id": ("Пользователь системы", "Ему откроется карточка"),
            "name": "Фамилия, имя, отчество",
            "position": "Должность",
        },
    ),
    "consent": (
        "Согласие",
        {
            "purpose_code": "Цель",
            "given_on": "Дано",
            "withdrawn_on": "Отозвано",
            "document": "Документ",
            "permitted_data": "Перечень данных",
            "agency_id": "Кому дано",
        },
    ),
    "responsibility": ("Ответственная организация", {"ground": "Основание"}),
    "section_check": (
        "Проверка раздела",
        {"section": "Раздел", "checked_on": "Проверено", "checked_by_id": "Кто проверил"},
    ),
    "health_record": ("Здоровье", {"text": "Сведения о здоровье"}),
    "offence_record": ("Правонарушения", {"text": "Сведения о правонарушениях"}),
    "district": (
        "Район",
        {"localities": ("Населённые пункты", "По одному в строке: по ним адрес относится к району")},
    ),
    "agency": (
        "Организация",
        {
            "kind": "Вид участника",
            "name": "Полное название",
            "aliases": ("Другие названия", "По одному в строке"),
            "parent_id": "Вышестоящая организация",
            "inn": "ИНН",
            "ogrn": "ОГРН",
            "head_name": "Руководитель",
            "head_position": "Должность руководителя",
            "responsible_name": ("Ответственный за сопровождение", "Назначен приказом"),
            "responsible_position": "Его должность",
            "responsible_order": "Приказ: номер, дата",
            "contacts_checked_on": "Контакты проверены",
            "sees_whole_region": (
                "Видит весь регион",
                "Только координационный центр, департамент, региональный оператор",
            ),
            "is_data_bank_operator": "Оператор банка данных",
            "is_active": "Работает",
        },
    ),
    "agency_district": ("Обслуживаемый район", {}),
    "agreement": (
        "Соглашение",
        {
            "number": "Номер",
            "signed_on": "Дата подписания",
            "subject": "Предмет",
            "permitted_data": ("Передаваемые данные", "Какие сведения стороны вправе передавать друг другу"),
        },
    ),
    "agreement_party": ("Сторона соглашения", {}),
    "user_account": (
        "Пользователь",
        {
            "login": ("Логин", "Строчные латинские буквы, цифры, точка"),
            "name": "Фамилия, имя, отчество",
            "position": "Должность",
            "role": "Роль",
            "must_change_password": "Сменит пароль при входе",
            "is_locked": "Заблокирован",
            "locked_until": "Заблокирован до",
        },
    ),
    "field_group_member": ("Доступ к группе полей", {"field_group": "Группа полей"}),
    "import_batch": (
        "Загрузка",
        {
            "state": "Состояние",
            "form": "Форма",
            "on": "На какой день сведения",
            "file_name": "Файл",
            "file_sha256": "Отпечаток файла",
            "applied_at": "Загружено",
            "undone_at": "Отменено",
            "undone_by_id": "Кто отменил",
            "summary": "Итог",
        },
    ),
    "import_row": (
        "Строка загрузки",
        {"row": "Строка листа", "outcome": "Исход", "graduate_version": "Версия карточки"},
    ),
    "possible_duplicate": (
        "Возможно, один человек",
        {"graduate_id": "Карточка", "other_id": "Другая карточка", "reason": "Почему", "resolution": "Решение"},
    ),
    "calendar_year": (
        "Год производственного календаря",
        {
            "year": "Год",
            "kind": ("Состояние", "Утверждён, когда переносы постановления внесены; до того даты предварительные"),
            "basis": ("Основание", "Постановление о переносе выходных дней: дата, номер"),
        },
    ),
    "calendar_day": (
        "День производственного календаря",
        {
            "day": "День",
            "is_working": "Рабочий день",
            "basis": ("Что за день", "Например: перенос с 3 января"),
            "source": "Откуда",
            "reason": ("Причина", "Почему день внесён или изменён вручную: приказ, постановление, указ"),
        },
    ),
    **captions_deadlines.TABLES,
    **captions_cases.TABLES,
    **captions_plans.TABLES,
    **captions_submissions.TABLES,
    **captions_work.TABLES,
    **captions_assessments.TABLES,
    **captions_files.TABLES,
    **captions_jobs.TABLES,
    **captions_journals.TABLES,
    **captions_exchange.TABLES,
    **captions_meetings.TABLES,
    **captions_library.TABLES,
    **captions_aid.TABLES,
    "marital_status": ("Семейное положение", {"label": "О мужчине", "label_female": "О женщине"}),
    "placement_form": ("Форма устройства", {"is_family": "Семейная форма"}),
    "support_category": ("Категория сопровождения", {"colour": "Цвет"}),
}


def caption(table: str, field: str) -> tuple[str, str]:
    """(label, help) of a field; a field without a caption of its own is a mistake that a test finds."""
    own = TABLES.get(table, ("", {}))[1]
    found = own.get(field, COMMON.get(field, field))
    return (found, "") if isinstance(found, str) else found


def label_of(table: str, field: str) -> str:
    return caption(table, field)[0]


def table_title(table: str) -> str:
    known = TABLES.get(table)
    if known:
        return known[0]
    titles = {mapper.class_.__tablename__: getattr(mapper.class_, "__title__", "") for mapper in Model.registry.mappers}
    return titles.get(table, "") or table
