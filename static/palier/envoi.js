// A POST form is sent once: a second click while it leaves is ignored. The button is never disabled (its name
// and value must leave with the form); it says "Envoi…" at the same width. Opt out with data-envoi="libre".

const EN_COURS = "en-cours";

function occuper(bouton) {
  if (!bouton) return;
  bouton.style.minWidth = `${bouton.offsetWidth}px`;
  bouton.dataset.texte = bouton.innerHTML;
  bouton.setAttribute("aria-busy", "true");
  bouton.textContent = "Envoi…";
}

function liberer(formulaire) {
  delete formulaire.dataset.etatEnvoi;
  for (const bouton of formulaire.querySelectorAll('[aria-busy="true"]')) {
    bouton.removeAttribute("aria-busy");
    bouton.style.minWidth = "";
    bouton.innerHTML = bouton.dataset.texte;
  }
}

document.addEventListener("submit", (evenement) => {
  const formulaire = evenement.target;
  if (evenement.defaultPrevented || formulaire.method !== "post" || formulaire.dataset.envoi === "libre") return;
  if (formulaire.dataset.etatEnvoi === EN_COURS) {
    evenement.preventDefault();
    return;
  }
  formulaire.dataset.etatEnvoi = EN_COURS;
  // After this task: the browser has read the form and its submitter by then.
  setTimeout(() => occuper(evenement.submitter), 0);
});

// Back from the history, or a file download that left the page in place: the form can be sent again.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-etat-envoi]").forEach(liberer));
document.addEventListener("htmx:afterRequest", (evenement) => {
  const formulaire = evenement.target.closest("form");
  if (formulaire) liberer(formulaire);
});
