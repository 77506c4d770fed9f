"""Where a document is judged: a confined process, and an antivirus where there is one."""
