"""The kernel: vocabulary, ids, access, clock, settings, database doors, migrations, audit."""
