"""Reports that are handed in: what is due, drafts, what was sent and received, and what two of them say differently."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Add the pages of this part: those of submissions stand on one blueprint, each module adds its own."""
    from views.submissions import actions, control, discrepancies, lists, page

    for module in (actions, control, page):
        assert module.pages is lists.pages
    app.register_blueprint(lists.pages)
    app.register_blueprint(discrepancies.pages)
