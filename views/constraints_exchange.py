"""What the database refuses about letters between organisations, in words (views.constraints)."""

CHECKS: dict[str, tuple[str | None, str]] = {
    "answer_has_outcome": ("outcome", "Укажите результат ответа."),
    "answered_has_day": ("answered_on", "Укажите дату ответа."),
    "does_not_follow_from_itself": ("origin_id", "Письмо не может быть переадресовано из самого себя."),
    "draft_is_not_sent": ("status", "Черновик не может быть отправленным."),
    "goes_to_somebody_else": ("recipient_id", "Самим себе письма не пишут."),
    "has_a_side_of_ours": ("recipient_id", "Отправитель или получатель должен быть в справочнике."),
    "has_sheets": ("sheets", "Укажите число листов."),
    "has_who": ("who", "Укажите, кто это сделал."),
    "names_both_sides": ("recipient_name", "Укажите отправителя и получателя."),
    "over_has_moment": ("closed_at", "У законченного письма должно быть время окончания."),
    "refusal_has_reason": ("reason", "Укажите причину."),
    "sent_has_day": ("sent_on", "У отправленного письма должна быть дата."),
    "sent_has_ground": ("ground", "Укажите основание передачи сведений."),
}
UNIQUE: dict[str, tuple[str | None, str]] = {
    "uq_access_grant_referral_id_graduate_id": ("graduate_id", "Эту карточку письмо уже открыло."),
    "uq_referral_person_referral_id_graduate_id": ("graduate_id", "Этот человек в письме уже указан."),
    "uq_referral_reading_referral_id_user_id": ("user_id", "Прочтение уже отмечено."),
}
