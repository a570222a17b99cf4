"""Primary keys made before the insert: the encryption of a row needs its identity."""

import os
import time
import uuid


def uuid7() -> uuid.UUID:
    """A UUIDv7 (RFC 9562): 48 bits of milliseconds, then random bits. Known before the row is inserted."""
    alea = int.from_bytes(os.urandom(10))
    n = (int(time.time() * 1000) & ((1 << 48) - 1)) << 80 | alea & ((1 << 80) - 1)
    n = n & ~(0xF << 76) | 7 << 76
    n = n & ~(3 << 62) | 2 << 62
    return uuid.UUID(int=n)
