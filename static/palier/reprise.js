// Gives back to the server what waited on this device, once, one tab at a time; says what came back and what did not.
// Nothing is written over something newer: the person sees both texts and chooses.

import { attendent, demander, ouvrir, retirer, tenues } from "./file.js";

const DELAI_MAXIMAL = 15000;
const REVENU = "palier.revenu";
const ICI = /^\/(?:fiches\/([0-9a-f-]{36})\/saisie|visites\/([0-9a-f-]{36}))\//.exec(location.pathname);
const COURANTE = ICI?.[1] ?? ICI?.[2];
const RETOUR = /^\/visites\/[0-9a-f-]{36}\/reprise\/$/; // the only other page whose text comes back

const PERDUE =
  "Un texte écrit sans réseau a attendu plus de 24\u00a0heures, ou ne peut plus être ouvert\u00a0: il est effacé de cet appareil.";
const PLUS_TARD = "Un texte écrit sans réseau n’a pas encore pu être enregistré. Il reste gardé sur cet appareil.";
const AILLEURS = "Un texte écrit sans réseau attend une autre de vos organisations. Changez d’organisation pour le reprendre.";
const DOUBLE = "Ce texte a changé ailleurs pendant que vous écriviez sans réseau.";

const MOTS = {
  fiche: {
    revenue: "Ce que vous aviez écrit sans réseau est revenu dans votre fiche.",
    ouvrir: "Ouvrir la fiche",
    dans: "Dans la fiche",
    garder: "Garder ce qui est dans la fiche",
    partie: "La fiche que vous complétiez sans réseau est déjà partie, ou supprimée. Votre texte est encore ici.",
  },
  visite: {
    revenue: "Ce que vous aviez écrit sans réseau est revenu dans le compte rendu.",
    ouvrir: "Ouvrir la visite",
    dans: "Dans le compte rendu",
    garder: "Garder ce qui est dans le compte rendu",
    partie: "La visite que vous racontiez sans réseau est déjà rendue, ou annulée. Votre texte est encore ici.",
  },
};
const deVisite = (contenu) => RETOUR.test(contenu?.retour ?? "");
const mots = (contenu) => MOTS[deVisite(contenu) ? "visite" : "fiche"];

function adresse(contenu) {
  if (deVisite(contenu)) return contenu.retour;
  const { fiche } = contenu;
  return fiche ? `/fiches/${fiche}/reprise/` : "/fiches/reprise/";
}

export async function rendre(session, contenu, plus = {}) {
  const corps = new URLSearchParams({
    csrfmiddlewaretoken: session.jeton,
    cle: contenu.cle,
    fiche: contenu.fiche ?? contenu.nouvelle,
    etape: contenu.etape ?? "",
    champs: JSON.stringify(contenu.champs),
    avant: JSON.stringify(contenu.avant),
    ...plus,
  });
  if (contenu.alerte) corps.set("alerte", "1");
  const reponse = await fetch(adresse(contenu), {
    method: "POST",
    body: corps,
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(DELAI_MAXIMAL),
  });
  return reponse.redirected ? { status: 401 } : { status: reponse.status, lue: await reponse.json().catch(() => ({})) };
}

// One entry: what became of it.
async function traiter(session, entree, { cles, maintenant }) {
  if (entree.marque !== session.marque) return { sort: "autrui" };
  if (entree.expire <= maintenant || !cles[entree.cle]) return { sort: "perdue" };
  const contenu = await ouvrir(entree, cles[entree.cle]).catch(() => null);
  if (!contenu) return { sort: "perdue" };
  if (contenu.organisation && contenu.organisation !== session.organisation) return { sort: "ailleurs" };
  const { status, lue } = await rendre(session, contenu);
  if (status === 200) return { sort: "revenue", url: lue.url, fiche: contenu.fiche, contenu };
  if (status === 409) return { sort: "double", conflits: lue.conflits, contenu };
  if (status === 404 || status === 410) return { sort: "partie", contenu };
  return { sort: "plus tard" };
}

const FINIES = new Set(["revenue", "perdue", "autrui"]);

async function vider(session) {
  const entrees = (await attendent()).filter((e) => !tenues.has(e.id));
  if (entrees.length === 0) return [];
  const siennes = entrees.filter((e) => e.marque === session.marque);
  const rendues = await demander(session, siennes.map((e) => e.cle), false);
  const sorts = [];
  for (const entree of entrees) {
    const sort = await traiter(session, entree, rendues);
    if (FINIES.has(sort.sort)) await retirer(entree.id);
    sorts.push({ entree, ...sort });
  }
  return sorts;
}

// --- What the page says ---------------------------------------------------------------------------------------------

