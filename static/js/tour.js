/*
 * The tour, one step at a time. Without it the same steps stand in a list that can be opened.
 * On wide screens it is open from the start; on phones it stays one line until it is asked for.
 */

const panel = document.querySelector("[data-tour-panel]");

if (panel) {
  const steps = Array.from(panel.querySelectorAll("[data-tour-step]"));
  const back = panel.querySelector("[data-tour-back]");
  const next = panel.querySelector("[data-tour-next]");
  const count = panel.querySelector("[data-tour-count]");
  let at = 0;

  const show = (number) => {
    at = number;
    steps.forEach((step, position) => {
      step.hidden = position !== at;
    });
    back.disabled = at === 0;
    next.disabled = at === steps.length - 1;
    count.textContent = `第 ${at + 1} 步，共 ${steps.length} 步`;
  };

  const move = (by) => {
    show(at + by);
    steps[at].tabIndex = -1;
    steps[at].focus();
  };

  back.addEventListener("click", () => move(-1));
  next.addEventListener("click", () => move(1));
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    panel.open = false;
    panel.querySelector("summary").focus();
  });

  panel.querySelector("[data-tour-nav]").hidden = false;
  panel.open = window.matchMedia("(min-width: 62em)").matches;
  show(0);
}
