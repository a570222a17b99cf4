"""Structured logs, one JSON object a line, without personal data: no query string, no form, no local variable."""

import json
import logging
import re
from datetime import UTC, datetime

_ORDINAIRES = frozenset(vars(logging.LogRecord("", 0, "", 0, "", None, None))) | {
    "message",
    "asctime",
    "taskName",
}
_INTERDITS = frozenset({"request", "response", "data", "args"})
# A long segment of an address that is no identifier opens something by itself: an invitation, a calendar, a password.
_SECRET = re.compile(r"(?<=/)(?![0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b)[\w.:=-]{32,}")


class Formateur(logging.Formatter):
    """Time, level, logger, event, and the `extra` fields; of an exception, its type and place only."""

    def format(self, record: logging.LogRecord) -> str:
        ligne: dict[str, object] = {
            "le": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "niveau": record.levelname,
            "source": record.name,
            "evenement": _SECRET.sub("…", record.getMessage().split("?")[0][:300]),
        }
        for nom, valeur in vars(record).items():
            if nom not in _ORDINAIRES and nom not in _INTERDITS and isinstance(valeur, str | int | float | bool):
                ligne[nom] = valeur
        if record.exc_info and record.exc_info[0] is not None:
            ligne["exception"] = record.exc_info[0].__name__
            trace = record.exc_info[2]
            while trace is not None and trace.tb_next is not None:
                trace = trace.tb_next
            if trace is not None:
                ligne["lieu"] = f"{trace.tb_frame.f_code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno}"
        return json.dumps(ligne, ensure_ascii=False)


def formateur() -> Formateur:
    """Factory for `LOGGING`."""
    return Formateur()
