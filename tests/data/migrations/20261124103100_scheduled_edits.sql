insert into scheduled_edits (article_id, effective_at, based_on, held, content, kicker, headline, standfirst, body_html,
                             words, byline, dateline, language, picture_id, picture_alt, picture_caption,
                             picture_credit, place_id, comments_open, why, correction, user_id, author) values
    (1, now() + interval '2 hours', 2, false, '{"headline": "The harbour is open"}', '', 'The harbour is open', '', '', 0,
     '', '', 'en', 1, 'A harbour', '', '', 1, true, 'The opening', '', 2, 'Ben Adeyemi');
