// Signature drawn with finger, pen or mouse, kept as an SVG path in a box of 600 by 250: "M12 80L14 82…",
// whole numbers only. The paper alternative is written beside the pad, for those who cannot draw.

const LARGEUR = 600;
const HAUTEUR = 250;
const PAS = 3; // units of the box under which a movement is not kept
const LIMITE = 20_000; // characters of path

class Signature {
  constructor(bloc) {
    this.champ = bloc.querySelector("input[type=hidden]");
    this.zone = bloc.querySelector("[data-signature-zone]");
    this.trace = this.zone.querySelector("path");
    this.outils = bloc.querySelector("[data-signature-outils]");
    this.vide = bloc.querySelector("[data-signature-vide]");
    this.faite = bloc.querySelector("[data-signature-faite]");
    this.traits = this.champ.value.split("M").filter(Boolean);
    this.outils.hidden = this.traits.length === 0;
    this.zone.addEventListener("pointerdown", (e) => this.commencer(e));
    this.zone.addEventListener("pointermove", (e) => this.suivre(e));
    for (const fin of ["pointerup", "pointercancel"]) this.zone.addEventListener(fin, () => this.finir());
    bloc.querySelector("[data-signature-annuler]").addEventListener("click", () => this.garder(this.traits.slice(0, -1)));
    bloc.querySelector("[data-signature-effacer]").addEventListener("click", () => this.garder([]));
  }

  point(evenement) {
    const cadre = this.zone.getBoundingClientRect();
    const borner = (valeur, maximum) => Math.max(0, Math.min(maximum, Math.round(valeur)));
    return [
      borner(((evenement.clientX - cadre.left) / cadre.width) * LARGEUR, LARGEUR),
      borner(((evenement.clientY - cadre.top) / cadre.height) * HAUTEUR, HAUTEUR),
    ];
  }

  commencer(evenement) {
    if (!evenement.isPrimary || evenement.button !== 0) return;
    evenement.preventDefault();
    this.zone.setPointerCapture(evenement.pointerId);
    this.dernier = this.point(evenement);
    this.trait = this.dernier.join(" ");
  }

  suivre(evenement) {
    if (this.trait === undefined || this.champ.value.length + this.trait.length > LIMITE) return;
    for (const intermediaire of evenement.getCoalescedEvents?.() ?? [evenement]) {
      const [x, y] = this.point(intermediaire);
      if (Math.hypot(x - this.dernier[0], y - this.dernier[1]) < PAS) continue;
      this.dernier = [x, y];
      this.trait += `L${x} ${y}`;
    }
    this.trace.setAttribute("d", this.chemin([...this.traits, this.trait]));
  }

  finir() {
    if (this.trait === undefined) return;
    // A simple tap is a dot: a segment of one unit.
    const trait = this.trait.includes("L") ? this.trait : `${this.trait}L${this.dernier[0] + 1} ${this.dernier[1]}`;
    this.trait = undefined;
    this.garder([...this.traits, trait]);
  }

  chemin(traits) {
    return traits.map((trait) => `M${trait}`).join("");
  }

  garder(traits) {
    this.traits = traits;
    const chemin = this.chemin(traits);
    this.trace.setAttribute("d", chemin);
    this.champ.value = chemin;
    this.champ.dispatchEvent(new Event("change", { bubbles: true }));
    this.outils.hidden = traits.length === 0;
    this.vide.hidden = traits.length > 0;
    this.faite.hidden = traits.length === 0;
    if (traits.length > 0) {
      const instant = new Date();
      this.faite.textContent = `Signée à ${instant.getHours()}\u00a0h\u00a0${String(instant.getMinutes()).padStart(2, "0")}`;
    }
  }
}

document.querySelectorAll("[data-signature]").forEach((bloc) => new Signature(bloc));
