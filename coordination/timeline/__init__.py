"""The timeline of a record (synthèse temporelle), from all that rooms tell of it."""
