"""Small forms of the actions with cases: a day, a word, a ground."""

from __future__ import annotations

from typing import Any

import wtforms
from wtforms.validators import InputRequired, Optional

from views import edge
from views.captions import caption
from views.doing import LINE
from views.fields import REQUIRED, CodeField, LongField, RuDateField, TextField


def day(label: str, help: str = "", *, is_required: bool = True) -> Any:
    return RuDateField(label, description=help, validators=[InputRequired(REQUIRED) if is_required else Optional()])


class RegisterForm(wtforms.Form):
    registered_on = day(*caption("application", "registered_on"))


class WithdrawForm(wtforms.Form):
    withdrawn_on = day("Когда отозвано")


class NotifyForm(wtforms.Form):
    notified_on = day(*caption("application", "notified_on"))
    notified_how = TextField("Как уведомили", description="Лично, по телефону, письмом", validators=[LINE])


class SignForm(wtforms.Form):
    signed_on = day(*caption("contract", "signed_on"))
    origin = TextField("Откуда прибыл", description="Пишется в журнал принятых", validators=[LINE])


class HandForm(wtforms.Form):
    handed_on = day("Когда вручён экземпляр")


class AmendForm(wtforms.Form):
    signed_on = day(*caption("contract_amendment", "signed_on"))
    new_ends_on = day(*caption("contract_amendment", "new_ends_on"), is_required=False)
    subject = LongField("О чём соглашение", validators=[InputRequired(REQUIRED)])


class SuspendForm(wtforms.Form):
    ground_code = CodeField(
        table="termination_ground", label="Основание", description="Заключение под стражу или военная служба"
    )
    starts_on = day("С какого дня")
    note = TextField("Примечание", validators=[LINE])


class ResumeForm(wtforms.Form):
    ends_on = day("Последний день приостановления")


class EndForm(wtforms.Form):
    ended_on = day("Последний день договора")
    ground_code = CodeField(table="termination_ground", label="Основание прекращения")
    note = TextField("Пояснение", validators=[LINE])
    result = LongField("Результат сопровождения", description="Пишется в журнал принятых; иначе берётся из заключения")


class AnnulContractForm(wtforms.Form):
    reason = TextField("Причина", validators=[InputRequired(REQUIRED), LINE])
    is_certain = wtforms.BooleanField("Аннулировать, хотя по договору есть записи")


class ApproveForm(wtforms.Form):
    approved_on = day("Дата утверждения", "Подписи куратора и руководителя")


class SignatureForm(wtforms.Form):
    signed_on = day("Когда подписал выпускник")


def today_in(*names: str) -> Any:
    """What a fresh form proposes: today."""

    def fill(form: Any, record: Any) -> None:
        for name in names:
            form[name].data = edge.today()

    return fill
