"""Repeatable facts as child rows inside the form of their record."""

from typing import Any

from flask_admin.model.form import InlineFormAdmin


class ChildRows(InlineFormAdmin):
    """Rows of a child table, edited inline under the relationship's name."""

    def __init__(
        self, model: type[Any], name: str, label: str, columns: tuple[str, ...], add: str = "Добавить"
    ) -> None:
        self.name = name
        self.columns = columns
        self.add_label = add
        super().__init__(model, form_columns=("id", *columns), form_label=label)
