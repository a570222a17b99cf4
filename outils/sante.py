#!/usr/bin/env python3
"""Health of the web container: exits 0 when /sante/ answers 200 on the local port, 1 otherwise.

It asks as the reverse proxy does: an allowed host name, and the header that says the visit was in HTTPS.
"""

from __future__ import annotations

import http.client
import os
import sys


def main() -> int:
    hote = os.environ.get("PALIER_HOTES", "localhost").split(",")[0].strip()
    lien = http.client.HTTPConnection("127.0.0.1", 8000, timeout=8)
    try:
        lien.request("GET", "/sante/", headers={"Host": hote, "X-Forwarded-Proto": "https"})
        statut = lien.getresponse().status
    except OSError as erreur:
        print(f"/sante/ ne répond pas : {erreur}", file=sys.stderr)
        return 1
    finally:
        lien.close()
    print(f"/sante/ : {statut}")
    return 0 if statut == http.client.OK else 1


if __name__ == "__main__":
    sys.exit(main())
