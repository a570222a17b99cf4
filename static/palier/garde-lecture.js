// The free-text guard as the page reads it: a port of signalements/garde, on the same list (formulations.json).
// It only hints; the server decides. A test compares both readings sentence by sentence.

const MOT = /[@$€]?[\p{L}\p{N}]+(?:[@$€!|][\p{L}\p{N}]+)*/gu;
const PAUSES = [..."\n\r.!?;:…"];
const lettre = (c) => /\p{L}/u.test(c);
const capitale = (mot) => mot !== "" && mot[0] !== mot[0].toLowerCase();
const majuscules = (mot) => mot !== mot.toLowerCase() && mot === mot.toUpperCase();

export class Garde {
  constructor(liste) {
    this.liste = liste;
    this.ensembles = liste.ensembles.map((mots) => new Set(mots));
    this.outils = Object.fromEntries(Object.entries(liste.outils).map(([nom, mots]) => [nom, new Set(mots)]));
    this.longueurs = [...new Set(liste.motifs.flatMap((m) => m[2].flatMap((p) => liste.ensembles[p[2]].map((r) => r.length))))];
    this.longueurs.sort((a, b) => a - b);
    this.departs = [new Map(), new Map(), new Map()]; // whole words, words in capitals, stems
    this.simples = new Map();
    this.simplesRacines = new Map();
    liste.motifs.forEach((motif, rang) => this.#ranger(motif, rang));
    this.debuts = new Set([...this.simples.keys(), ...this.simplesRacines.keys()].map((mot) => mot.slice(0, 4)));
    this.numeros = Object.entries(liste.numeros).map(([nom, motif]) => [nom, new RegExp(motif, "g")]);
  }

  #ranger([expression, sauf, places], rang) {
    for (const place of places) {
      this.departs.forEach((index, k) => {
        for (const mot of this.ensembles[place[k]]) index.set(mot, [...(index.get(mot) ?? []), rang]);
      });
      if (!place[3]) break;
    }
    if (places.length > 1 || sauf) return;
    for (const mot of this.ensembles[places[0][0]]) this.simples.set(mot, expression);
    for (const racine of this.ensembles[places[0][2]]) this.simplesRacines.set(racine, expression);
  }

  // What there is to review: {mot, phrase, categorie, raison, conseil}, in the order of the text.
  lire(brut, { personne = [], noms = [], nom = false } = {}) {
    const texte = this.nettoyer(brut);
    const mots = this.decouper(texte);
    const { pris, personnes } = this.#propres(mots, [...noms, ...personne]);
    const trouvees = this.#expressions(mots, pris);
    trouvees.push(...this.#tiers(mots, personnes, personne), ...this.#reperer(texte));
    const vues = plusLongues(trouvees).map((t) => ({
      mot: texte.slice(t.debut, t.fin),
      phrase: phraseDe(texte, t.debut, t.fin),
      categorie: t.categorie,
      raison: this.liste.categories[t.categorie][0],
      conseil: t.conseil ?? this.liste.categories[t.categorie][1],
    }));
    const long = (vue) => [...vue.mot].length >= this.liste.bornes.nomLong;
    return nom ? vues.filter((vue) => this.liste.noms.includes(vue.categorie) && long(vue)) : vues;
  }

  nettoyer(texte) {
    return [...texte.normalize("NFKC")].filter((c) => !this.liste.invisibles.includes(c)).join("");
  }

  plier(mot) {
    const bas = [...mot.toLowerCase()].map((c) => this.liste.ligatures[c] ?? c).join("");
    const nu = bas.normalize("NFD").replace(/\p{M}/gu, "");
    if (/^[a-z]+$/.test(nu)) return nu;
    const signes = /[@$€!|]/.test(nu);
    const entoure = lettre(nu[0]) && lettre(nu.at(-1)) && ![...nu].every(lettre);
    const etranger = /[^\x00-\x7f]/.test(nu) && /\p{L}/u.test(nu);
    return etranger || entoure || signes ? [...nu].map((c) => this.liste.sosies[c] ?? c).join("") : nu;
  }

  cle(plie) {
    if (plie.length >= this.liste.bornes.long) return serrer(plie);
    return [...plie].filter((c, k) => k < 2 || c !== plie[k - 1] || c !== plie[k - 2]).join("");
  }

  decouper(texte) {
    let fin = 0;
    return [...texte.matchAll(MOT)].map((trouve) => {
      const [ecrit] = trouve;
      const avant = texte.slice(fin, trouve.index);
      fin = trouve.index + ecrit.length;
      const plie = this.plier(ecrit);
      return {
        debut: trouve.index,
        fin,
        ecrit,
        avant,
        plie,
        cle: this.cle(plie),
        serre: serrer(plie),
        pause: avant !== "." && PAUSES.some((c) => avant.includes(c)),
      };
    });
  }

  #expressions(mots, pris) {
    const trouvees = [];
    const exceptions = new Map();
    mots.forEach((mot, i) => {
      for (const rang of this.#commencent(mot)) {
        const [expression, sauf] = this.liste.motifs[rang];
        const fin = this.#suivre(rang, mots, i);
        if (!fin) continue;
        if (!sauf) trouvees.push([expression, i, fin]);
        else for (let k = i; k < fin; k += 1) exceptions.set(`${expression} ${k}`, true);
      }
    });
    trouvees.push(...this.#epeles(mots));
    return trouvees
      .filter(([expression, i, fin]) => {
        for (let k = i; k < fin; k += 1) if (pris[k] || exceptions.has(`${expression} ${k}`)) return false;
        return true;
      })
      .map(([expression, i, fin]) => {
        const [categorie, conseil] = this.liste.expressions[expression];
        return { debut: mots[i].debut, fin: mots[fin - 1].fin, categorie, conseil };
      });
  }

  #commencent(mot) {
    const rangs = [...(this.departs[0].get(mot.cle) ?? []), ...(this.departs[1].get(mot.ecrit) ?? [])];
    for (const n of this.longueurs) rangs.push(...(this.departs[2].get(mot.serre.slice(0, n)) ?? []));
    return rangs;
  }

