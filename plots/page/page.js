// The behaviour of the report. SPDX-License-Identifier: Apache-2.0
"use strict";
// Tables sort by their headings, which become buttons. Numbers are sorted with the largest first.
function key(row, column, number) {
  const cell = row.cells[column];
  const text = cell.dataset.v ?? cell.textContent;
  return number ? parseFloat(text) : text;
}
function sort(heading) {
  const table = heading.closest("table"), body = table.tBodies[0], column = heading.cellIndex;
  const number = heading.classList.contains("n");
  const before = heading.getAttribute("aria-sort");
  const up = before ? before === "descending" : !number;
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", up ? "ascending" : "descending");
  const rows = [...body.rows].map(row => [key(row, column, number), row]);
  rows.sort(([a], [b]) => {
    if (number) return (isNaN(a) ? 1 : 0) - (isNaN(b) ? 1 : 0) || (up ? a - b : b - a) || 0;
    return (up ? 1 : -1) * a.localeCompare(b, undefined, {numeric: true});
  });
  body.append(...rows.map(([, row]) => row));
}
for (const heading of document.querySelectorAll(".sortable thead th")) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...heading.childNodes);
  button.addEventListener("click", () => sort(heading));
  heading.append(button);
}
// A link to a folded element unfolds it.
function unfold() {
  const target = document.getElementById(location.hash.slice(1));
  target?.closest("details")?.setAttribute("open", "");
}
addEventListener("hashchange", unfold);
unfold();
// The filter keeps the rows that hold every word of it.
for (const input of document.querySelectorAll("input.filter")) {
  const rows = [...input.closest("details").querySelectorAll("tbody tr")];
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/);
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every(word => text.includes(word));
    }
  });
}
