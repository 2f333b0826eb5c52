/*
 * The month of the team on a narrow screen opens at the day that waits, not on the 1st.
 * Nothing newer than ES2018, like qianshou.js.
 */

const head = document.querySelector("[data-opens-here]");
if (head) {
  const names = head.parentElement.firstElementChild;
  head.closest(".q-grid-frame").scrollLeft = head.offsetLeft - names.offsetWidth;
}
