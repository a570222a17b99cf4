// Character counter of a bounded text: textarea[data-compteur="600"], with its line [data-compteur-de="id"].
// The text is never cut silently: past the limit the counter says by how much, and the server refuses.

const nombre = new Intl.NumberFormat("fr-FR");

function ecrire(texte, ligne, limite) {
  const longueur = texte.value.length;
  const trop = longueur - limite;
  ligne.textContent = `${nombre.format(longueur)} sur ${nombre.format(limite)}`;
  if (trop > 0) ligne.textContent += `, ${nombre.format(trop)} de trop`;
  ligne.classList.toggle("pa-compteur--trop", trop > 0);
}

function preparer(texte) {
  const ligne = document.querySelector(`[data-compteur-de="${CSS.escape(texte.id)}"]`);
  if (!ligne) return;
  const limite = Number(texte.dataset.compteur);
  const annonce = document.createElement("span");
  annonce.className = "visually-hidden";
  annonce.setAttribute("role", "status");
  ligne.after(annonce);
  texte.removeAttribute("maxlength");
  let attente;
  texte.addEventListener("input", () => {
    ecrire(texte, ligne, limite);
    clearTimeout(attente);
    // Spoken near the limit only, and once the person pauses.
    if (texte.value.length > limite * 0.9) {
      attente = setTimeout(() => {
        annonce.textContent = ligne.textContent;
      }, 1000);
    }
  });
  ecrire(texte, ligne, limite);
}

document.querySelectorAll("[data-compteur]").forEach(preparer);
// A panel that htmx brings has its own texts.
document.addEventListener("htmx:afterSwap", (e) => e.target.querySelectorAll("[data-compteur]").forEach(preparer));
