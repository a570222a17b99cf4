// The secret of a link stands after its « # »: the browser keeps it, no server logs it. It goes from there into the form
// and leaves the address bar and the history; the code is typed by hand, then both are sent together.
const formulaire = document.getElementById("lien");
const secret = window.location.hash.slice(1);
if (formulaire && secret) {
  window.history.replaceState(null, "", window.location.pathname);
  formulaire.elements.namedItem("lien").value = secret;
  formulaire.elements.namedItem("code").focus();
}
