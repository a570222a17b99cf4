// Autosave of form[data-enregistrer="URL"]: each change sends the whole form, one request at a time.
// The state is always visible and a failure is spoken; nothing typed is lost, nothing fails in silence.
// Contract with the server: 2xx is saved (JSON {"version": n} updates input[name="version"]); 409 is a conflict
// of versions; a redirect to another page, or 403 (the token of an older session), is an ended session; any other
// status is a failure.
// With data-file="fiche" (and data-etape, or data-retour="URL" for what is not a fiche), what could not be sent waits encrypted on the device (file.js). Once the
// network failed, the next try gives field by field what changed: over something newer nothing is written (reprise.js).

const PAUSE = 800; // ms after the last key
const ATTENTES = [2000, 5000, 15000, 30000]; // ms between tries; the last one repeats
const DELAI_MAXIMAL = 15000;
const LENTEUR = 3000; // ms after which a text that is still leaving is also kept on the device
const HORS_CHAMP = ["csrfmiddlewaretoken", "version"];
const RESEAU = ["TypeError", "TimeoutError", "AbortError"];

const heure = (instant = new Date()) =>
  `${instant.getHours()}\u00a0h\u00a0${String(instant.getMinutes()).padStart(2, "0")}`;

// What every field says, the unanswered ones too: { nom: "…", contexte: ["…"] }.
export function instantane(formulaire) {
  const dits = {};
  for (const champ of formulaire.elements) {
    if (!champ.name || HORS_CHAMP.includes(champ.name) || ["submit", "button", "file"].includes(champ.type)) continue;
    if (champ.type === "checkbox") dits[champ.name] = [...(dits[champ.name] ?? []), ...(champ.checked ? [champ.value] : [])];
    else if (champ.type !== "radio") dits[champ.name] = champ.value;
    else if (champ.checked || !(champ.name in dits)) dits[champ.name] = champ.checked ? champ.value : "";
  }
  return dits;
}

const pareils = (a, b) => JSON.stringify(a) === JSON.stringify(b);

// What changed since the server last answered, and the values of each field that it may hold by now.
export function changes(formulaire, connu, tentes) {
  const dits = instantane(formulaire);
  const champs = {};
  const avant = {};
  for (const [nom, valeur] of Object.entries(dits)) {
    if (pareils(valeur, connu[nom]) && tentes.every((t) => pareils(t[nom], valeur))) continue;
    champs[nom] = valeur;
    avant[nom] = [connu[nom] ?? "", ...tentes.map((t) => t[nom])].slice(-50);
  }
  return { champs, avant };
}

