// The key "/" focuses the search of the équipe. The only single-key shortcut; switched off in the account by
// data-raccourcis="non" on the body (WCAG 2.1.4).

const champ = document.querySelector("[data-recherche]");

if (champ && document.body.dataset.raccourcis !== "non") {
  document.querySelectorAll("[data-touche]").forEach((rappel) => {
    rappel.hidden = false;
  });
  document.addEventListener("keydown", (evenement) => {
    const ailleurs = evenement.target.closest("input, textarea, select, [contenteditable]");
    if (evenement.key !== "/" || ailleurs || evenement.ctrlKey || evenement.metaKey || evenement.altKey) return;
    evenement.preventDefault();
    champ.focus();
    champ.select();
  });
} else if (champ) {
  champ.removeAttribute("aria-keyshortcuts");
}
