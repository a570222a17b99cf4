// Proposes, once and quietly, to keep the site on the phone's home screen: only where the browser says that it can.
// Without this script, or on a browser that never says so (iPhone), the help page tells the steps.

const REFUSE = "palier.installer"; // said « plus tard » on this device

const panneau = document.querySelector("[data-installer]");

function refusee() {
  try {
    return localStorage.getItem(REFUSE) !== null;
  } catch {
    return false;
  }
}

let proposition;

window.addEventListener("beforeinstallprompt", (evenement) => {
  evenement.preventDefault();
  proposition = evenement;
  if (panneau && !refusee()) panneau.hidden = false;
});
window.addEventListener("appinstalled", () => {
  if (panneau) panneau.hidden = true;
});

panneau?.querySelector("[data-installer-oui]").addEventListener("click", async () => {
  panneau.hidden = true;
  await proposition?.prompt();
});
panneau?.querySelector("[data-installer-non]").addEventListener("click", () => {
  panneau.hidden = true;
  try {
    localStorage.setItem(REFUSE, "1");
  } catch {
    // Storage refused: it is proposed again another day.
  }
});
