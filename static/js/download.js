/*
 * A form whose answer is a file (form[data-download]): once it has come, the button is free again, old errors are
 * forgotten, and the page says what was made. How it knows: portal/web/downloads.py.
 */

const MADE = "qianshou-made";
const LOOK_EVERY_MS = 200;

/** Take the word that a file was made: its form's key, rows, bytes, name, what it holds; null if none has come. */
function takeMade() {
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${MADE}=`));
  if (!found) return null;
  document.cookie = `${MADE}=; Max-Age=0; Path=/`;
  const [key, rows, bytes, name, said] = found.slice(MADE.length + 1).split(".");
  return { key, rows: Number(rows), bytes: Number(bytes), name: decodeURIComponent(name), said: decodeURIComponent(said) };
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !("download" in form.dataset) || form.dataset.waits) return;
  form.dataset.waits = "1";
  takeMade(); // of an earlier file
  form.querySelector("[data-download-done]").firstElementChild.hidden = true;
  const looking = setInterval(() => {
    const made = takeMade();
    if (!made || made.key !== form.elements.form_key.value) return;
    clearInterval(looking);
    delete form.dataset.waits;
    form.dispatchEvent(new Event("q:answered", { bubbles: true }));
    forgetErrors(form);
    sayMade(form, made);
  }, LOOK_EVERY_MS);
});

function forgetErrors(form) {
  for (const old of form.querySelectorAll("[data-error-summary], .q-error")) old.remove();
  for (const control of form.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
}

/** The region was there before: only so a screen reader reads what comes into it. */
function sayMade(form, made) {
  const said = form.querySelector("[data-download-done]");
  said.querySelector("[data-download-words]").textContent =
    `${clock(new Date())} 已生成“${made.name}”：${made.rows.toLocaleString("zh-CN")} 行，${size(made.bytes)}` +
    `${made.said ? `；${made.said}` : ""}。请在浏览器的下载中查看。`;
  said.firstElementChild.hidden = false;
}

/** 820 KB, 1.4 MB */
function size(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** By the clock of the portal, whatever the machine's is set to. */
function clock(instant) {
  return instant.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });
}
