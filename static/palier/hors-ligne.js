// The page of the worker: what is written without network is kept encrypted (file.js), for the draft that the address
// names, otherwise for a new one. Nothing is read back here: the key that opens is on the server.

import { instantane } from "./enregistrement.js";
import { attendent, garder, lireVerrou, maintenant, NOUVELLE, retirer, verrouUtilisable } from "./file.js";

const PAUSE = 800; // ms after the last key
const FICHE = /^\/fiches\/([0-9a-f-]{36})\//.exec(location.pathname)?.[1] ?? null;
const un = (nom) => document.querySelector(`[data-hl-${nom}]`);

const moment = (instant) => {
  const date = new Date(instant);
  const heure = `${date.getHours()}\u00a0h\u00a0${String(date.getMinutes()).padStart(2, "0")}`;
  const jour = date.toDateString() === new Date().toDateString() ? "aujourd’hui" : "demain";
  return `${jour} à ${heure}`;
};

let pk = crypto.randomUUID?.();
let lot = pk; // the new fiche that this tab writes: what was kept before a reload and what comes after are one fiche
let minuteur;

const formulaires = [...document.querySelectorAll("form[data-hl-form]")];

// Only what was answered: an empty field of this page says nothing about the draft.
function dits() {
  const champs = Object.assign({}, ...formulaires.map(instantane));
  return Object.fromEntries(Object.entries(champs).filter(([, valeur]) => valeur.length > 0));
}

function dire(nom, texte = "") {
  for (const etat of document.querySelectorAll("[data-hl-etat]")) etat.hidden = etat.dataset.hlEtat !== nom;
  if (texte) un("jusque").textContent = texte;
}

// Answers whether nothing typed would be lost if the page went now.
async function enregistrer() {
  clearTimeout(minuteur);
  const champs = dits();
  if (Object.keys(champs).length === 0) {
    await retirer(pk);
    dire("");
    return true;
  }
  sessionStorage.setItem(NOUVELLE, lot);
  const contenu = { cle: crypto.randomUUID(), fiche: FICHE, nouvelle: lot, etape: "relire", champs, avant: {} };
  const jusque = await garder({ id: pk, lot }, contenu);
  dire(jusque ? "garde" : "perdu", jusque ? moment(jusque) : "");
  un("autre").hidden = !jusque || FICHE !== null;
  return Boolean(jusque);
}

function changer(evenement) {
  clearTimeout(minuteur);
  minuteur = setTimeout(enregistrer, evenement.target.matches("textarea, [type=text], [type=tel]") ? PAUSE : 0);
}

// Another situation: this one stays in the queue, the page is blank again. Nothing can be typed while it is being
// kept, since the blank page would wipe it; what could not be kept stays on the page.
async function recommencer() {
  un("ouvert").inert = true;
  const garde = await enregistrer().catch(() => false);
  un("ouvert").inert = false;
  if (!garde) {
    formulaires[0].querySelector("input").focus(); // the button that had it is gone: one writes on
    return;
  }
  pk = lot = crypto.randomUUID();
  for (const formulaire of formulaires) formulaire.reset();
  un("autre").hidden = un("suite").hidden = true;
  un("nouvelle").hidden = false;
  dire("");
  scrollTo(0, 0);
  formulaires[0].querySelector("input").focus();
}

async function commencer() {
  const verrou = await lireVerrou();
  const attentes = (await attendent()).filter((e) => e.expire > maintenant(verrou));
  if (attentes.length > 0) {
    un("attend").hidden = false;
    un("depuis").textContent = moment(attentes[0].cree - (verrou?.decalage ?? 0)).replace("demain", "hier");
  }
  const commencee = sessionStorage.getItem(NOUVELLE);
  const suite = FICHE !== null || attentes.some((e) => e.lot === commencee);
  if (FICHE === null && suite) lot = commencee;
  const ouvert = (await verrouUtilisable()) !== null;
  un("ferme").hidden = ouvert;
  un("ouvert").hidden = !ouvert;
  un("suite").hidden = !suite;
  un("nouvelle").hidden = suite;
  un("autre").hidden = !suite || FICHE !== null;
}

un("parti").hidden = document.querySelector("main").dataset.hlEnvoi !== "1";
for (const lien of document.querySelectorAll("[data-hl-reessayer]")) {
  lien.href = FICHE ? location.pathname : "/signalements/";
}
for (const formulaire of formulaires) {
  formulaire.addEventListener("submit", (e) => e.preventDefault());
  formulaire.addEventListener("input", changer);
  formulaire.addEventListener("change", changer);
}
un("autre").querySelector("button").addEventListener("click", recommencer);
document.addEventListener("visibilitychange", () => document.hidden && enregistrer());
window.addEventListener("online", () => {
  un("revenu").hidden = false;
});
if (window.crypto?.subtle && window.indexedDB) commencer().catch(() => undefined);