  #accepte([mots, capitales, racines], mot) {
    if (this.ensembles[mots].has(mot.cle) || this.ensembles[capitales].has(mot.ecrit)) return true;
    return racines > 0 && this.longueurs.some((n) => this.ensembles[racines].has(mot.serre.slice(0, n)));
  }

  #suivre(rang, mots, i) {
    const places = this.liste.motifs[rang][2];
    const fermer = (etats) => places.forEach((place, p) => etats.has(p) && place[3] && etats.add(p + 1)) ?? etats;
    let fin = 0;
    let sauts = 0;
    let etats = fermer(new Set([0]));
    for (let j = i; j < mots.length; j += 1) {
      const mot = mots[j];
      if (j > i && mot.pause) break;
      const suivants = new Set();
      for (const p of etats) if (p < places.length && this.#accepte(places[p], mot)) suivants.add(p + 1);
      if (j > i && this.outils.adverbe.has(mot.plie) && sauts < this.liste.bornes.sauts) {
        sauts += 1;
        for (const p of etats) if (p < places.length) suivants.add(p);
      }
      etats = fermer(suivants);
      if (etats.has(places.length)) fin = j + 1;
      if (![...etats].some((p) => p < places.length)) break;
    }
    return fin;
  }

  #epeles(mots) {
    const { epele, recolle } = this.liste.bornes;
    const trouvees = [];
    let i = 0;
    while (i < mots.length) {
      let fin = i;
      while (fin < mots.length && [...mots[fin].ecrit].length === 1 && (fin === i || mots[fin].avant.length <= 3)) fin += 1;
      if (fin - i >= epele) trouvees.push(...this.#dansLEpele(mots, i, fin));
      for (const nombre of [2, 3]) {
        const suite = mots.slice(i, i + nombre);
        if (suite.length !== nombre || !suite.slice(1).every((m) => m.avant.length === 1 && m.avant.trim())) continue;
        const rang = this.#seul(suite.map((m) => m.plie).join(""), recolle);
        if (rang !== undefined) trouvees.push([rang, i, i + nombre]);
      }
      i = Math.max(fin, i + 1);
    }
    return trouvees;
  }

  #dansLEpele(mots, i, fin) {
    const { epele, plusLongue } = this.liste.bornes;
    const lettres = mots.slice(i, fin).map((m) => m.plie.slice(0, 1)).join("");
    const trouvees = [];
    for (let k = 0; k < lettres.length; k += 1) {
      if (!this.debuts.has(lettres.slice(k, k + 4))) continue;
      for (let n = Math.min(plusLongue, lettres.length - k); n >= epele; n -= 1) {
        const rang = this.#seul(lettres.slice(k, k + n), epele);
        if (rang === undefined) continue;
        trouvees.push([rang, i + k, i + k + n]);
        k += n - 1;
        break;
      }
    }
    return trouvees;
  }

  #seul(mot, minimum) {
    if (mot.length < minimum) return undefined;
    const serre = serrer(mot);
    const racine = this.longueurs.find((n) => this.simplesRacines.has(serre.slice(0, n)));
    return this.simples.get(this.cle(mot)) ?? this.simplesRacines.get(serre.slice(0, racine ?? 0));
  }

  #propres(mots, connus) {
    const { lieu, voie, civilite } = this.outils;
    const pris = mots.map(() => false);
    const longs = mots.filter((m) => [...m.ecrit].length > 3 && [...m.ecrit].every(lettre));
    const enCapitales = longs.length > 1 && longs.filter((m) => majuscules(m.ecrit)).length * 2 > longs.length;
    const personnes = [];
    mots.forEach((mot, i) => {
      if (lieu.has(mot.plie) || voie.has(mot.plie)) {
        const fin = this.#lieu(mots, i, enCapitales);
        if (fin > i + 1) pris.fill(true, i, fin);
      } else if (civilite.has(mot.plie) && !enCapitales && !pris[i]) {
        const fin = this.#personne(mots, i);
        if (fin <= i + 1) return;
        personnes.push([i, fin]);
        pris.fill(true, i, fin);
      }
    });
    for (const suite of connus.map((nom) => this.#plies(nom)).filter((s) => s.length)) {
      mots.forEach((mot, i) => {
        const ici = mots.slice(i, i + suite.length);
        const pareil = ici.length === suite.length && ici.every((m, k) => m.plie === suite[k]);
        if (pareil && ici.some((m) => capitale(m.ecrit))) pris.fill(true, i, i + suite.length);
      });
    }
    return { pris, personnes };
  }

  #plies(nom) {
    return this.decouper(this.nettoyer(nom)).map((m) => m.plie);
  }

  #lieu(mots, i, enCapitales) {
    const { liaison, article, voie } = this.outils;
    let fin = i + 1;
    let defini = false;
    for (let j = i + 1; j < Math.min(mots.length, i + 1 + this.liste.bornes.longueur); j += 1) {
      const mot = mots[j];
      if (mot.pause || mot.avant.includes(",")) break;
      if ((capitale(mot.ecrit) && !enCapitales) || (fin > i + 1 && mot.avant === "-")) fin = j + 1;
      else if (liaison.has(mot.plie)) defini = defini || article.has(mot.plie);
      else if (fin === i + 1 && defini && voie.has(mots[i].plie)) {
        fin = j + 1;
        if (mots[j + 1]?.avant !== "-") break;
      } else break;
    }
    return fin;
  }

  #personne(mots, i) {
    const { particule } = this.outils;
    let fin = i + 1;
    for (let j = i + 1; j < Math.min(mots.length, i + 1 + this.liste.bornes.longueur); j += 1) {
      const mot = mots[j];
      if (mot.avant.includes(",") || mot.avant.includes("\n") || (j > i + 1 && mot.pause)) break;
      if (capitale(mot.ecrit) && [...mot.ecrit].length > 1 && !particule.has(mot.plie)) fin = j + 1;
      else if (!particule.has(mot.plie)) break;
    }
    return fin;
  }

  #tiers(mots, personnes, personne) {
    const siens = new Set(personne.flatMap((nom) => this.#plies(nom)).filter((p) => p.length > 1));
    return personnes
      .filter(([i, fin]) => {
        const nom = mots.slice(i + 1, fin);
        return !nom.some((m) => siens.has(m.plie)) && !nom.every((m) => this.outils.fonction.has(m.plie));
      })
      .map(([i, fin]) => ({ debut: mots[i].debut, fin: mots[fin - 1].fin, categorie: "tiers" }));
  }

  #reperer(texte) {
    const trouves = this.numeros.map(([nom, motif]) => [nom, [...texte.matchAll(motif)]]);
    const place = (t, categorie) => ({ debut: t.index, fin: t.index + t[0].length, categorie });
    const nirs = trouves.find(([nom]) => nom === "nir")[1].filter(estUnNir).map((t) => place(t, "nir"));
    const autres = trouves.filter(([nom]) => nom !== "nir").flatMap(([, ts]) => ts.map((t) => place(t, "coordonnees")));
    return [...nirs, ...autres.filter((a) => !nirs.some((n) => n.debut < a.fin && a.debut < n.fin))];
  }
}

