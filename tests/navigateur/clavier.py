"""A person without a mouse: Tab, arrows, Space, Enter and what she types; each stop must be seen."""

from collections.abc import Callable
from typing import Any, Final

from playwright.sync_api import Page

ARRETS_MAXIMUM: Final = 120  # stops of Tab before we say that a control cannot be reached

# What the eye finds of the element that has the focus. A radio drawn by its label is looked for on the label.
REGARD: Final = """
() => {
  const e = document.activeElement;
  if (!e || e === document.body) return {quoi: "", nom: "", texte: "", fautes: ["nothing has the focus"]};
  const texte = (e.getAttribute("aria-label") || e.innerText || "").replace(/\\s+/g, " ").trim();
  const vu = (n) => {
    const s = getComputedStyle(n);
    return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2 && parseFloat(s.opacity) > 0.9;
  };
  const etiquette = e.closest("label") ?? e.labels?.[0];
  const cible = [e, etiquette].find((n) => n && vu(n));
  const fautes = [];
  if (!e.matches(":focus-visible, input:focus-within:not(:focus)")) fautes.push("no :focus-visible");
  if (!cible) fautes.push("no outline");
  const r = (cible ?? e).getClientRects()[0];
  if (!r || r.width < 2 || r.height < 2) {
    fautes.push("no surface");
  } else {
    if (r.left < 0 || r.right > innerWidth + 0.5) fautes.push(`sideways ${r.left} ${r.right}`);
    if (r.top < 0 || r.bottom > innerHeight) fautes.push(`out of the screen ${r.top} ${r.bottom}`);
    const x = r.left + r.width / 2;
    for (const y of [r.top + 2, r.top + r.height / 2, r.bottom - 2]) {
      const dessus = document.elementFromPoint(x, y);
      const libre = dessus && (dessus.contains(e) || e.contains(dessus) || cible?.contains(dessus));
      if (!libre) fautes.push(`under ${dessus?.className || dessus?.tagName} at ${Math.round(y)}`);
    }
  }
  return {quoi: e.outerHTML.slice(0, 140), nom: e.name || "", texte, fautes};
}
"""
DEBORD: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Clavier:
    """Moves by the keyboard alone; what was badly seen on the way is kept in `fautes`."""

    def __init__(self, page: Page) -> None:
        self.page, self.fautes, self.arrets = page, list[str](), 0

    def touche(self, touche: str) -> None:
        """Press a key that stays on the page, and look where the focus is."""
        self.page.keyboard.press(touche)
        self._regarder()

    def _regarder(self) -> dict[str, Any]:
        vu: dict[str, Any] = self.page.evaluate(REGARD)
        self.arrets += 1
        chemin = self.page.url.partition("//")[2].partition("/")[2]
        self.fautes += [f"/{chemin} : {faute} : {vu['quoi']}" for faute in vu["fautes"]]
        if self.page.evaluate(DEBORD) > 0:
            self.fautes.append(f"/{chemin} : scrolls sideways")
        return vu

    def _aller(self, est_la: Callable[[dict[str, Any]], bool], quoi: str) -> None:
        for _ in range(ARRETS_MAXIMUM):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement === document.body"):
                continue  # past the last control, before the first one again
            if est_la(self._regarder()):
                return
        raise AssertionError(f"Tab never reaches {quoi} on {self.page.url}")

    def aller_au_champ(self, nom: str) -> None:
        """Tab until a field of this name has the focus."""
        self._aller(lambda vu: vu["nom"] == nom, nom)

    def aller_a(self, texte: str) -> None:
        """Tab until the button or link that says this has the focus."""
        self._aller(lambda vu: texte in vu["texte"].replace("\N{NO-BREAK SPACE}", " "), texte)

    def ecrire(self, **champs: str) -> None:
        """Type in fields, in the order of the page."""
        for nom, valeur in champs.items():
            self.aller_au_champ(nom)
            self.page.keyboard.type(valeur)
            self._regarder()

    def choisir(self, nom: str, rang: int) -> None:
        """Choose in a group of radios: Space takes the first, each arrow goes one further."""
        self.aller_au_champ(nom)
        self.touche("Space")
        for _ in range(rang):
            self.touche("ArrowRight")

    def cocher(self, nom: str) -> None:
        self.aller_au_champ(nom)
        self.touche("Space")

    def presser(self, texte: str) -> None:
        """Go to a button or link, press it, and wait for the page it leads to."""
        self.aller_a(texte)
        avant = self.page.url
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda adresse: adresse != avant)
        self.page.wait_for_load_state()
