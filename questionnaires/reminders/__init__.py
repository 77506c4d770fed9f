"""Reminding of a task: a notification, then an SMS or a mail, then the call list of the desk."""
