/*
 * A session ends after some minutes without a request (body[data-idle], in seconds): said three minutes before, with a
 * button that goes on, and again when it has happened. What was typed stays in the page, to be copied.
 * Any page of the portal, in whatever tab, is a use: they tell each other by the time that this browser keeps.
 */

const WARN_SECONDS = 180;
const SLACK_SECONDS = 60; // the server notes a use once a minute
const LOOK_EVERY_MS = 5000;
const SEEN = "qianshou-seen";

const { idle, opened, ownPage } = document.body.dataset;
let seenHere = Number(opened); // to open this page was a use
let bar = null;

keepUse();
setInterval(look, LOOK_EVERY_MS);

/** Tell the other tabs. */
function keepUse() {
  try {
    window.localStorage.setItem(SEEN, String(lastUse()));
  } catch (refused) {
    // Forbidden storage: each tab counts for itself.
  }
}

function lastUse() {
  try {
    return Math.max(seenHere, Number(window.localStorage.getItem(SEEN)));
  } catch (refused) {
    return seenHere;
  }
}

function look() {
  const left = Number(idle) - (Date.now() - lastUse()) / 1000;
  if (left > WARN_SECONDS) take();
  else if (left > 0) warn(Math.max(1, Math.round((left - SLACK_SECONDS) / 60)));
  else tellEnd();
}

function take() {
  if (bar) bar.remove();
  bar = null;
}

/** One bar; a screen reader is told once, not every minute. */
function show(state, words, action) {
  if (bar && bar.dataset.state === state) return;
  take();
  bar = document.createElement("div");
  bar.className = "q-idle";
  bar.dataset.state = state;
  bar.setAttribute("role", "alert");
  const text = document.createElement("p");
  text.textContent = words;
  bar.append(text, action);
  document.body.append(bar);
}

function warn(minutes) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-primary";
  button.textContent = "继续使用";
  button.addEventListener("click", goOn);
  show("warned", `您已较长时间没有操作，约 ${minutes} 分钟后将自动退出。`, button);
}

/** Ask for any page of one's own: that is a use. Who is sent elsewhere is signed out already. */
async function goOn() {
  try {
    const answer = await fetch(ownPage, { redirect: "manual", cache: "no-store" });
    if (!answer.ok) return tellEnd();
  } catch (offline) {
    return undefined; // the bar stays, and so does the button
  }
  seenHere = Date.now();
  keepUse();
  return take();
}

function tellEnd() {
  const link = document.createElement("a");
  link.className = "btn btn-primary";
  link.href = window.location.href;
  link.textContent = "重新登录";
  show("ended", "您长时间没有操作，系统已自动退出。本页没有提交的内容请先复制，再重新登录。", link);
}
