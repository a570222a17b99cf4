// A session ends after 30 minutes without a request; the notice comes at 25 and one click prolongs it.
// The last request is shared between the tabs: a notice must not appear in one while the other is in use.

const CLE = "palier.derniere-requete";
const MINUTE = 60_000;
const avis = document.querySelector("[data-session]");

if (avis) {
  const bientot = avis.querySelector("[data-session-bientot]");
  const finie = avis.querySelector("[data-session-finie]");
  const delaiAvis = Number(avis.dataset.sessionAvis) * MINUTE;
  const duree = Number(avis.dataset.sessionDuree) * MINUTE;
  let derniere = Date.now();

  const noter = () => {
    derniere = Date.now();
    try {
      localStorage.setItem(CLE, String(derniere));
    } catch {
      // Storage refused by the browser: each tab counts alone.
    }
  };
  const afficher = () => {
    const ecoule = Date.now() - derniere;
    bientot.hidden = ecoule < delaiAvis || ecoule >= duree;
    finie.hidden = ecoule < duree;
    avis.classList.toggle("pa-session--visible", ecoule >= delaiAvis);
  };

  window.addEventListener("storage", (evenement) => {
    if (evenement.key === CLE) derniere = Math.max(derniere, Number(evenement.newValue));
    afficher();
  });
  document.addEventListener("visibilitychange", afficher);
  document.addEventListener("htmx:afterRequest", noter);
  avis.querySelector("[data-session-rester]").addEventListener("click", async () => {
    const reponse = await fetch(avis.dataset.sessionAdresse, { method: "HEAD", redirect: "manual" }).catch(() => null);
    if (reponse?.ok) noter();
    else if (reponse) derniere = Date.now() - duree;
    afficher();
  });
  const retour = avis.querySelector("[data-session-reconnexion]");
  retour.search = new URLSearchParams({ next: location.pathname + location.search }).toString();

  noter();
  setInterval(afficher, 15_000);
}
