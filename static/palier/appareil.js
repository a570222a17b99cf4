// On every page of somebody who signed in: what this device keeps is this person's, or it is wiped; what waited for
// the network goes back to the server; signing out with something waiting is said first. On the phone of those who
// report, the device also gets what it needs to work without network: a lock, and the worker.

import { accueillir, enAttente, vider } from "./file.js";

const OUVRIER = "/ouvrier.js";
const DELAI_MAXIMAL = 2000; // ms: a storage that does not answer never keeps anybody signed in
const session = document.querySelector("[data-session]")?.dataset;

async function commencer() {
  await accueillir(session, Boolean(session.telephone));
  if (enAttente() > 0 || sessionStorage.getItem("palier.revenu")) {
    const { reprendre } = await import("./reprise.js");
    await reprendre(session);
  }
}

const quitte = (formulaire) =>
  formulaire.method === "post" &&
  new URL(formulaire.getAttribute("action") || location.href, location.href).pathname === session.sortie;

// One's own sign-out page warns; everywhere else the button leads to it when something waits. The device is wiped before
// the form leaves: the answer, which wipes too, may be lost.
function surveillerLaSortie() {
  const avertissement = document.querySelector("[data-attente-avertissement]");
  if (avertissement && enAttente() > 0) avertissement.hidden = false;
  let vide = false;
  for (const formulaire of [...document.forms].filter(quitte)) {
    formulaire.addEventListener("submit", async (evenement) => {
      if (vide) return;
      evenement.preventDefault();
      if (enAttente() > 0 && !avertissement) {
        location.assign(session.sortie);
        return;
      }
      await Promise.race([vider().catch(() => undefined), new Promise((suite) => setTimeout(suite, DELAI_MAXIMAL))]);
      vide = true;
      formulaire.requestSubmit(evenement.submitter);
    });
  }
}

if (session?.marque && window.indexedDB && window.crypto?.subtle) {
  surveillerLaSortie();
  commencer().catch(() => undefined); // no network, or storage refused: the next page tries again
  window.addEventListener("online", () => commencer().catch(() => undefined));
  if (session.telephone && navigator.serviceWorker) navigator.serviceWorker.register(OUVRIER, { updateViaCache: "all" }).catch(() => undefined);
}
