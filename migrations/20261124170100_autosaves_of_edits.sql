-- The form of an edit that waits has text on its way of its own, which never mixes with that of the article: its rows
-- name the article and carry this key.

alter table autosaves
    drop constraint autosaves_check,
    add constraint autosaves_check check ((article_id is null) <> (draft_key is null)
                                          or (draft_key = 'scheduled-edit' and became is null));
