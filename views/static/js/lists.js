// Registers: marking rows, the bar of bulk actions, a short address after filtering, finding a filter.

function plural(count, one, few, many) {
  const [tens, units] = [count % 100, count % 10];
  if (units === 1 && tens !== 11) return one;
  return units >= 2 && units <= 4 && (tens < 12 || tens > 14) ? few : many;
}

function showMarked(form) {
  const boxes = [...form.querySelectorAll("input[name=rowid]")];
  const count = boxes.filter((box) => box.checked).length;
  const all = form.querySelector("[data-select-all]");
  all.checked = count > 0 && count === boxes.length;
  all.indeterminate = count > 0 && count < boxes.length;
  const bar = form.querySelector("[data-bulk-bar]");
  bar.hidden = count === 0;
  bar.querySelector("[data-bulk-count]").textContent = `${plural(count, "Отмечена", "Отмечены", "Отмечено")} ${count} ${plural(count, "запись", "записи", "записей")}:`;
}

function prepare() {
  document.querySelectorAll("[data-bulk]").forEach(showMarked);
  document.querySelectorAll("[data-script-only]").forEach((element) => { element.hidden = false; });
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-bulk]");
  if (!form) return;
  if (event.target.matches("[data-select-all]")) {
    form.querySelectorAll("input[name=rowid]").forEach((box) => { box.checked = event.target.checked; });
  }
  showMarked(form);
});

// Empty fields of a filter form say nothing: leave them out of the address.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[method=get]")) return;
  for (const control of event.target.elements) {
    if (control.name && !control.value && control.type !== "submit") control.disabled = true;
  }
  setTimeout(() => [...event.target.elements].forEach((control) => { control.disabled = false; }), 0);
}, true);

document.addEventListener("input", (event) => {
  if (event.target.id !== "filters-find") return;
  const wanted = event.target.value.trim().toLowerCase().replaceAll("ё", "е");
  document.querySelectorAll("[data-filter-label]").forEach((field) => {
    field.hidden = !field.dataset.filterLabel.replaceAll("ё", "е").includes(wanted);
  });
});

document.addEventListener("htmx:afterSettle", prepare);
prepare();
