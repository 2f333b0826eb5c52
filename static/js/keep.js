/*
 * What was typed outlives a lost signal: until its receipt is seen, a form marked data-keep="name" leaves
 * its words in this tab's own storage. Without script or storage nothing but this help is missing.
 */

const form = document.querySelector("form[data-keep]");
const done = document.querySelector("[data-keep-done]");
const SECRETS = ["csrf_token", "form_key"];

/** Storage may be forbidden or full. */
function stored(action, ...args) {
  try {
    return window.sessionStorage[action](...args);
  } catch (refused) {
    return null;
  }
}

const controls = () => Array.from(form.elements).filter((one) => one.name && !SECRETS.includes(one.name));

function keep() {
  const kept = {};
  for (const one of controls()) if (one.type !== "submit" && (one.type !== "radio" || one.checked)) kept[one.name] = one.value;
  stored("setItem", form.dataset.keep, JSON.stringify(kept));
}

function restore(kept) {
  for (const one of controls()) {
    if (!(one.name in kept)) continue;
    if (one.type === "radio") one.checked = one.value === kept[one.name];
    else if (one.type !== "submit") one.value = kept[one.name];
  }
  // Today's tile of yesterday's page is "another day" now.
  const days = controls().filter((one) => one.name === "day");
  if (!kept.day || kept.day === "other" || days.some((one) => one.checked)) return;
  days.find((one) => one.value === "other").checked = true;
  form.elements.worked_on.value = kept.day;
}

/** Show one of the notices that the page brings. */
function show(name) {
  for (const one of document.querySelectorAll("[data-kept]")) one.hidden = one.dataset.kept !== name;
  document.querySelector(`[data-kept="${name}"]`).scrollIntoView({ block: "center" });
}

if (done) stored("removeItem", done.dataset.keepDone);

if (form) {
  const kept = stored("getItem", form.dataset.keep);
  if (kept && !window.location.search && !document.querySelector("[data-error-summary]")) {
    restore(JSON.parse(kept));
    show("restored");
    document.querySelector("[data-kept-drop]").addEventListener("click", () => stored("removeItem", form.dataset.keep));
  }
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  // Capturing: before the guard against double submission locks the buttons.
  window.addEventListener("submit", (event) => {
    if (event.target !== form || window.navigator.onLine !== false) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    keep();
    show("offline");
  }, true);
}
