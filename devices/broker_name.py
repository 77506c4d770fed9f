"""Names at the broker that nobody else can guess. Pure.

A broker gives a session to whoever connects with its client id, under any credential, and a share
of a group's messages to whoever knows the group's name. So both follow from a password that only
their owner has: stable, without anything to keep.
"""

import hashlib
import hmac


def private_name(name: str, password: str) -> str:
    """Return `name` with 16 hexadecimal digits (64 bits) that only the password gives."""
    digest = hmac.new(password.encode(), name.encode(), hashlib.sha256).hexdigest()
    return f"{name}-{digest[:16]}"
