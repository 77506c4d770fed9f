"""The life of accounts and posts: invited, suspended, ended, replaced for some time."""
