"""What stands on the device: every store that a page of the site may write to, read from a page."""

import json
from typing import Any

from playwright.sync_api import Page

LIRE = """async () => {
  const lu = { bases: {}, caches: {}, local: { ...localStorage }, session: { ...sessionStorage } };
  const brut = (v) => v instanceof Uint8Array || v instanceof ArrayBuffer ? [...new Uint8Array(v)]
    : Array.isArray(v) ? v.map(brut)
    : v && typeof v === "object" ? Object.fromEntries(Object.entries(v).map(([k, w]) => [k, brut(w)])) : v;
  for (const { name } of await indexedDB.databases()) {
    const base = await new Promise((oui, non) => {
      const r = indexedDB.open(name);
      r.onsuccess = () => oui(r.result);
      r.onerror = () => non(r.error);
    });
    lu.bases[name] = {};
    for (const magasin of base.objectStoreNames) {
      const tout = base.transaction(magasin).objectStore(magasin).getAll();
      await new Promise((oui) => { tout.onsuccess = oui; });
      lu.bases[name][magasin] = tout.result.map(brut);
    }
    base.close();
  }
  for (const nom of await caches.keys()) {
    const cache = await caches.open(nom);
    lu.caches[nom] = {};
    for (const requete of await cache.keys()) {
      lu.caches[nom][new URL(requete.url).pathname] = await (await cache.match(requete)).text();
    }
  }
  return lu;
}"""


def contenu(page: Page) -> dict[str, Any]:
    """IndexedDB, Cache Storage, local and session storage of this page's site."""
    lu: dict[str, Any] = page.evaluate(LIRE)
    return lu


def en_attente(page: Page) -> list[dict[str, Any]]:
    """The entries of the queue."""
    lues: list[dict[str, Any]] = contenu(page)["bases"].get("palier", {}).get("attente", [])
    return lues


def lisible(lu: dict[str, Any]) -> str:
    """Everything as one text: what is text, and what bytes would say as UTF-8, UTF-16 or Latin-1."""
    morceaux = [json.dumps({k: v for k, v in lu.items() if k != "bases"}, ensure_ascii=False)]
    a_voir: list[Any] = [lu["bases"]]
    while a_voir:
        v = a_voir.pop()
        if isinstance(v, dict):
            morceaux += map(str, v)
            a_voir += v.values()
        elif isinstance(v, list) and v and all(isinstance(o, int) and 0 <= o < 256 for o in v):
            morceaux += [bytes(v).decode(c, "replace") for c in ("utf-8", "utf-16-le", "utf-16-be", "latin-1")]
        elif isinstance(v, list):
            a_voir += v
        else:
            morceaux.append(str(v))
    return "\n".join(morceaux)


def reessayer(page: Page) -> None:
    """The next try of what waits, now; the page may have made it by itself, then its button is gone."""
    page.evaluate("dispatchEvent(new Event('online'))")
