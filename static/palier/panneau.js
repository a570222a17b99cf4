// List and panel (htmx): the chosen row says so, and the others no longer do. Focus goes to the panel's heading
// by its autofocus. Under 992 px the panel is a page of its own: htmx steps aside and the link is followed.

const LARGE = matchMedia("(min-width: 992px)");

document.addEventListener("htmx:beforeRequest", (evenement) => {
  const lien = evenement.target.closest("a[hx-target='#panneau']");
  if (!lien || LARGE.matches) return;
  evenement.preventDefault();
  location.assign(lien.href);
});

document.addEventListener("htmx:beforeSwap", () => {
  for (const ligne of document.querySelectorAll(".pa-tableau__actif")) {
    ligne.classList.remove("pa-tableau__actif");
    ligne.querySelector("[aria-current]")?.removeAttribute("aria-current");
  }
});
