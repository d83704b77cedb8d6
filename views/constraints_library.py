"""What the database refuses about the library, resources, orders and aid, in words (views.constraints)."""

CHECKS: dict[str, tuple[str | None, str]] = {
    "amount_is_positive": ("amount", "Сумма: от 1 до 100 000 000 рублей."),
    "answered_has_moment": (None, "У ответа должно быть время, у вопроса без ответа его нет."),
    "capacity_is_positive": ("capacity", "Мест: от 1 до 100 000."),
    "collected_has_day": ("got_on", "Укажите, когда документ собран или сдан."),
    "granted_after_application": ("granted_on", "Помощь не может быть назначена раньше обращения."),
    "has_employee_and_title": ("title", "Укажите, кто учился и чему."),
    "has_measure": ("measure", "Укажите, какая помощь."),
    "has_title_and_owner": ("title", "Укажите, что предлагается и кто предлагает."),
    "hours_are_1_to_2000": ("hours", "Часов: от 1 до 2000."),
    "mandatory_has_day": ("starts_on", "Укажите, с какого дня документ обязателен."),
    "recognised_has_decision": ("decision", "Укажите день и номер решения о признании нуждающимся."),
    "refused_has_reason": ("refusal", "Укажите, почему отказано; назначенной помощи отказа нет."),
    "remarks_are_told": ("remarks", "Напишите замечания."),
}
UNIQUE: dict[str, tuple[str | None, str]] = {
    "uq_document_approval_document_id_agency_id_edition": ("agency_id", "Эту организацию об этом уже спросили."),
    "uq_document_edition_document_id_number": ("number", "Такая редакция уже есть. Обновите страницу и повторите."),
    "uq_enrolment_open": ("graduate_id", "Этот человек туда уже записан."),
    "uq_housing_document_graduate_id_title": ("title", "Эта бумага в списке уже есть."),
}