function serrer(plie) {
  return [...plie].filter((c, k) => k === 0 || c !== plie[k - 1] || (c === "e" && plie[k - 2] !== "e")).join("");
}

function estUnNir(trouve) {
  if (trouve[1] === undefined) return true;
  const nombre = trouve[0].replaceAll(" ", "").toUpperCase().slice(0, 13).replace("2A", "19").replace("2B", "18");
  return 97 - (Number(nombre) % 97) === Number(trouve[1]);
}

function phraseDe(texte, debut, fin, maximum = 160) {
  const bornes = [...".!?;\n"];
  const avant = texte.slice(Math.max(0, debut - maximum), debut);
  let depart = Math.max(...bornes.map((c) => avant.lastIndexOf(c))) + 1;
  depart = depart > 0 ? depart + debut - avant.length : 0;
  const suites = bornes.map((c) => texte.slice(fin, fin + maximum).indexOf(c)).filter((k) => k >= 0);
  const arret = suites.length ? fin + Math.min(...suites) : Math.min(texte.length, fin + maximum);
  const coupe = depart === 0 && debut > maximum;
  if (coupe) depart = debut - maximum;
  const phrase = texte.slice(depart, arret).split(/\s+/u).filter(Boolean).join(" ");
  return `${coupe ? "… " : ""}${phrase}${!suites.length && arret < texte.length ? " …" : ""}`;
}

function plusLongues(trouvees) {
  const gardees = [];
  for (const une of [...trouvees].sort((a, b) => a.debut - b.debut || b.fin - a.fin)) {
    const derniere = gardees.at(-1);
    if (derniere && une.fin <= derniere.fin) continue;
    if (!derniere || une.debut >= derniere.fin) gardees.push(une);
    else if (une.fin - une.debut > derniere.fin - derniere.debut) gardees[gardees.length - 1] = une;
  }
  return gardees;
}
