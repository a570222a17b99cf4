// A photo leaves as soon as it is taken or chosen, made small on the phone first: less to send, and what the camera
// wrote beside the picture (place, date, model) does not even leave. The server draws it again anyway.
// Without script, or when the browser cannot read the file, the form is sent as it is.

const COTE = 2000; // pixels, as the server keeps them
const QUALITE = 0.85;

async function reduire(fichier) {
  try {
    const image = await createImageBitmap(fichier, { imageOrientation: "from-image" });
    const echelle = Math.min(1, COTE / Math.max(image.width, image.height));
    const toile = document.createElement("canvas");
    toile.width = Math.round(image.width * echelle);
    toile.height = Math.round(image.height * echelle);
    const dessin = toile.getContext("2d");
    dessin.fillStyle = "white";
    dessin.fillRect(0, 0, toile.width, toile.height);
    dessin.drawImage(image, 0, 0, toile.width, toile.height);
    image.close();
    const octets = await new Promise((fait) => toile.toBlob(fait, "image/jpeg", QUALITE));
    return octets ? new File([octets], "photo.jpg", { type: "image/jpeg" }) : fichier;
  } catch {
    return fichier;
  }
}

function preparer(formulaire) {
  const etat = formulaire.querySelector("[data-photos-etat]");
  const envoi = formulaire.querySelector("[data-photos-envoi]");
  envoi.hidden = true;
  formulaire.addEventListener("change", async (evenement) => {
    const champ = evenement.target;
    if (!champ.files?.length) return;
    if (!navigator.onLine) {
      etat.textContent = "Hors connexion\u00a0: la photo n’est pas envoyée. Gardez-la, et ajoutez-la quand le réseau revient.";
      envoi.hidden = false;
      return;
    }
    etat.textContent = "Préparation de la photo…";
    const colis = new DataTransfer();
    for (const fichier of champ.files) colis.items.add(await reduire(fichier));
    champ.files = colis.files;
    etat.textContent = "Envoi de la photo…";
    formulaire.requestSubmit();
  });
}

document.querySelectorAll("[data-photos]").forEach(preparer);
