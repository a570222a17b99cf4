// What is typed without network waits on this device, encrypted, for 24 hours at most.
//
// The device only keeps the public half of a key that the server made for the session: it shuts (an ephemeral ECDH
// key on P-256, HKDF, then AES-GCM), and nothing on the device opens. The private half comes back to a page of the
// same person, in memory. What stands at rest: identifiers, dates, and bytes padded to whole kilobytes.

const BASE = "palier";
const JOUR = 24 * 3600 * 1000;
const VERROU_NEUF = 3600 * 1000; // a lock is asked for again after an hour
const BLOC = 1024;
const MARQUE = "palier.marque"; // whose device it is, as a mark that names nobody
export const NOUVELLE = "palier.nouvelle"; // of this tab: which new fiche it writes without network, a key that says nothing
const NOMBRE = "palier.attente"; // how many texts wait: read at each page, without opening the base

const octets = (texte) => Uint8Array.from(atob(texte), (lettre) => lettre.charCodeAt(0));
const texteDe = (entree) => new TextEncoder().encode(entree);

// Storage may be refused (private window, quota): then nothing is kept, and the page says so.
export function lire(cle) {
  try {
    return localStorage.getItem(cle);
  } catch {
    return null;
  }
}

function ecrire(cle, valeur) {
  try {
    if (valeur === null) localStorage.removeItem(cle);
    else localStorage.setItem(cle, valeur);
  } catch {
    // The count is a hint only.
  }
}

// Entries of the page that is open here: it sends them itself, nobody else of this page does.
export const tenues = new Set();

export const enAttente = () => Number(lire(NOMBRE) ?? 0);
export const marqueConnue = () => lire(MARQUE);

function promesse(requete) {
  return new Promise((tenir, manquer) => {
    requete.onsuccess = () => tenir(requete.result);
    requete.onerror = () => manquer(requete.error);
  });
}

async function magasin(nom, mode, geste) {
  const demande = indexedDB.open(BASE, 1);
  demande.onupgradeneeded = () => {
    demande.result.createObjectStore("attente", { keyPath: "id" });
    demande.result.createObjectStore("verrou");
  };
  const base = await promesse(demande);
  try {
    const passage = base.transaction(nom, mode);
    const fini = new Promise((tenir, manquer) => {
      passage.oncomplete = tenir;
      passage.onabort = () => manquer(passage.error);
    });
    const resultat = await promesse(geste(passage.objectStore(nom)));
    await fini;
    return resultat;
  } finally {
    base.close();
  }
}

async function compter() {
  ecrire(NOMBRE, String(await magasin("attente", "readonly", (m) => m.count())));
}

// --- The lock: the public half, the server's clock, and whose it is -------------------------------------------------

export const lireVerrou = () => magasin("verrou", "readonly", (m) => m.get("courant"));

export const maintenant = (verrou) => Date.now() + (verrou?.decalage ?? 0);

export async function verrouUtilisable() {
  const verrou = await lireVerrou();
  return verrou && maintenant(verrou) < verrou.expire ? verrou : null;
}

// `session`: the dataset of [data-session]. Answers the private halves of `ids`; keeps the lock when one is given.
export async function demander(session, ids, avecVerrou) {
  const corps = new URLSearchParams({ csrfmiddlewaretoken: session.jeton });
  for (const id of new Set(ids)) corps.append("id", id);
  if (avecVerrou) corps.append("verrou", "1");
  const reponse = await fetch(session.cles, { method: "POST", body: corps, headers: { Accept: "application/json" } });
  if (!reponse.ok || reponse.redirected) throw new Error(`${reponse.status}`);
  const lue = await reponse.json();
  const decalage = lue.maintenant - Date.now();
  if (lue.verrou) {
    const verrou = { ...lue.verrou, decalage, recu: lue.maintenant };
    Object.assign(verrou, { marque: session.marque, organisation: session.organisation });
    await magasin("verrou", "readwrite", (m) => m.put(verrou, "courant"));
    ecrire(MARQUE, session.marque);
  }
  return { cles: lue.cles, maintenant: lue.maintenant };
}

// Everything that asks for the device does it one after the other: what is somebody else's goes before a lock is taken.
let accueil = Promise.resolve();

export function accueillir(session, avecVerrou) {
  accueil = accueil.catch(() => undefined).then(() => recevoir(session, avecVerrou));
  return accueil;
}