// Whom to call stands in the page: it is there at once, whatever the network does. Answers whether it is.
function montrerLesNumeros(ouverts) {
  const numeros = document.querySelector("[data-alerte-ici]");
  if (!numeros) return false;
  numeros.hidden = !ouverts;
  if (ouverts) numeros.querySelector("h2").focus();
  return true;
}

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
    this.pk = crypto.randomUUID?.(); // of what this page keeps on the device
    this.connu = formulaire.dataset.conflit ? {} : instantane(formulaire); // a page in conflict shows what is not saved
    this.tentes = []; // sent without hearing back: the server may hold them
    this.gardee = false; // nothing would be lost if the page went now
    this.depose = false; // the device holds something of this page
    this.coupee = false; // the network failed since the server last answered
    this.finie = false; // the person has chosen what becomes of it
    this.alerte = false; // whom to call was shown on this page, and the server does not know yet
    formulaire.addEventListener("input", (e) => this.noter(e.target.matches("textarea, [type=text], [type=search]") ? PAUSE : 0));
    formulaire.addEventListener("change", () => this.noter(0));
    formulaire.addEventListener("submit", (e) => this.quitter(e));
    for (const bouton of etat.querySelectorAll("[data-reessayer]")) {
      bouton.addEventListener("click", () => this.envoyer());
    }
    window.addEventListener("online", () => this.modifie && this.envoyer());
    window.addEventListener("beforeunload", (e) => this.modifie && !this.gardee && e.preventDefault());
    document.addEventListener("visibilitychange", () => document.hidden && this.modifie && this.envoyer());
  }

  noter(pause) {
    if (!this.modifie) this.depuis = heure();
    this.modifie = true;
    this.gardee = false; // what was kept before is not what is typed now
    this.formulaire.dataset.touche = "1";
    this.essais = 0;
    clearTimeout(this.minuteur);
    this.minuteur = setTimeout(() => this.envoyer(), pause);
  }

  // The form leaves once what was typed is on the server; without network it stays, and so does the text.
  quitter(evenement) {
    const aEnvoyer = this.modifie || this.enCours || !navigator.onLine;
    if (!this.file || !aEnvoyer || ["conflit", "session"].includes(this.courant)) {
      this.modifie = false;
      clearTimeout(this.minuteur);
      return;
    }
    evenement.preventDefault();
    this.modifie = true;
    const urgence = evenement.submitter?.value === "alerte" && montrerLesNumeros(true);
    this.envoyer().then(() => {
      if (this.courant === "ok" && !this.modifie) this.formulaire.requestSubmit(evenement.submitter);
      else if (urgence) {
        this.alerte = true;
        this.garder();
      }
    });
  }

  // One request at a time; answers once everything typed so far was answered.
  envoyer() {
    clearTimeout(this.minuteur);
    if (this.finie) return Promise.resolve();
    if (this.enCours) {
      this.encore = true;
      return this.enCours;
    }
    this.enCours = this.passer().finally(() => {
      this.enCours = null;
    });
    return this.enCours;
  }

  async passer() {
    let etat;
    do {
      this.encore = this.modifie = false;
      if (!["echec", "attente"].includes(this.courant)) this.montrer("encours");
      const envoye = instantane(this.formulaire);
      let depot;
      const lent = setTimeout(() => {
        depot = this.garder();
      }, LENTEUR);
      try {
        etat = await (this.coupee ? this.rendre() : this.demander());
      } catch (faute) {
        etat = RESEAU.includes(faute.name) ? "attente" : "echec";
      }
      clearTimeout(lent);
      await depot;
      await this.conclure(etat, envoye);
    } while (etat === "ok" && (this.encore || this.modifie));
  }

  // Keeps on the device what the server has not answered for; false when it cannot.
  async garder() {
    if (!this.file) return false;
    const contenu = this.changee();
    if (!contenu) {
      this.gardee = true; // the server has everything
      return true;
    }
    const { marque } = this.session;
    this.gardee = (await this.file.garder({ id: this.pk, marque }, contenu)) !== null;
    this.depose ||= this.gardee;
    return this.gardee;
  }

  // What the server has not answered for, field by field; null when it has everything.
  changee() {
    const { champs, avant } = changes(this.formulaire, this.connu, this.tentes);
    if (Object.keys(champs).length === 0 && !this.alerte) return null;
    const { file: fiche, etape, retour } = this.formulaire.dataset;
    const { organisation } = this.session;
    return { cle: crypto.randomUUID(), organisation, fiche, etape, retour, champs, avant, alerte: this.alerte };
  }

  // After a cut: only what changed, and only over what this page knew. Another tab may have written meanwhile.
  async rendre() {
    const contenu = this.changee();
    if (!contenu) return this.demander();
    const { status, lue } = await this.reprise.rendre(this.session, contenu);
    if (status === 409) this.double = { contenu, conflits: lue.conflits };
    if ([200, 409].includes(status)) this.alerte = false;
    return { 200: "ok", 401: "session", 403: "session", 409: "double" }[status] ?? "echec";
  }

  // Both texts on top of the page; the person chooses.
  direDouble() {
    for (const ancienne of document.querySelectorAll(".pa-reprise")) ancienne.remove();
    const arreter = () => {
      this.finie = true;
      this.modifie = false;
    };
    this.reprise.direDouble(this.session, { entree: { id: this.pk }, ...this.double, arreter }).scrollIntoView();
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
    if (reponse.redirected || [401, 403].includes(reponse.status)) return "session";
    if (reponse.status === 409) return "conflit";
    if (!reponse.ok) return "echec";
    const version = this.formulaire.elements.namedItem("version");
    if (version && reponse.headers.get("Content-Type")?.includes("json")) {
      const donnees = await reponse.json();
      if (donnees.version) version.value = donnees.version;
    }
    return "ok";
  }

  async conclure(etat, envoye) {
    if (etat === "ok") {
      this.connu = envoye;
      this.tentes = [];
      this.essais = 0;
      if (this.depose) await this.file.retirer(this.pk).catch(() => undefined);
      this.gardee = this.depose = this.coupee = false;
      this.montrer("ok");
      return;
    }
    this.modifie = true;
    if (this.file && etat === "attente") this.coupee = true;
    if (etat === "attente" || etat === "echec") this.tentes = [...this.tentes, envoye].slice(-20);
    const gardee = etat !== "conflit" && (await this.garder());
    this.montrer(etat === "attente" && !gardee ? "echec" : etat);
    if (etat === "double") this.direDouble();
    if (etat === "attente" || etat === "echec") {
      const attente = ATTENTES[Math.min(this.essais, ATTENTES.length - 1)];
      this.essais += 1;
      this.minuteur = setTimeout(() => this.envoyer(), attente);
    }
  }

  montrer(etat) {
    const panne = (nom) => ["attente", "echec", "session", "conflit", "double"].includes(nom);
    for (const ligne of this.etat.querySelectorAll("[data-etat]")) ligne.hidden = ligne.dataset.etat !== etat;
    if (etat === "ok") this.etat.querySelector("[data-heure]").textContent = heure();
    if (etat === "echec") this.etat.querySelector("[data-heure-echec]").textContent = this.depuis;
    const suite = this.etat.querySelector("[data-continuer]");
    if (suite) {
      suite.href = location.pathname;
      suite.hidden = !navigator.serviceWorker?.controller;
    }
    const ligne = this.etat.querySelector(`[data-etat="${etat}"]`);
    if ((panne(etat) && etat !== this.courant) || (etat === "ok" && panne(this.courant))) {
      this.etat.querySelector("[data-annonce]").textContent = ligne.innerText;
    }
    if (etat !== "encours") this.courant = etat;
  }
}

document.querySelector("[data-alerte-reprendre]")?.addEventListener("click", () => montrerLesNumeros(false));

const etat = document.querySelector("[data-enregistrement]");
const formulaire = document.querySelector("form[data-enregistrer]");
if (etat && formulaire) {
  for (const lien of etat.querySelectorAll("[data-reconnexion]")) {
    lien.search = new URLSearchParams({ next: location.pathname + location.search }).toString();
  }
  const enregistrement = new Enregistrement(formulaire, etat);
  const session = document.querySelector("[data-session]")?.dataset;
  if (formulaire.dataset.file && session && window.indexedDB && window.crypto?.subtle) {
    const [file, reprise] = await Promise.all([import("./file.js"), import("./reprise.js")]);
    file.tenues.add(enregistrement.pk);
    Object.assign(enregistrement, { file, reprise, session });
    file.accueillir(session, true).catch(() => undefined);
  }
}
