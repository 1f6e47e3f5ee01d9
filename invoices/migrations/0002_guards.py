"""Issued is frozen (X1): not even the owner of the tables changes a charge, a document or its file."""

from django.db import migrations

TABLES = (
    "invoices_charge",
    "invoices_document",
    "invoices_documentline",
    "invoices_documenttax",
    "invoices_documentfile",
)
FUNCTION = """
CREATE FUNCTION invoices_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is frozen: issue a reversing or corrected document.', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""


def _trigger(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION invoices_refuse_change();",
        f"DROP TRIGGER {table}_frozen ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("invoices", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION invoices_refuse_change();"),
        *[_trigger(table) for table in TABLES],
    ]
