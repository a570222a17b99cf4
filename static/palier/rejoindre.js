// An invitation stands after the « # » of its link: the browser keeps it, no server logs it. It goes from there into the
// form of the page, which sends it, and leaves the address bar and the history. Without this script it is pasted by hand.
const formulaire = document.getElementById("lien");
const secret = window.location.hash.slice(1);
if (formulaire && secret) {
  window.history.replaceState(null, "", window.location.pathname);
  formulaire.elements.namedItem("lien").value = secret;
  formulaire.requestSubmit();
}