// A lock of less than an hour is good enough: a page does not cost a request each time.
async function recevoir(session, avecVerrou) {
  if (!avecVerrou && !marqueConnue()) return null;
  const connu = await lireVerrou();
  const autrui = [marqueConnue(), connu?.marque].some((marque) => marque && marque !== session.marque);
  if (autrui) await vider();
  if (!avecVerrou) return null;
  const bon = connu && !autrui && maintenant(connu) < connu.recu + VERROU_NEUF;
  if (!bon) await demander(session, [], true);
  else if (connu.organisation !== session.organisation) {
    await magasin("verrou", "readwrite", (m) => m.put({ ...connu, organisation: session.organisation }, "courant"));
  }
  return lireVerrou();
}

// --- Shut and open --------------------------------------------------------------------------------------------------

const liees = (e) => texteDe([e.id, e.lot, e.cle, e.marque, e.cree, e.expire].join("|"));

async function cleDe(privee, publique, ephemere, cle) {
  const secret = await crypto.subtle.deriveBits({ name: "ECDH", public: publique }, privee, 256);
  const racine = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const sel = { name: "HKDF", hash: "SHA-256", salt: ephemere, info: texteDe(`palier/file/1|${cle}`) };
  return crypto.subtle.deriveKey(sel, racine, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

const COURBE = { name: "ECDH", namedCurve: "P-256" };

// Keeps `contenu` under `id`, over what this id kept before; `lot` groups the entries of one new fiche, and `marque` is
// who writes (a page without anybody writes for whoever the lock belongs to). Answers until when, or null.
export async function garder({ id, lot = id, marque }, contenu) {
  try {
    const verrou = await verrouUtilisable();
    if (!verrou || (marque && marque !== verrou.marque)) return null;
    const cree = maintenant(verrou);
    const expire = Math.min(cree + JOUR, verrou.expire);
    const entree = { id, lot, cle: verrou.id, marque: verrou.marque, cree, expire };
    const paire = await crypto.subtle.generateKey(COURBE, true, ["deriveBits"]);
    entree.ephemere = new Uint8Array(await crypto.subtle.exportKey("raw", paire.publicKey));
    entree.iv = crypto.getRandomValues(new Uint8Array(12));
    const publique = await crypto.subtle.importKey("raw", octets(verrou.publique), COURBE, false, []);
    const cle = await cleDe(paire.privateKey, publique, entree.ephemere, entree.cle);
    const clair = texteDe(JSON.stringify({ organisation: verrou.organisation, ...contenu }));
    const rempli = new Uint8Array(Math.ceil(clair.length / BLOC) * BLOC).fill(32); // JSON ignores the spaces
    rempli.set(clair);
    const facon = { name: "AES-GCM", iv: entree.iv, additionalData: liees(entree) };
    entree.scelle = new Uint8Array(await crypto.subtle.encrypt(facon, cle, rempli));
    await magasin("attente", "readwrite", (m) => m.put(entree));
    await compter();
    return entree.expire - verrou.decalage;
  } catch {
    return null;
  }
}

// What an entry says, opened with its private half (PKCS 8, base64). Throws when it was changed or moved.
export async function ouvrir(entree, privee) {
  const cle = await crypto.subtle.importKey("pkcs8", octets(privee), COURBE, false, ["deriveBits"]);
  const ephemere = await crypto.subtle.importKey("raw", entree.ephemere, COURBE, false, []);
  const facon = { name: "AES-GCM", iv: entree.iv, additionalData: liees(entree) };
  const aes = await cleDe(cle, ephemere, entree.ephemere, entree.cle);
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(facon, aes, entree.scelle)));
}

// --- The queue ------------------------------------------------------------------------------------------------------

export async function attendent() {
  const entrees = await magasin("attente", "readonly", (m) => m.getAll());
  return entrees.sort((a, b) => a.cree - b.cree);
}

export async function retirer(id) {
  await magasin("attente", "readwrite", (m) => m.delete(id));
  await compter();
}

// Nothing of anybody is left: sign-out, or somebody else's sign-in.
export async function vider() {
  ecrire(NOMBRE, null);
  ecrire(MARQUE, null);
  sessionStorage.removeItem(NOUVELLE);
  await magasin("attente", "readwrite", (m) => m.clear());
  await magasin("verrou", "readwrite", (m) => m.clear());
}
