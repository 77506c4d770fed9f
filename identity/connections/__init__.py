"""My own connections: where I am signed in, and signing out there."""
