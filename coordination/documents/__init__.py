"""Documents of the record: kept sealed, judged before, shown by the rights of their item."""
