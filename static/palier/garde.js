// The free-text guard while one types: under each field that has [data-garde], what to rephrase, before sending.
// Read on the page itself, with the list of the server: nothing is sent, and it works without network. A hint only.

import { Garde } from "./garde-lecture.js";

const PAUSE = 700; // ms after the last key
let garde;

// The list comes once, when a guarded field is first used; without it the server alone reads.
function charger(adresse) {
  garde ??= fetch(adresse).then((reponse) => (reponse.ok ? reponse.json() : Promise.reject(reponse.status))).then((liste) => new Garde(liste));
  garde.catch(() => {
    garde = undefined;
  });
  return garde;
}

const noms = (champ, nom) => (champ.dataset[nom] ?? "").split("|").filter(Boolean);

// A sentence is quoted once, whatever there is to rephrase in it.
function ligne(vue, rang, vues) {
  const phrase = Object.assign(document.createElement("p"), { className: "pa-garde__phrase" });
  phrase.textContent = `«\u00a0${vue.phrase}\u00a0»`;
  const pourquoi = document.createElement("p");
  pourquoi.append(Object.assign(document.createElement("strong"), { textContent: vue.mot }), `\u00a0: ${vue.raison} ${vue.conseil}`);
  const li = document.createElement("li");
  if (vues[rang - 1]?.phrase !== vue.phrase) li.append(phrase);
  li.append(pourquoi);
  return li;
}

// What the server already shows under the field: sentences that are still there stay, with their box.
function relire(note, vues) {
  if (!note) return new Set();
  const phrases = new Set(vues.map((vue) => `«\u00a0${vue.phrase}\u00a0»`));
  const lignes = [...note.querySelectorAll("li")];
  for (const li of lignes) li.hidden = !phrases.has(li.querySelector(".pa-garde__phrase").textContent);
  note.hidden = lignes.every((li) => li.hidden);
  return new Set(lignes.map((li) => li.querySelector(".pa-garde__phrase").textContent));
}

function montrer(champ, suite, vues) {
  const dites = relire(document.getElementById(`${champ.id}_garde`), vues);
  const nouvelles = vues.filter((vue) => !dites.has(`«\u00a0${vue.phrase}\u00a0»`));
  const place = suite.querySelector("[data-garde-phrases]");
  const avant = place.textContent;
  const liste = document.createElement("ul");
  liste.append(...nouvelles.map(ligne));
  place.replaceChildren(...(nouvelles.length ? [liste] : []));
  suite.hidden = nouvelles.length === 0;
  // Spoken once, when there is something new to rephrase.
  if (nouvelles.length && place.textContent !== avant) suite.querySelector("[data-garde-annonce]").textContent = suite.dataset.annonce;
  if (!nouvelles.length) suite.querySelector("[data-garde-annonce]").textContent = "";
}

function preparer(champ) {
  const suite = document.querySelector(`[data-garde-de="${CSS.escape(champ.id)}"]`);
  if (!suite || champ.dataset.garde === "prete") return;
  const options = {
    personne: noms(champ, "gardePersonne"),
    noms: noms(champ, "gardeNoms"),
    nom: champ.dataset.garde === "nom",
  };
  champ.dataset.garde = "prete";
  let minuteur;
  const lire = () =>
    charger(suite.dataset.liste)
      .then((lecteur) => montrer(champ, suite, lecteur.lire(champ.value, options)))
      .catch(() => {});
  champ.addEventListener("focus", () => charger(suite.dataset.liste).catch(() => {}), { once: true });
  champ.addEventListener("input", () => {
    clearTimeout(minuteur);
    minuteur = setTimeout(lire, PAUSE);
  });
  champ.addEventListener("change", lire);
}

const tout = (racine) => racine.querySelectorAll("[data-garde]").forEach(preparer);
tout(document);
// A panel that htmx brings has its own fields.
document.addEventListener("htmx:afterSwap", (evenement) => tout(evenement.target));
