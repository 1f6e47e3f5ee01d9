"""The ledger's own guards: every statement leaves every entry balanced, and nothing is ever changed."""

from django.db import migrations

BALANCE = """
CREATE FUNCTION ledger_refuse_imbalance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM added GROUP BY tenant_id, entry_id HAVING sum(amount) <> 0) THEN
        RAISE EXCEPTION 'The lines of a ledger entry must add up to zero.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_line_balance AFTER INSERT ON ledger_line
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_imbalance();
"""

FROZEN = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is append-only: book a reversing entry.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_entry_frozen BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_line_frozen BEFORE UPDATE OR DELETE ON ledger_line
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(
            BALANCE,
            "DROP TRIGGER ledger_line_balance ON ledger_line; DROP FUNCTION ledger_refuse_imbalance();",
        ),
        migrations.RunSQL(
            FROZEN,
            "DROP TRIGGER ledger_entry_frozen ON ledger_entry;"
            "DROP TRIGGER ledger_line_frozen ON ledger_line; DROP FUNCTION ledger_refuse_change();",
        ),
    ]
