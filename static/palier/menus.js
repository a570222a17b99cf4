// Menus made of <details data-menu>: one open at a time, closed by Escape (focus returns to its summary) or by
// a click elsewhere. Also the "Imprimer" buttons, which only exist with a script.

function fermer(menu, rendre) {
  if (!menu.open) return;
  menu.open = false;
  if (rendre) menu.querySelector("summary").focus();
}

document.addEventListener("keydown", (evenement) => {
  if (evenement.key !== "Escape") return;
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    fermer(menu, menu.contains(document.activeElement));
  });
});

document.addEventListener("click", (evenement) => {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (!menu.contains(evenement.target)) fermer(menu, false);
  });
});

for (const bouton of document.querySelectorAll("[data-imprimer]")) {
  bouton.hidden = false;
  bouton.addEventListener("click", () => window.print());
}
