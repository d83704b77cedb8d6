"""What is done with a document of the library on its page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import wtforms
from flask import current_app
from wtforms.validators import InputRequired, Optional

from models.access import Viewer
from models.library import DocumentStage, LibraryDocument
from models.library_access import may_answer, may_keep_library, may_withdraw
from services.errors import Refused
from services.files import recognition
from services.library import approvals, documents
from views import edge
from views.doing import LINE, Action, ReasonForm
from views.extensions import db
from views.fields import REQUIRED, EnumField, LongField, RuDateField, TextField
from views.files.sent import examined
from views.formats import counted
from views.library.fields import AgenciesField

CHOOSE = "Выберите файл."


class EditionForm(wtforms.Form):
    file = wtforms.FileField("Файл", render_kw={"accept": recognition.ACCEPTED})
    note = TextField("Что изменилось", validators=[LINE])


class StageForm(wtforms.Form):
    stage = EnumField(enum=DocumentStage, label="Состояние", validators=[InputRequired(REQUIRED)])
    on = RuDateField("С какого дня", validators=[InputRequired(REQUIRED)])


class ReadersForm(wtforms.Form):
    agency_ids = AgenciesField("Кто ещё читает")


class AskForm(wtforms.Form):
    agency_ids = AgenciesField("Кого спросить")
    due_on = RuDateField("Ответить до", validators=[Optional()])


class AgainForm(wtforms.Form):
    due_on = RuDateField("Ответить до", validators=[Optional()])


class RemarksForm(wtforms.Form):
    remarks = LongField("Замечания", validators=[InputRequired(REQUIRED)])


# -- Verbs -----------------------------------------------------------------------------------------------------------


def _add(record: LibraryDocument, form: Any) -> str:
    file = examined(form.file, CHOOSE)
    made = documents.add_edition(
        db.session(),
        document=record,
        file=file,
        note=form.note.data or "",
        folder=Path(current_app.config["DATA_DIR"]),
        by=edge.viewer(),
        now=edge.now(),
    )
    return f"Приложена редакция {made.number}."


def _stage(record: LibraryDocument, form: Any) -> str:
    documents.put_stage(db.session(), document=record, stage=form.stage.data, on=form.on.data, by=edge.viewer())
    progress = approvals.progress_of(record, edge.today())
    is_early = progress is not None and record.stage is DocumentStage.IN_FORCE and progress.agreed < progress.asked
    warned = " Согласовали не все, кого спрашивали." if is_early else ""
    return f"Состояние документа: {record.stage.label}.{warned}"


def _readers(record: LibraryDocument, form: Any) -> str:
    many = approvals.name_readers(
        db.session(), document=record, agency_ids=form.agency_ids.data or [], by=edge.viewer(), now=edge.now()
    )
    return f"Документ прочтут ещё {counted(many, 'организация', 'организации', 'организаций')}."


def _ask(record: LibraryDocument, form: Any) -> str:
    many = approvals.ask(
        db.session(),
        document=record,
        agency_ids=form.agency_ids.data or [],
        due_on=form.due_on.data,
        by=edge.viewer(),
        now=edge.now(),
    )
    return f"На согласовании: {counted(many, 'организация', 'организации', 'организаций')}."


def _again(record: LibraryDocument, form: Any) -> str:
    many = approvals.ask_again(db.session(), document=record, due_on=form.due_on.data, by=edge.viewer(), now=edge.now())
    return f"О новой редакции спросили {counted(many, 'организацию', 'организации', 'организаций')}."


def _agree(record: LibraryDocument, form: Any) -> str:
    _answer(record, is_agreed=True, remarks="")
    return "Записано: ваша организация согласовала документ."


def _remark(record: LibraryDocument, form: Any) -> str:
    _answer(record, is_agreed=False, remarks=form.remarks.data or "")
    return "Замечания записаны: их видит организация, которая спросила."


def _answer(record: LibraryDocument, *, is_agreed: bool, remarks: str) -> None:
    line = approvals.own_line(record, edge.viewer())
    if line is None:
        raise Refused("Ваша организация уже ответила, или её об этой редакции не спрашивали.")
    approvals.answer(db.session(), line=line, is_agreed=is_agreed, remarks=remarks, by=edge.viewer(), now=edge.now())


def _withdraw(record: LibraryDocument, form: Any) -> str:
    documents.withdraw(db.session(), document=record, reason=form.reason.data or "", by=edge.viewer())
    return "Документ изъят: карточка осталась, тексты больше не открываются."


# -- When ------------------------------------------------------------------------------------------------------------


def _keeps(viewer: Viewer, record: LibraryDocument) -> bool:
    return may_keep_library(viewer, record.agency_id)


def _withdraws(viewer: Viewer, record: LibraryDocument) -> bool:
    return may_withdraw(viewer, record.agency_id)


def _answers(viewer: Viewer, record: LibraryDocument) -> bool:
    """A reader may be sure that nobody answers for an organisation that was not asked."""
    is_asked = any(one.agency_id == viewer.agency_id for one in approvals.sheet_of(record))
    return is_asked and may_answer(viewer, viewer.agency_id)


def _is_live(record: LibraryDocument) -> bool:
    return record.withdrawn_on is None


def _has_text(record: LibraryDocument) -> bool:
    return _is_live(record) and bool(record.editions)


def _is_new(record: LibraryDocument) -> bool:
    lines = approvals.sheet_of(record)
    return _is_live(record) and 0 < max((one.edition for one in lines), default=0) < approvals.latest_edition(record)


def _is_asked(record: LibraryDocument) -> bool:
    return _is_live(record) and approvals.own_line(record, edge.viewer()) is not None


class FileAction(Action):
    def made_form(self, record: LibraryDocument, posted: str = "") -> Any:
        form: Any = super().made_form(record, posted)
        limit = current_app.config["MAX_UPLOAD_MB"]
        form.file.description = f"PDF, изображение, DOCX, XLSX, ODT, ODS, текст. До {limit} МБ."
        return form


def _propose_today(form: Any, record: LibraryDocument) -> None:
    form.on.data = edge.today()


ACTIONS: tuple[Action, ...] = (
    # The organisation's answer needs no version: the line of the sheet is taken for oneself.
    Action(
        "agree",
        "Согласовать",
        _agree,
        _answers,
        _is_asked,
        kind="primary",
        confirm="Согласовать документ от имени вашей организации? Ответ нельзя изменить.",
        checks_version=False,
    ),
    Action(
        "remark",
        "Дать замечания",
        _remark,
        _answers,
        _is_asked,
        RemarksForm,
        button="Отправить замечания",
        hint="Ответ нельзя изменить: о новой редакции спросят заново.",
        checks_version=False,
    ),
    FileAction("edition", "Приложить новую редакцию", _add, _keeps, _is_live, EditionForm, button="Приложить"),
    Action(
        "ask",
        "Отправить на согласование",
        _ask,
        _keeps,
        _has_text,
        AskForm,
        hint="Спросим о последней редакции. Ответит руководитель или специалист организации.",
    ),
    Action("again", "Спросить о новой редакции тех же", _again, _keeps, _is_new, AgainForm, button="Спросить"),
    Action(
        "readers",
        "Назвать читателей",
        _readers,
        _keeps,
        _is_live,
        ReadersForm,
        button="Добавить",
        hint="Они увидят документ, если он открыт не всем.",
    ),
    Action("stage", "Изменить состояние", _stage, _keeps, _is_live, StageForm, _propose_today, button="Изменить"),
    Action(
        "withdraw",
        "Изъять документ",
        _withdraw,
        _withdraws,
        _is_live,
        ReasonForm,
        button="Изъять",
        kind="danger",
        hint="Карточка останется в библиотеке с причиной. Отменить это нельзя.",
    ),
)
