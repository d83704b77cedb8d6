"""What the database refuses about applications, contracts and conclusions, in words (views.constraints)."""

CHECKS: dict[str, tuple[str | None, str]] = {
    "agencys_refusal_has_reason": ("reason_code", "Организация отказывает только за отсутствием права: укажите его."),
    "approved_has_number": (None, "Утверждённая запись получает номер."),
    "copies_are_1_to_9": ("copies", "Экземпляров: от 1 до 9."),
    "ended_after_it_was_signed": ("ended_on", "Договор не может прекратиться раньше, чем подписан."),
    "ended_has_ground": ("termination_ground_code", "День и основание прекращения указываются вместе."),
    "graduate_signs_what_is_approved": ("graduate_signed_on", "Выпускник подписывает утверждённое заключение."),
    "graduates_reason_is_the_graduates": (
        "graduate_reason_code",
        "Причина выпускника указывается, когда отказался он сам.",
    ),
    "handed_after_it_was_approved": ("handed_on", "Вручить можно только утверждённое заключение."),
    "handed_after_it_was_signed": ("handed_on", "Выдать можно только подписанный договор."),
    "has_subject": ("subject", "Напишите, о чём соглашение."),
    "notified_after_it_was_received": ("notified_on", "Уведомить нельзя раньше, чем поступило заявление."),
    "notified_after_it_was_refused": ("notified_on", "Уведомить об отказе нельзя раньше самого отказа."),
    "number_has_year": (None, "Номер журнала и его год присваиваются вместе."),
    "number_is_positive": (None, "Номера начинаются с единицы."),
    "period_ends_after_it_starts": ("period_to", "Последний день не может быть раньше первого."),
    "registered_after_it_was_received": ("registered_on", "Дата регистрации раньше даты поступления. Исправьте дату."),
    "registered_has_number": (None, "Номер и дата регистрации присваиваются вместе."),
    "removed_after_it_was_accepted": ("removed_on", "Снять с сопровождения нельзя раньше, чем приняли."),
    "removed_has_ground": ("removal_ground_code", "День и причина снятия указываются вместе."),
    "signed_has_number": (None, "Номер договора и дата заключения присваиваются вместе."),
    "starts_when_it_is_signed": ("starts_on", "Договор не может действовать раньше, чем подписан."),
    "withdrawn_after_it_was_received": ("withdrawn_on", "Отозвать заявление нельзя раньше, чем оно поступило."),
}
UNIQUE: dict[str, tuple[str | None, str]] = {
    "uq_contract_amendment_contract_id_number": (None, "Соглашение с таким номером уже есть. Повторите действие."),
    "uq_contract_open": (None, "У выпускника уже есть действующий договор с этой организацией."),
    "uq_support_episode_open": (None, "Выпускник уже принят на сопровождение этой организацией."),
}