function element(balise, classe, texte) {
  const cree = document.createElement(balise);
  if (classe) cree.className = classe;
  if (texte) cree.textContent = texte;
  return cree;
}

function note(genre, texte) {
  const boite = element("div", `pa-note pa-note--${genre} pa-reprise`);
  boite.setAttribute("role", "status");
  const corps = element("div");
  corps.append(element("p", "", texte));
  boite.append(corps);
  document.querySelector("main").prepend(boite);
  return corps;
}

function lien(corps, url, texte) {
  const vers = element("a", "", texte);
  vers.href = url;
  corps.append(vers);
}

function boutons(corps, gestes) {
  const rangee = element("div", "pa-rangee");
  for (const [texte, faire] of gestes) {
    const bouton = element("button", "btn btn-secondary", texte);
    bouton.type = "button";
    bouton.addEventListener("click", async () => {
      bouton.setAttribute("aria-busy", "true");
      await faire().catch(() => bouton.removeAttribute("aria-busy"));
    });
    rangee.append(bouton);
  }
  corps.append(rangee);
}

async function rendreEtAller(session, { entree, contenu, arreter }, plus) {
  const { status, lue } = await rendre(session, { ...contenu, cle: crypto.randomUUID(), ...plus.contenu }, plus.corps);
  if (status !== 200) throw new Error(`${status}`);
  arreter?.();
  await retirer(entree.id);
  location.assign(lue.url);
}

function effacer({ entree, arreter }, corps) {
  return async () => {
    arreter?.();
    await retirer(entree.id);
    if (arreter) location.replace(location.href);
    else corps.closest(".pa-reprise").remove();
  };
}

// `sort`: { entree: { id }, contenu, conflits }, and `arreter` when the page that wrote it is this one.
export function direDouble(session, sort) {
  const corps = note("attention", DOUBLE);
  const liste = element("dl", "pa-def");
  for (const { libelle, mien, autre } of sort.conflits) {
    liste.append(element("dt", "", libelle));
    const textes = element("dd");
    textes.append(element("p", "", `Sur cet appareil\u00a0: ${mien || "rien"}`));
    textes.append(element("p", "", `${mots(sort.contenu).dans}\u00a0: ${autre || "rien"}`));
    liste.append(textes);
  }
  corps.append(liste);
  boutons(corps, [
    ["Garder ce qui est sur cet appareil", () => rendreEtAller(session, sort, { corps: { remplacer: "1" } })],
    [mots(sort.contenu).garder, effacer(sort, corps)],
  ]);
  return corps;
}

function direPartie(session, sort) {
  const corps = note("attention", mots(sort.contenu).partie);
  if (deVisite(sort.contenu)) {
    for (const texte of Object.values(sort.contenu.champs)) if (typeof texte === "string") corps.append(element("p", "", texte));
    boutons(corps, [["L’effacer de cet appareil", effacer(sort, corps)]]);
    return;
  }
  boutons(corps, [
    [
      "En faire une nouvelle fiche",
      () => rendreEtAller(session, sort, { contenu: { fiche: null, nouvelle: sort.entree.id, avant: {} } }),
    ],
    ["L’effacer de cet appareil", effacer(sort, corps)],
  ]);
}

function dire(session, sorts) {
  const parmi = (nom) => sorts.filter((s) => s.sort === nom);
  const revenues = parmi("revenue");
  const ici = revenues.some((s) => s.fiche && s.fiche === COURANTE);
  if (ici && !document.querySelector("form[data-touche]")) {
    sessionStorage.setItem(REVENU, mots(revenues.at(-1).contenu).revenue);
    location.replace(location.href); // the server has it now: the page shows it
    return;
  }
  if (revenues.length > 0) {
    const { contenu, url } = revenues.at(-1);
    lien(note("succes", mots(contenu).revenue), url, mots(contenu).ouvrir);
  }
  if (parmi("perdue").length > 0) note("attention", PERDUE);
  if (parmi("ailleurs").length > 0) note("attention", AILLEURS);
  if (parmi("plus tard").length > 0) note("attention", PLUS_TARD);
  for (const sort of parmi("double")) direDouble(session, sort);
  for (const sort of parmi("partie")) direPartie(session, sort);
}

export async function reprendre(session) {
  const revenu = sessionStorage.getItem(REVENU);
  if (revenu) {
    sessionStorage.removeItem(REVENU);
    note("succes", revenu);
  }
  const seul = navigator.locks ? (faire) => navigator.locks.request("palier-file", faire) : (faire) => faire();
  const sorts = await seul(() => vider(session));
  for (const ancienne of document.querySelectorAll(".pa-reprise.pa-note--attention")) ancienne.remove();
  dire(session, sorts);
}
