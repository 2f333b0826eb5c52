/*
 * Small helps over pages that work without them: every form posts, every link leads somewhere.
 * Nothing here decides or computes; the server does. No inline handlers: the CSP forbids them.
 * Nothing newer than ES2018, so that the WebView of an old phone reads it (tests/e2e/test_phone.py).
 */

const SAFE_METHODS = /^(get|head)$/i;

/** htmx 4 sends no inherited headers: each of its writing requests gets the CSRF token here. */
document.addEventListener("htmx:config:request", (event) => {
  const request = event.detail.ctx.request;
  const token = document.querySelector('meta[name="csrf-token"]');
  if (token && !SAFE_METHODS.test(request.method)) {
    request.headers["X-CSRFToken"] = token.content;
  }
});

/* ---- a question before a deed: data-confirm on a form or on the button that submits it ---- */

const confirmed = new WeakSet();
let pressed = null; // the button of the form that is about to be sent: old browsers do not tell

document.addEventListener(
  "click",
  (event) => {
    pressed = event.target.closest("button, input[type=submit]");
  },
  true,
);

// Capturing: the question comes before htmx and before the guard against double submission.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const button = event.submitter || (pressed && pressed.form === form ? pressed : null);
    const question = (button && button.dataset.confirm) || form.dataset.confirm;
    if (!question || confirmed.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(question, button).then((agreed) => {
      if (!agreed) return;
      confirmed.add(form);
      if (button) button.click();
      else form.submit();
    });
  },
  true,
);

/** Ask in a dialog; the answer "no" has the focus, so that Enter harms nothing. */
function ask(question, button) {
  const label = (button && button.textContent.trim()) || "确定";
  if (typeof HTMLDialogElement === "undefined") return Promise.resolve(window.confirm(question));
  const dialog = element("dialog", "q-dialog");
  const isDanger = Boolean(button && button.matches(".btn-danger, .btn-outline-danger"));
  dialog.classList.toggle("q-dialog--danger", isDanger);
  const text = element("p", "", question);
  text.id = "q-dialog-text";
  dialog.setAttribute("aria-labelledby", text.id);
  const actions = element("form", "q-dialog__actions");
  actions.method = "dialog";
  const no = element("button", "btn btn-outline-primary", "取消");
  const yes = element("button", isDanger ? "btn btn-danger" : "btn btn-primary", label);
  yes.value = "yes";
  actions.append(no, yes);
  dialog.append(text, actions);
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (button) button.focus();
      resolve(dialog.returnValue === "yes");
    });
    dialog.showModal();
    no.focus();
  });
}

function element(name, className, text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

/* ---- one submission at a time; the form key on the server is the real guard ---- */

const RELEASE_AFTER_MS = 10000; // an answer that is a download leaves the page where it is

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || SAFE_METHODS.test(form.method) || form.method === "dialog") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  // Later, so that the name and value of the button are still sent.
  setTimeout(() => setButtonsDisabled(form, true));
  setTimeout(() => release(form), RELEASE_AFTER_MS);
});

// An answer that leaves the page where it is says so itself (download.js).
document.addEventListener("q:answered", (event) => release(event.target));

// Back from the page after: the browser may show this one as it was left.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach(release);
});

function release(form) {
  delete form.dataset.sent;
  setButtonsDisabled(form, false);
}

function setButtonsDisabled(form, isDisabled) {
  for (const control of form.elements) {
    if (control.type !== "submit" || control.dataset.needsSelection === "0") continue;
    control.disabled = isDisabled;
  }
}

/* ---- signing out forgets what keep.js has kept in this tab ---- */

document.addEventListener("submit", (event) => {
  if (!("forget" in event.target.dataset)) return;
  try {
    window.sessionStorage.clear();
  } catch (refused) {
    // Forbidden storage holds nothing.
  }
});

/* ---- 全选: a bar (form[data-bulk]) and the checkboxes that belong to it by form="…" ---- */

function boxesOf(bar) {
  return [...bar.elements].filter((control) => control.matches("[data-bulk-item]"));
}

function refreshBulk(bar) {
  const boxes = boxesOf(bar);
  const count = boxes.filter((box) => box.checked).length;
  const all = bar.querySelector("[data-bulk-all]");
  all.checked = count > 0 && count === boxes.length;
  all.indeterminate = count > 0 && count < boxes.length;
  bar.querySelector("[data-bulk-count]").textContent = String(count);
  for (const button of bar.querySelectorAll("button")) {
    button.dataset.needsSelection = count > 0 ? "1" : "0";
    button.disabled = count === 0;
  }
}

document.addEventListener("change", (event) => {
  const bar = event.target.form;
  if (!bar || !bar.matches("[data-bulk]")) return;
  if (event.target.matches("[data-bulk-all]")) {
    for (const box of boxesOf(bar)) box.checked = event.target.checked;
  }
  refreshBulk(bar);
});

function showBulkBars() {
  for (const bar of document.querySelectorAll("form[data-bulk]")) {
    for (const part of bar.querySelectorAll("[data-bulk-script]")) part.hidden = false;
    refreshBulk(bar);
  }
}

showBulkBars();
window.addEventListener("pageshow", showBulkBars);
document.addEventListener("htmx:after:swap", showBulkBars);

/* ---- the account menu closes like a menu ---- */

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

/* ---- a returned form starts at what is to be mended ---- */

const summary = document.querySelector("[data-error-summary]");
if (summary) summary.focus();

/* ---- what tells of an idle session is fetched when that may come, not with the page ---- */

const { idleScript } = document.body.dataset;
if (idleScript) {
  document.body.dataset.opened = String(Date.now());
  setTimeout(() => {
    const script = element("script", "");
    script.type = "module";
    script.src = idleScript;
    document.head.append(script);
  }, 60000);
}
