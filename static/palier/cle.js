// Passkeys: the ceremony of form[data-cle]. "creer" makes a key, "utiliser" answers with one; the answer goes to the
// server in its hidden field, as JSON whose bytes are base64url. Without this script, or where the browser has no
// passkeys, the form stays hidden and the page offers something else.

const REFUS = {
  NotAllowedError: "L’appareil n’a pas confirmé. Recommencez, ou choisissez un autre moyen.",
  AbortError: "L’appareil n’a pas confirmé. Recommencez, ou choisissez un autre moyen.",
  InvalidStateError: "Cet appareil garde déjà une clé d’accès pour votre compte.",
  SecurityError: "Une clé d’accès ne s’utilise qu’à l’adresse officielle de Palier.",
};
const SINON = "La clé d’accès n’a pas pu être utilisée. Choisissez un autre moyen.";
const HORS_LIGNE = "Pas de réseau. Réessayez dans un instant.";
const TROP = "Trop d’essais. Attendez une minute.";

const octets = (texte) =>
  Uint8Array.from(atob(texte.replaceAll("-", "+").replaceAll("_", "/")), (lettre) => lettre.charCodeAt(0));
const texte = (tampon) =>
  btoa(String.fromCharCode(...new Uint8Array(tampon))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const cles = (liste = []) => liste.map((cle) => ({ ...cle, id: octets(cle.id) }));

function demande({ publicKey }) {
  const lue = { ...publicKey, challenge: octets(publicKey.challenge) };
  if (lue.user) lue.user = { ...lue.user, id: octets(lue.user.id) };
  if (lue.allowCredentials) lue.allowCredentials = cles(lue.allowCredentials);
  if (lue.excludeCredentials) lue.excludeCredentials = cles(lue.excludeCredentials);
  return { publicKey: lue };
}

function reponse(cle) {
  const dite = { clientDataJSON: texte(cle.response.clientDataJSON) };
  for (const nom of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (cle.response[nom]) dite[nom] = texte(cle.response[nom]);
  }
  return {
    id: cle.id,
    rawId: texte(cle.rawId),
    type: cle.type,
    response: dite,
    clientExtensionResults: cle.getClientExtensionResults(),
  };
}

function refuser(phrase) {
  throw Object.assign(new Error(phrase), { phrase });
}

async function options(formulaire) {
  if (formulaire.dataset.options) return JSON.parse(formulaire.dataset.options);
  const recu = await fetch(formulaire.dataset.adresse, { headers: { Accept: "application/json" } }).catch(() =>
    refuser(HORS_LIGNE),
  );
  if (!recu.ok) refuser(recu.status === 429 ? TROP : SINON);
  return (await recu.json()).request_options;
}

async function ceremonie(formulaire) {
  const bouton = formulaire.querySelector("button[type=submit]");
  const refus = formulaire.querySelector("[data-cle-refus]");
  if (bouton.getAttribute("aria-busy")) return;
  bouton.setAttribute("aria-busy", "true");
  refus.hidden = true;
  try {
    const lue = demande(await options(formulaire));
    const gestes = { creer: (o) => navigator.credentials.create(o), utiliser: (o) => navigator.credentials.get(o) };
    const cle = await gestes[formulaire.dataset.cle](lue);
    formulaire.elements.namedItem("credential").value = JSON.stringify(reponse(cle));
    formulaire.submit();
  } catch (faute) {
    refus.textContent = faute.phrase ?? REFUS[faute.name] ?? SINON;
    refus.hidden = false;
    bouton.removeAttribute("aria-busy");
  }
}

if (window.PublicKeyCredential && navigator.credentials) {
  for (const absente of document.querySelectorAll("[data-cle-absente]")) absente.hidden = true;
  for (const formulaire of document.querySelectorAll("form[data-cle]")) {
    formulaire.hidden = false;
    formulaire.addEventListener("submit", (evenement) => {
      evenement.preventDefault();
      ceremonie(formulaire);
    });
  }
  // One primary button per screen: with a passkey, the other way becomes the secondary one.
  for (const ou of document.querySelectorAll("[data-cle-ou]")) ou.hidden = false;
  for (const autre of document.querySelectorAll("[data-cle-autre]")) {
    autre.classList.replace("btn-primary", "btn-secondary");
  }
}

// Back from the history: the button can be pressed again.
window.addEventListener("pageshow", () => {
  for (const bouton of document.querySelectorAll("form[data-cle] [aria-busy]")) bouton.removeAttribute("aria-busy");
});
