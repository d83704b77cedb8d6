"""Every field of a personal file and of an attachment has a Russian name."""

import re

import pytest

from models import Model
from models.files import Attachment, PersonalFile
from views.captions import caption, table_title


@pytest.mark.parametrize("model", [Attachment, PersonalFile], ids=lambda model: model.__tablename__)
def test_every_field_has_a_russian_caption(model: type[Model]) -> None:
    kept = {"id", *model.__unaudited__}
    names = [column.key for column in model.__mapper__.column_attrs if column.key not in kept]
    assert [name for name in names if not re.match("[А-ЯЁ]|№", caption(model.__tablename__, name)[0])] == []
    assert re.match("[А-ЯЁ]", table_title(model.__tablename__))
