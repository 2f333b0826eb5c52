/*
 * Copying a table into a sheet: one line a row, one cell a column. Without this a browser copies what
 * is only read out (“点此排序”) and breaks a cell of two lines into two rows.
 * Nothing newer than ES2018, like qianshou.js.
 */

const LEFT_OUT = ".visually-hidden, .q-check, .q-opens, .q-screen-only, .q-icon, svg, [hidden]";
const LONG_NUMBER = /^\d{12,}$/; // a sheet would round it

const FORMULA = /^[=+@]|^-\D/; // a sheet would reckon with what somebody wrote

let asked = null; // the tables whose button was pressed

document.addEventListener("copy", (event) => {
  const selection = document.getSelection();
  const tables = asked || tablesAround(selection);
  const rows = [];
  for (const table of tables) {
    const some = [...table.rows].filter((row) => asked || selection.containsNode(row, true));
    const isFirst = rows.length === 0;
    rows.push(...some.filter((row) => isFirst || !row.closest("thead")).map(cellsOf));
  }
  if (rows.length < 2) return; // part of a line is copied as it is
  event.clipboardData.setData("text/plain", rows.map((row) => row.join("\t")).join("\r\n"));
  event.clipboardData.setData("text/html", asHtml(rows));
  event.preventDefault();
});

/** The table in which a selection begins and ends. */
function tablesAround(selection) {
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return [];
  const inside = selection.getRangeAt(0).commonAncestorContainer;
  const element = inside.nodeType === Node.ELEMENT_NODE ? inside : inside.parentElement;
  const table = element.closest("table") || (element.matches(".q-table-frame") && element.querySelector("table"));
  return table ? [table] : [];
}

function cellsOf(row) {
  return [...row.cells].filter((cell) => !cell.matches(LEFT_OUT)).map(wordsOf);
}

function wordsOf(cell) {
  const copy = cell.cloneNode(true);
  for (const part of copy.querySelectorAll(LEFT_OUT)) part.remove();
  for (const part of copy.querySelectorAll("br, div, p, li")) part.before(" ");
  const words = copy.textContent.replace(/\s+/g, " ").trim();
  if (words === "—") return "";
  return FORMULA.test(words) ? `'${words}` : words;
}

function asHtml(rows) {
  const table = document.createElement("table");
  for (const cells of rows) {
    const row = table.insertRow();
    for (const words of cells) {
      const cell = row.insertCell();
      cell.textContent = words;
      if (LONG_NUMBER.test(words)) cell.setAttribute("data-long", "");
    }
  }
  return table.outerHTML.split('data-long=""').join("style=\"mso-number-format:'\\@'\"");
}

/* ---- the button below a list; a phone has no sheet to paste into ---- */

for (const foot of document.querySelectorAll("main .q-pagination")) {
  const tables = [...document.querySelectorAll("main .q-table")];
  if (tables.length === 0 || !window.matchMedia("(min-width: 48em)").matches) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-link btn-sm";
  button.textContent = "复制本页表格";
  const said = document.createElement("span");
  said.className = "q-hint";
  said.setAttribute("role", "status");
  button.addEventListener("click", () => {
    said.textContent = copyAll(tables) ? "已复制，可粘贴到 WPS 表格或 Excel。" : "没有复制成功，请选中表格后按 Ctrl+C。";
  });
  foot.querySelector("p").append(button, said);
}

/** Copy whole tables. execCommand, because an intranet portal is not always served by https. */
function copyAll(tables) {
  const selection = document.getSelection();
  asked = tables;
  selection.selectAllChildren(tables[0]); // some browsers copy nothing where nothing is selected
  const isDone = document.execCommand("copy");
  asked = null;
  selection.removeAllRanges();
  return isDone;
}
