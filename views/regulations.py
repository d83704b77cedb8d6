"""The register of regulations, the editor of their rules, whom their names mean, where a rule does not apply."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, request
from flask_admin import expose
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from models.audit import AccessKind
from models.regulations import DeadlineRule, Regulation, RegulationVersion, RoleBinding, RuleSwitch
from services.regulations.loading import pack_of
from services.regulations.pack import Pack
from views import details, edge, regulation_card, rule_editor, rule_page, totals
from views.base import RegistryView
from views.constraints import message_for
from views.extensions import db
from views.formats import ru_date
from views.listing import Column
from views.registers import OVERSEERS, fragment

Page = str | Response | tuple[str, int]
DAILY = "Сроки по людям обновит ежедневный расчёт."


class RegulationView(RegistryView):
    """Everybody reads; the coordinator and the administrator edit."""

    title, icon = "Регламенты", "book"
    search_placeholder_text = "Название, номер, территория"
    details_template = "regulation/details.html"

    def columns(self) -> Sequence[Column]:
        r = Regulation
        rules = select(func.count()).where(DeadlineRule.regulation_id == r.id, DeadlineRule.is_current)
        newest = select(func.max(RegulationVersion.number)).where(RegulationVersion.regulation_id == r.id)
        return (
            Column("name", "Название", r.short_title, sort=r.short_title, width=34),
            Column("title", "Полное название", r.title, css="cell-long", width=60),
            Column("adopted", "Принят", r.adopted_on, show=ru_date, export=ru_date, sort=r.adopted_on),
            Column("number", "Номер", r.number, width=20),
            Column("territory", "Территория", r.territory, width=30),
            Column(
                "rules", "Правил", func.coalesce(rules.correlate(r).scalar_subquery(), 0), css="cell-number", width=10
            ),
            Column(
                "version",
                "Версия",
                func.coalesce(newest.correlate(r).scalar_subquery(), 0),
                css="cell-number",
                width=10,
            ),
        )

    def search_condition(self, text: str) -> ColumnElement[bool]:
        return fragment(text, Regulation.title, Regulation.short_title, Regulation.number, Regulation.territory)

    def record_title(self, record: Regulation) -> str:
        return record.short_title

    # -- The card ------------------------------------------------------------------------------------------------------

    def details_context(self, record: Regulation, form: regulation_card.BindingForm | None = None) -> dict[str, Any]:
        pack = pack_of(db.session(), record.code) or abort(404)
        asked = "roles" if form else request.args.get("tab", "rules")
        tab = asked if asked in regulation_card.TABS else "rules"
        context = details.plain_context(self, record)
        context["header"]["facts"] = regulation_card.head_facts(record, pack)
        context["header"]["subtitle"] = record.title
        context |= {
            "regulation": record,
            "tab": tab,
            "tabs": [
                {"label": label, "url": self.get_url(".details_view", id=record.id, tab=name), "active": name == tab}
                for name, label in regulation_card.TABS.items()
            ],
            "may_edit": may_edit(),
            "new_rule_url": self.get_url(".rule_new", id=record.id),
            "history": None,
        }
        return context | self._part(record, pack, tab, form)

    def _part(
        self, record: Regulation, pack: Pack, tab: str, form: regulation_card.BindingForm | None
    ) -> dict[str, Any]:
        if tab == "clauses":
            return regulation_card.clauses_part(record, pack)
        if tab == "roles":
            return regulation_card.roles_part(record, pack, may_edit=may_edit(), form=form)
        if tab == "about":
            return regulation_card.about_part(record, pack)
        return regulation_card.versions_part(record) if tab == "versions" else regulation_card.rules_part(record, pack)

    # -- Whom a name means ---------------------------------------------------------------------------------------------

    @expose("/name/", methods=("POST",))
    def name_agency(self) -> Page:
        record = self._to_edit()
        pack = pack_of(db.session(), record.code) or abort(404)
        form = regulation_card.binding_form(pack, request.form)
        if form.validate():
            binding = RoleBinding(regulation_id=record.id, role=form.role.data)
            binding.agency_id, binding.district_id = form.agency_id.data, form.district_id.data
            db.session.add(binding)
            error = self._kept("Записано. Сроки обновит ежедневный расчёт.")
            if error is None:
                return redirect(self.get_url(".details_view", id=record.id, tab="roles"))
            form.agency_id.errors = [error]
        record = self.record_or_404()
        return self.render(self.details_template, **self.details_context(record, form)), 422

    @expose("/unname/", methods=("POST",))
    def unname_agency(self) -> Page:
        record = self._to_edit()
        binding = db.session.get(RoleBinding, self._number("binding"))
        if binding is None or binding.regulation_id != record.id:
            abort(404)
        db.session.delete(binding)
        self._kept("Снято. Сроки обновит ежедневный расчёт.")
        return redirect(self.get_url(".details_view", id=record.id, tab="roles"))

    # -- One rule ------------------------------------------------------------------------------------------------------

    @expose("/rule/")
    def rule(self) -> Page:
        record = self.record_or_404()
        found = self._rule(record)
        edge.log_access(AccessKind.OPENED, subject="deadline_rule", subject_id=found.id)
        return self.render("regulation/rule.html", **rule_page.context(record, found, may_edit=may_edit()))

    @expose("/rule/edit/", methods=("GET", "POST"))
    def rule_edit(self) -> Page:
        record = self._to_edit()
        return self._edit(record, self._rule(record))

    @expose("/rule/new/", methods=("GET", "POST"))
    def rule_new(self) -> Page:
        return self._edit(self._to_edit(), None)

    def _edit(self, record: Regulation, found: DeadlineRule | None) -> Page:
        key = found.key if found else ""
        work = rule_editor.opened(record, found) or abort(404)
        if request.method == "POST":
            rule_editor.process(work)
        if work.saved is not None:
            flash(
                f"Сохранена версия {work.saved.number} регламента. {'' if work.all_drawn else DAILY}".strip(), "success"
            )
            code = key.rpartition("/")[2] or work.form.code.data
            return redirect(self.get_url(".rule", id=record.id, rule=code))
        return self.render("regulation/rule_form.html", **self._form_context(work)), work.status

    def _form_context(self, work: rule_editor.Editing) -> dict[str, Any]:
        title = f"Правило: {work.rule.title}" if work.rule else "Новое окно года"
        back = (
            self.get_url(".rule", id=work.regulation.id, rule=work.rule.code)
            if work.rule
            else self.get_url(".details_view", id=work.regulation.id)
        )
        return {
            "page_title": title,
            "breadcrumbs": rule_page.trail(work.regulation, title),
            "work": work,
            "form": work.form,
            "errors": work.errors,
            "cancel_url": back,
            "foreseen": rule_editor.shown(work.foreseen) if work.foreseen else None,
            "rule": work.rule,
        }

    # -- Where a rule does not apply -----------------------------------------------------------------------------------

    @expose("/switch-off/", methods=("POST",))
    def switch_off(self) -> Page:
        record = self._to_edit()
        found = self._rule(record)
        form = rule_page.switch_form(found, request.form)
        if form.validate():
            switch = RuleSwitch(rule_key=found.key, agency_id=form.agency_id.data, starts_on=form.starts_on.data)
            switch.reason, switch.created_at, switch.created_by_id = form.reason.data or "", edge.now(), edge.user().id
            db.session.add(switch)
            error = self._kept("Правило в этой организации больше не применяется.", {found.key})
            if error is None:
                return redirect(self.get_url(".rule", id=record.id, rule=found.code))
            form.agency_id.errors = [error]
        record = self.record_or_404()
        context = rule_page.context(record, self._rule(record), may_edit=True, form=form)
        return self.render("regulation/rule.html", **context), 422

    @expose("/switch-on/", methods=("POST",))
    def switch_on(self) -> Page:
        record = self._to_edit()
        found = self._rule(record)
        switch = db.session.get(RuleSwitch, self._number("switch"))
        if switch is None or switch.rule_key != found.key:
            abort(404)
        if switch.agency_id not in {agency.id for agency in rule_page.overseen()}:
            self._refuse()
        db.session.delete(switch)
        self._kept("Правило снова применяется.", {found.key})
        return redirect(self.get_url(".rule", id=record.id, rule=found.code))

    # -- Help ----------------------------------------------------------------------------------------------------------

    def _to_edit(self) -> Regulation:
        record: Regulation = self.record_or_404()
        if not may_edit():
            self._refuse(record.id)
        return record

    def _refuse(self, record_id: int | None = None) -> None:
        edge.log_access(AccessKind.REFUSED, subject="regulation", subject_id=record_id)
        abort(403)

    def _rule(self, record: Regulation) -> DeadlineRule:
        code = request.args.get("rule", "")[:40]
        query = select(DeadlineRule).where(DeadlineRule.regulation_id == record.id, DeadlineRule.code == code)
        found = db.session.scalars(query.order_by(DeadlineRule.version.desc()).limit(1)).first()
        return found or abort(404)

    def _number(self, name: str) -> int:
        text = request.form.get(name, "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0

    def _kept(self, message: str, keys: set[str] | None = None) -> str | None:
        """Draw what changed and commit; the sentence of a refusal, or None."""
        try:
            db.session.flush()
            is_all = rule_editor.drawn(keys) if keys else True
            db.session.commit()
        except IntegrityError as error:
            db.session.rollback()
            return message_for(error)[1]
        totals.forget()
        flash(message if is_all else f"{message} {DAILY}", "success")
        return None


def may_edit() -> bool:
    return edge.user().role in OVERSEERS
