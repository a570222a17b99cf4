// The service worker, served at the root of the site behind VERSION, PAGE and FICHIERS (signalements/views/hors_ligne).
// It keeps an explicit list: one blank page without anybody's data, and what that page is made of. Every page and
// every form goes to the network; only when that fails does the blank page answer. Nothing else is ever stored.

/* global VERSION, PAGE, FICHIERS */

const CACHE = `palier-${VERSION}`;
const DEHORS = { credentials: "omit" }; // as nobody: what is kept cannot be somebody's

async function garder() {
  const cache = await caches.open(CACHE);
  await cache.addAll([new Request(PAGE, { ...DEHORS, cache: "reload" }), ...FICHIERS.map((f) => new Request(f, DEHORS))]);
}

async function faireLeMenage() {
  for (const nom of await caches.keys()) if (nom.startsWith("palier-") && nom !== CACHE) await caches.delete(nom);
}

// Texts whose 24 hours have passed go even if nobody signs in again, by the server's clock as far as it is known.
function oublierLesExpires() {
  return new Promise((fini) => {
    const demande = indexedDB.open("palier", 1);
    demande.onupgradeneeded = () => demande.transaction.abort(); // there is no queue: none is made here
    demande.onerror = fini;
    demande.onsuccess = () => {
      const base = demande.result;
      const passage = base.transaction(["attente", "verrou"], "readwrite");
      const verrou = passage.objectStore("verrou").get("courant");
      verrou.onsuccess = () => {
        const maintenant = Date.now() + (verrou.result?.decalage ?? 0);
        const curseur = passage.objectStore("attente").openCursor();
        curseur.onsuccess = () => {
          if (!curseur.result) return;
          if (curseur.result.value.expire <= maintenant) curseur.result.delete();
          curseur.result.continue();
        };
      };
      passage.oncomplete = passage.onabort = () => {
        base.close();
        fini();
      };
    };
  });
}

const depuisLeCache = async (adresse) => (await (await caches.open(CACHE)).match(adresse)) ?? Response.error();

// What was being sent may have arrived, or not: the blank page then says so.
async function pageBlanche(request) {
  const page = await depuisLeCache(PAGE);
  if (request.method !== "POST" || !page.ok) return page;
  const entetes = new Headers(page.headers);
  for (const nom of ["Content-Encoding", "Content-Length"]) entetes.delete(nom);
  return new Response((await page.text()).replace('data-hl-envoi="0"', 'data-hl-envoi="1"'), { headers: entetes });
}

self.addEventListener("install", (evenement) => {
  self.skipWaiting();
  evenement.waitUntil(garder());
});

self.addEventListener("activate", (evenement) => {
  evenement.waitUntil(faireLeMenage().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (evenement) => {
  const { request } = evenement;
  const adresse = new URL(request.url);
  if (adresse.origin !== location.origin) return;
  if (request.mode === "navigate") {
    // A form with files is left to the browser: its body may be large.
    if (request.headers.get("Content-Type")?.startsWith("multipart/")) return;
    evenement.respondWith(fetch(request).catch(() => pageBlanche(request)));
    evenement.waitUntil(oublierLesExpires());
  } else if (request.method === "GET" && FICHIERS.includes(adresse.pathname)) {
    evenement.respondWith(fetch(request).catch(() => depuisLeCache(adresse.pathname)));
  }
});
