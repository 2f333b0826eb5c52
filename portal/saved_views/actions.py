"""Saving and deleting views."""

from __future__ import annotations

from models import SavedView
from portal.deeds import Deed
from portal.refusals import refuse_if
from portal.saved_views.queries import own_views
from portal.saved_views.rules import PAGES, Draft, refusals_for_view
from portal.standards.names import stored_name


def save_view(deed: Deed, draft: Draft, *, replace: bool = False) -> SavedView:
    """Keep a view, in the place of one of the same name if ``replace`` says so."""
    draft = draft._replace(name=stored_name(draft.name))
    page = PAGES.get(draft.page)
    actor, session = deed.actor, deed.session
    known = {
        stored_name(view.name): view for view in own_views(session, actor.account_id, draft.page)
    }
    refuse_if(
        refusals_for_view(
            draft,
            may_open=page is not None and actor.holds(page.permission),
            own_roles=actor.roles,
            others=len(known.keys() - {draft.name}),
            is_taken=draft.name in known,
            replace=replace,
        )
    )
    assert actor.account_id is not None  # views are saved on pages, by who is signed in
    view = known.get(draft.name) or SavedView(
        account_id=actor.account_id, page=draft.page, name=draft.name
    )
    view.query = draft.query
    view.shared_with = draft.shared_with
    view.created_at = deed.now
    session.add(view)
    session.flush()
    deed.record(
        "saved_view.saved",
        f"saved_view:{view.id}",
        page=draft.page,
        name=view.name,
        filters=view.query,
        shared_with=view.shared_with.value if view.shared_with else None,
    )
    return view


def delete_view(deed: Deed, view: SavedView) -> None:
    """Delete a view; with it goes what was shared of it."""
    deed.record("saved_view.deleted", f"saved_view:{view.id}", page=view.page, name=view.name)
    deed.session.delete(view)
    deed.session.flush()
