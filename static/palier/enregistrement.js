// Autosave of form[data-enregistrer="URL"]: each change sends the whole form, one request at a time.
// The state is always visible and a failure is spoken; nothing typed is lost, nothing fails in silence.
// Contract with the server: 2xx is saved (JSON {"version": n} updates input[name="version"]); 409 is a conflict
// of versions; 4xx is refused; a redirect to another page is an ended session.

const PAUSE = 800; // ms after the last key
const ATTENTES = [2000, 5000, 15000, 30000]; // ms between tries; the last one repeats
const DELAI_MAXIMAL = 15000;

const heure = () => {
  const instant = new Date();
  return `${instant.getHours()}\u00a0h\u00a0${String(instant.getMinutes()).padStart(2, "0")}`;
};

class Enregistrement {
  constructor(formulaire, etat) {
    this.formulaire = formulaire;
    this.adresse = formulaire.dataset.enregistrer;
    this.etat = etat;
    this.modifie = false;
    this.enCours = false;
    this.essais = 0;
    this.depuis = heure();
    this.courant = "";
    formulaire.addEventListener("input", (e) => this.noter(e.target.matches("textarea, [type=text], [type=search]") ? PAUSE : 0));
    formulaire.addEventListener("change", () => this.noter(0));
    formulaire.addEventListener("submit", () => this.arreter());
    etat.querySelector("[data-reessayer]")?.addEventListener("click", () => this.envoyer());
    window.addEventListener("online", () => this.modifie && this.envoyer());
    window.addEventListener("beforeunload", (e) => this.modifie && e.preventDefault());
    document.addEventListener("visibilitychange", () => document.hidden && this.modifie && this.envoyer());
  }

  noter(pause) {
    if (!this.modifie) this.depuis = heure();
    this.modifie = true;
    this.essais = 0;
    clearTimeout(this.minuteur);
    this.minuteur = setTimeout(() => this.envoyer(), pause);
  }

  arreter() {
    this.modifie = false;
    clearTimeout(this.minuteur);
  }

  async envoyer() {
    clearTimeout(this.minuteur);
    if (this.enCours) {
      this.encore = true;
      return;
    }
    this.enCours = true;
    this.modifie = false;
    if (this.courant !== "echec") this.montrer("encours");
    let etat;
    try {
      etat = await this.demander();
    } catch {
      etat = "echec";
    }
    this.enCours = false;
    this.conclure(etat);
  }

  // Files leave with the form itself, not at each key.
  contenu() {
    const donnees = new FormData(this.formulaire);
    for (const [nom, valeur] of [...donnees]) if (valeur instanceof File) donnees.delete(nom);
    return donnees;
  }

  async demander() {
    const reponse = await fetch(this.adresse, {
      method: "POST",
      body: this.contenu(),
      headers: { Accept: "application/json", "X-Requested-With": "fetch" },
      keepalive: document.hidden, // the page may be leaving; limited to 64 kB by browsers
      signal: AbortSignal.timeout(DELAI_MAXIMAL),
    });
    if (reponse.redirected || reponse.status === 401) return "session";
    if (reponse.status === 409) return "conflit";
    if (!reponse.ok) return "echec";
    const version = this.formulaire.elements.namedItem("version");
    if (version && reponse.headers.get("Content-Type")?.includes("json")) {
      const donnees = await reponse.json();
      if (donnees.version) version.value = donnees.version;
    }
    return "ok";
  }

  conclure(etat) {
    if (etat === "ok") {
      this.montrer("ok");
      this.essais = 0;
      if (this.encore || this.modifie) {
        this.encore = false;
        this.envoyer();
      }
      return;
    }
    this.modifie = true;
    this.encore = false;
    this.montrer(etat);
    if (etat === "echec") {
      const attente = ATTENTES[Math.min(this.essais, ATTENTES.length - 1)];
      this.essais += 1;
      this.minuteur = setTimeout(() => this.envoyer(), attente);
    }
  }

  montrer(etat) {
    const panne = (nom) => ["echec", "session", "conflit"].includes(nom);
    for (const ligne of this.etat.querySelectorAll("[data-etat]")) ligne.hidden = ligne.dataset.etat !== etat;
    if (etat === "ok") this.etat.querySelector("[data-heure]").textContent = heure();
    if (etat === "echec") this.etat.querySelector("[data-heure-echec]").textContent = this.depuis;
    const ligne = this.etat.querySelector(`[data-etat="${etat}"]`);
    if ((panne(etat) && etat !== this.courant) || (etat === "ok" && panne(this.courant))) {
      this.etat.querySelector("[data-annonce]").textContent = ligne.innerText;
    }
    if (etat !== "encours") this.courant = etat;
  }
}

const etat = document.querySelector("[data-enregistrement]");
const formulaire = document.querySelector("form[data-enregistrer]");
if (etat && formulaire) {
  for (const lien of etat.querySelectorAll("[data-reconnexion]")) {
    lien.search = new URLSearchParams({ next: location.pathname + location.search }).toString();
  }
  new Enregistrement(formulaire, etat);
}
