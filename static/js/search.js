/*
 * The palette of Ctrl+K: the page /search in a dialog, as an ARIA combobox with a list of links.
 * Without it, and in browsers without <dialog>, the box of the header and the page do the same.
 */

const WAIT_MS = 200;
const URL_OF_SEARCH = document.querySelector("[data-search-url]").dataset.searchUrl;
const MARKUP = `
  <form class="q-palette__form" role="search" aria-label="全站搜索" action="${URL_OF_SEARCH}">
    <label class="visually-hidden" for="palette-input">搜索县、机构、结对、人员、页面、帮助</label>
    <input class="form-control" id="palette-input" name="q" type="text" inputmode="search"
      role="combobox" aria-autocomplete="list" aria-expanded="false" aria-controls="palette-list"
      autocomplete="off" spellcheck="false" placeholder="搜索县、机构、结对、人员、页面、帮助">
    <button class="btn btn-primary" type="submit">搜索</button>
    <button class="btn btn-outline-primary" type="button" data-close>关闭</button>
  </form>
  <p class="visually-hidden" role="status"></p>
  <div class="q-palette__results"></div>
  <p class="q-palette__keys" aria-hidden="true">↑ ↓ 选择 · Enter 打开 · Esc 关闭</p>`;

let dialog, input, status, results, opener, timer;
let turn = 0;
let chosen = -1;

document.addEventListener("keydown", (event) => {
  const isShortcut = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (!isShortcut || event.key.toLowerCase() !== "k") return;
  if (typeof HTMLDialogElement === "undefined") return;
  event.preventDefault();
  if (document.querySelector("dialog[open]")) return; // a question is waiting for its answer
  open();
});

function open() {
  if (!dialog) build();
  opener = document.activeElement;
  input.value = "";
  results.textContent = "";
  dialog.showModal();
  input.focus();
  load();
}

function build() {
  dialog = document.createElement("dialog");
  dialog.className = "q-palette";
  dialog.setAttribute("aria-label", "搜索");
  dialog.innerHTML = MARKUP;
  document.body.append(dialog);
  input = dialog.querySelector("input");
  status = dialog.querySelector("[role=status]");
  results = dialog.querySelector(".q-palette__results");
  input.addEventListener("input", (event) => {
    if (!event.isComposing) loadSoon();
  });
  input.addEventListener("compositionend", loadSoon);
  input.addEventListener("keydown", onKey);
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside it
  });
  dialog.addEventListener("close", () => {
    clearTimeout(timer);
    turn += 1; // what is still on its way comes too late
    if (opener) opener.focus();
  });
}

function onKey(event) {
  if (event.isComposing) return;
  const options = results.querySelectorAll("[role=option]");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (!options.length) return;
    const step = event.key === "ArrowDown" ? 1 : -1;
    const start = chosen < 0 && step < 0 ? 0 : chosen;
    choose(options, (start + step + options.length) % options.length);
  } else if (event.key === "Enter" && chosen >= 0) {
    event.preventDefault();
    options[chosen].click();
  }
}

function choose(options, number) {
  if (options[chosen]) options[chosen].setAttribute("aria-selected", "false");
  chosen = number;
  if (!options[chosen]) {
    input.removeAttribute("aria-activedescendant");
    return;
  }
  options[chosen].setAttribute("aria-selected", "true");
  options[chosen].scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", options[chosen].id);
}

function loadSoon() {
  clearTimeout(timer);
  timer = setTimeout(load, WAIT_MS);
}

function load() {
  turn += 1;
  const mine = turn;
  const url = `${URL_OF_SEARCH}?q=${encodeURIComponent(input.value.trim())}`;
  fetch(url, { headers: { "HX-Request": "true" } })
    .then((answer) => {
      if (answer.redirected) location.assign(url); // signed out meanwhile
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.text();
    })
    .then((html) => {
      if (mine === turn) show(html);
    })
    .catch(() => {
      if (mine === turn) show("<p data-status>暂时无法搜索，请稍后再试，或按 Enter 打开搜索页。</p>");
    });
}

function show(html) {
  choose([], -1);
  results.innerHTML = html;
  results.scrollTop = 0;
  const said = results.querySelector("[data-status]");
  status.textContent = said ? said.textContent.trim() : "";
  const hasList = results.querySelector("[role=listbox]") !== null;
  input.setAttribute("aria-expanded", String(hasList));
}
