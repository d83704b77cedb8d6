"""Reports that are handed in: what is due, drafts, what was sent and received, and what two of them say differently."""

from flask import Flask

from views.submissions import actions, control, discrepancies, lists, page


def init_app(app: Flask) -> None:
    """Add the pages of this part; `actions` and `page` stand on the blueprint of `lists`."""
    assert actions.pages is lists.pages
    assert page.pages is lists.pages
    assert control.pages is lists.pages
    app.register_blueprint(lists.pages)
    app.register_blueprint(discrepancies.pages)
