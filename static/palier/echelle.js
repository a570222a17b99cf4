// "Tout le reste : non observé" without a round trip, and its undo. Without this script the button submits
// the form and the server fills the lines. Scope: the closest form.

function sansReponse(formulaire) {
  return [...formulaire.querySelectorAll(".pa-echelle")].filter((echelle) => !echelle.querySelector(":checked"));
}

function lignes(combien) {
  return `${combien}\u00a0${combien < 2 ? "ligne" : "lignes"}`;
}

for (const bloc of document.querySelectorAll("[data-echelle-reste]")) {
  const formulaire = bloc.closest("form");
  const bouton = bloc.querySelector("[data-tout-non-observe]");
  const suite = bloc.querySelector("[data-reste-suite]");
  const rappel = bloc.querySelector("[data-reste]");
  const fait = bloc.querySelector("[data-reste-fait]");
  const annuler = bloc.querySelector("[data-reste-annuler]");
  let remplies = [];

  const actualiser = () => {
    const restantes = sansReponse(formulaire).length;
    const repondues = formulaire.querySelector("[data-repondues]");
    if (repondues) repondues.textContent = formulaire.querySelectorAll(".pa-echelle").length - restantes;
    bloc.querySelector("[data-reste-nombre]").textContent = restantes === 1 ? "la ligne" : `les ${lignes(restantes)}`;
    bouton.hidden = restantes === 0;
    if (suite) suite.hidden = restantes === 0;
    rappel.hidden = restantes === 0;
    fait.hidden = remplies.length === 0;
  };
  const prevenir = (cases) => cases.at(0)?.dispatchEvent(new Event("change", { bubbles: true }));

  bouton.addEventListener("click", (evenement) => {
    evenement.preventDefault();
    remplies = sansReponse(formulaire)
      .map((echelle) => echelle.querySelector('input[value="NO"]'))
      .filter(Boolean);
    remplies.forEach((choix) => {
      choix.checked = true;
    });
    bloc.querySelector("[data-reste-rempli]").textContent = lignes(remplies.length);
    prevenir(remplies);
    actualiser();
    annuler.focus();
  });
  annuler.addEventListener("click", () => {
    const defaites = remplies;
    defaites.forEach((choix) => {
      choix.checked = false;
    });
    remplies = [];
    prevenir(defaites);
    actualiser();
    bouton.focus();
  });
  formulaire.addEventListener("change", (evenement) => {
    if (evenement.isTrusted) actualiser();
  });
  actualiser();
}

// An error that has been answered goes away at once; the source is awaited under an answer of 1 or more.
function repondu(signal) {
  const choix = signal.querySelector(".pa-echelle :checked");
  const source = signal.querySelector(".pa-source");
  const attendue = source && Number(choix?.value) >= 1;
  return choix && (!attendue || source.querySelector(":checked"));
}

document.addEventListener("change", () => {
  for (const signal of [...document.querySelectorAll(".pa-signal:has(.pa-erreur-champ)")].filter(repondu)) {
    signal.classList.remove("pa-signal--erreur");
    signal.removeAttribute("aria-describedby");
    signal.querySelectorAll(".pa-erreur-champ").forEach((erreur) => erreur.remove());
  }
});
