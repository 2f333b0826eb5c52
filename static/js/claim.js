/*
 * A claim shows what the chosen category and source ask for, and at once what they do not allow. Without it the form
 * shows everything; the server decides anyway. Nothing newer than ES2018.
 */

const form = document.querySelector("form[data-claim]");
const left = JSON.parse(form.dataset.claim); // yuan by source

function chosen(name) {
  const input = form.querySelector(`input[name="${name}"]:checked`);
  return input ? input.value : "";
}

function show() {
  const category = chosen("category");
  const source = chosen("source");
  for (const part of form.querySelectorAll("[data-of]")) part.hidden = !part.dataset.of.split(" ").includes(category);
  for (const part of form.querySelectorAll("[data-cell]")) part.hidden = part.dataset.cell !== `${source} ${category}`;
  for (const part of form.querySelectorAll("[data-source]")) part.hidden = part.dataset.source !== source;
  const amount = Number(form.elements.amount.value.replace(/,/g, ""));
  form.querySelector("[data-over]").hidden = !(source && amount > left[source]);
}

form.addEventListener("input", show);
form.addEventListener("change", show);
window.addEventListener("pageshow", show);
show();
