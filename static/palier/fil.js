/* A thread that has been on the screen for two seconds has been read: the button that says so is pressed by itself.
   Without this module the button stays. */

const ATTENTE = 2000;
const suivis = new WeakSet();

async function lire(formulaire) {
  const reponse = await fetch(formulaire.action, {
    method: "POST",
    body: new FormData(formulaire),
    headers: { Accept: "application/json" },
  });
  if (reponse.ok) {
    formulaire.hidden = true;
  }
}

function suivre() {
  for (const formulaire of document.querySelectorAll("form[data-fil-lu]")) {
    if (suivis.has(formulaire)) {
      continue;
    }
    suivis.add(formulaire);
    let minuterie = 0;
    const oeil = new IntersectionObserver(([vue]) => {
      clearTimeout(minuterie);
      if (vue.isIntersecting) {
        minuterie = setTimeout(() => {
          oeil.disconnect();
          lire(formulaire).catch(() => {});
        }, ATTENTE);
      }
    });
    oeil.observe(formulaire);
  }
}

suivre();
document.body.addEventListener("htmx:afterSettle", suivre);
