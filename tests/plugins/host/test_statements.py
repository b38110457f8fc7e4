"""ctx.db runs statements on the plugin's own tables and refuses all others."""

import pytest

from plugins_app.host.tables.statements import own_statement
from plugins_app.sdk import PluginError

OWN = frozenset({"plugin_p_cache", "plugin_p_log"})

ALLOWED = [
    ("SELECT * FROM plugin_p_cache", "SELECT * FROM plugin_p_cache"),
    ("select key from PLUGIN_P_CACHE where id = %s", None),
    ('SELECT c.key FROM "plugin_p_cache" AS c JOIN plugin_p_log AS l ON l.id = c.id', None),
    ("INSERT INTO plugin_p_cache (key) VALUES (%s) ON CONFLICT (key) DO NOTHING", None),
    ("INSERT INTO plugin_p_log (key) SELECT key FROM plugin_p_cache RETURNING id", None),
    ("UPDATE plugin_p_cache SET value = %s, updated_at = now() WHERE key = %s", None),
    ("DELETE FROM plugin_p_cache WHERE created_at < now() - INTERVAL '1 day'", None),
    ("WITH old AS (SELECT id FROM plugin_p_cache) SELECT count(*) FROM old", None),
    ("SELECT id FROM plugin_p_cache UNION ALL SELECT id FROM plugin_p_log", None),
    ("SELECT id FROM plugin_p_cache WHERE key = ANY(%s) FOR UPDATE SKIP LOCKED", None),
    ("SELECT gen_random_uuid(), coalesce(max(id::text), '') FROM plugin_p_cache", None),
    ("SELECT 1", "SELECT 1"),
]


@pytest.mark.parametrize(("text", "rendered"), ALLOWED)
def test_own_tables_are_allowed(text, rendered):
    result = own_statement(text, OWN)
    assert result.count("%s") == text.count("%s")
    if rendered is not None:
        assert result == rendered


REFUSED = [
    ("SELECT * FROM accounts_user", "The table accounts_user does not belong to this plugin."),
    ("SELECT * FROM public.plugin_p_cache", "The table plugin_p_cache does not belong to this"),
    ('SELECT * FROM "PLUGIN_P_CACHE"', "The table PLUGIN_P_CACHE does not belong to this plugin."),
    ("SELECT * FROM plugin_q_cache", "The table plugin_q_cache does not belong to this plugin."),
    ("SELECT (SELECT password FROM accounts_user LIMIT 1) FROM plugin_p_cache", "The table acco"),
    ("DELETE FROM plugin_p_cache USING accounts_user", "The table accounts_user does not belong"),
    ("UPDATE plugin_p_cache SET key = u.email FROM accounts_user AS u", "The table accounts_user"),
    ("INSERT INTO plugin_p_cache (key) SELECT email FROM accounts_user", "The table accounts_user"),
    (
        "WITH accounts_user AS (SELECT 1) SELECT * FROM (SELECT * FROM other) AS x",
        "The table other does not belong to this plugin.",
    ),
    (
        "SELECT * FROM (WITH u AS (SELECT 1) SELECT * FROM u) AS x, u",
        "The table u does not belong to this plugin.",
    ),
    ("WITH gone AS (DELETE FROM accounts_user RETURNING id) SELECT * FROM gone", "The table gone"),
    ("SELECT * INTO stolen FROM plugin_p_cache", "INTO is not allowed here."),
    ("SELECT * FROM pg_read_file('/etc/passwd')", "The function pg_read_file is not allowed"),
    ("SELECT pg_read_file('/etc/passwd')", "The function pg_read_file is not allowed here."),
    ("SELECT query_to_xml('select 1', true, true, '')", "The function query_to_xml is not allow"),
    ("SELECT set_config('role', 'x', false)", "The function set_config is not allowed here."),
    ("DROP TABLE plugin_p_cache", "Only SELECT, INSERT, UPDATE and DELETE are allowed."),
    ("CREATE TABLE x (id int)", "Only SELECT, INSERT, UPDATE and DELETE are allowed."),
    ("TRUNCATE plugin_p_cache", "Only SELECT, INSERT, UPDATE and DELETE are allowed."),
    ("SET ROLE atlas_owner", "Only SELECT, INSERT, UPDATE and DELETE are allowed."),
    ("COPY plugin_p_cache TO '/tmp/x'", "Only SELECT, INSERT, UPDATE and DELETE are allowed."),
    ("GRANT ALL ON plugin_p_cache TO public", "Only SELECT, INSERT, UPDATE and DELETE are allow"),
    ("SELECT 1; SELECT 2", "Exactly one statement is allowed."),
    ("", "Exactly one statement is allowed."),
    ("SELEC key FRM 'canary", "The statement could not be parsed as PostgreSQL."),
    ("SELECT 1 " + " " * 100_000, "A statement may have at most 100000 characters."),
]


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=[text[:50] for text, _ in REFUSED])
def test_everything_else_is_refused(text, message):
    with pytest.raises(PluginError) as caught:
        own_statement(text, OWN)
    assert str(caught.value).startswith(message)
