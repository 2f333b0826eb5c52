/*
 * What was typed outlives a lost signal and a session that is over: until its receipt is seen, a form marked
 * data-keep="name" leaves its words in this tab's own storage, and says since when. What comes back stands in a form
 * that is new (data-new): under its plain address, under any with data-new="anywhere". A file cannot be brought back.
 * Without script or storage nothing but this help is missing.
 */

const form = document.querySelector("form[data-keep]");
const done = document.querySelector("[data-keep-done]");
const keptAt = document.querySelector("[data-kept-at]");
const SECRETS = ["csrf_token", "form_key"];
const CHOICES = ["radio", "checkbox"];

/** Storage may be forbidden or full: false then. */
function stored(action, ...args) {
  try {
    return window.sessionStorage[action](...args);
  } catch (refused) {
    return false;
  }
}

const controls = () => Array.from(form.elements).filter((one) => one.name && !SECRETS.includes(one.name) && !["submit", "file"].includes(one.type));
const isChoice = (one) => CHOICES.includes(one.type);

function keep() {
  const kept = {};
  for (const one of controls()) {
    if (!isChoice(one)) kept[one.name] = one.value;
    else kept[one.name] = (kept[one.name] || []).concat(one.checked ? [one.value] : []);
  }
  if (stored("setItem", form.dataset.keep, JSON.stringify(kept)) !== false) say();
}

/** Once a minute at most: a screen reader reads it aloud. */
function say() {
  const clock = { hour: "numeric", minute: "2-digit", timeZone: "Asia/Shanghai" };
  const time = new Date().toLocaleTimeString("zh-CN", clock);
  const words = `已保存 ${time}（在本机，还没有提交）`;
  if (keptAt && keptAt.textContent !== words) keptAt.textContent = words;
}

/** Of days nothing is chosen that the page does not show. */
function restore(kept) {
  for (const one of controls()) {
    if (!(one.name in kept)) continue;
    if (isChoice(one)) one.checked = kept[one.name].includes(one.value);
    else one.value = kept[one.name];
  }
}

/** Lines of single days have no place in a new form: their words stand together there, so that none is lost. */
function together(kept) {
  const lines = Object.keys(kept).filter((name) => /^\d{4}-\d\d-\d\d-description$/.test(name) && kept[name]);
  return lines.length ? { ...kept, description: lines.map((name) => kept[name]).join("\n") } : kept;
}

/** Show one of the notices that the page brings. */
function show(name) {
  for (const one of document.querySelectorAll("[data-kept]")) one.hidden = one.dataset.kept !== name;
  document.querySelector(`[data-kept="${name}"]`).scrollIntoView({ block: "center" });
}

/** A span is in sight, one that came back too; if it begins with late days it is asked why, as ticked ones are. */
function ask() {
  const { first } = form.elements;
  const isSpan = Boolean(first && first.value);
  const isLate = isSpan && first.value <= form.dataset.lateUntil;
  if (isSpan) first.closest("details").open = true;
  form.toggleAttribute("data-asks-why", isLate);
  if (isLate) document.querySelector(".q-when-late").hidden = false;
}

/** Put what an earlier entry says into the form; the days stay ticked. */
function fill(event) {
  const one = event.currentTarget;
  event.preventDefault();
  for (const name of ["task", "mode"]) {
    for (const choice of controls().filter((each) => each.name === name)) choice.checked = choice.value === one.dataset[name];
  }
  if (form.elements.township) form.elements.township.value = one.dataset.township;
  form.elements.description.value = one.textContent;
  form.elements.description.focus();
  keep();
}

if (done) stored("removeItem", done.dataset.keepDone);

if (form) {
  const kept = stored("getItem", form.dataset.keep);
  const isOtherMonth = /^\?month=[\d-]+$/.test(window.location.search);
  if (kept && "new" in form.dataset) {
    if (isOtherMonth) restore(together(JSON.parse(kept)));
    if (!window.location.search || form.dataset.new === "anywhere") {
      restore(together(JSON.parse(kept)));
      show("restored");
      document.querySelector("[data-kept-drop]").addEventListener("click", () => stored("removeItem", form.dataset.keep));
    }
  }
  if (form.dataset.lateUntil) {
    ask();
    form.addEventListener("input", ask);
  }
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  for (const one of document.querySelectorAll("[data-fill]")) one.addEventListener("click", fill);
  // Capturing: before the guard against double submission locks the buttons.
  window.addEventListener("submit", (event) => {
    if (event.target !== form || window.navigator.onLine !== false) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    keep();
    show("offline");
  }, true);
}
