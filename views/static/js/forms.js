// Record forms: child rows, Ctrl+S, a question before leaving what is not saved, the outline.

const form = document.querySelector("[data-record-form]");

// ---- Child rows --------------------------------------------------------------------------------------------

function renumber(list) {
  const rows = list.querySelectorAll(":scope > [data-inline-rows] > [data-inline-row]");
  rows.forEach((row, index) => {
    row.querySelector("[data-inline-number]").textContent = String(index + 1);
  });
  list.querySelector(":scope > .inline-empty").hidden = rows.length > 0;
}

function nextIndex(list) {
  const prefix = `${list.dataset.inlineList}-`;
  const used = [...list.querySelectorAll("[name]")]
    .filter((control) => control.name.startsWith(prefix))
    .map((control) => Number.parseInt(control.name.slice(prefix.length), 10))
    .filter(Number.isInteger);
  return Math.max(-1, ...used) + 1;
}

function addRow(list) {
  const prototype = list.querySelector(":scope > [data-inline-prototype]");
  const index = nextIndex(list);
  const copy = prototype.content.cloneNode(true);
  for (const element of copy.querySelectorAll("[id], [name], [for], [aria-describedby]")) {
    for (const name of ["id", "name", "for", "aria-describedby"]) {
      if (element.hasAttribute(name)) element.setAttribute(name, element.getAttribute(name).replaceAll("__index__", index));
    }
  }
  const row = copy.querySelector("[data-inline-row]");
  row.querySelector("[data-inline-remove]").hidden = false;
  list.querySelector(":scope > [data-inline-rows]").append(copy);
  renumber(list);
  row.dispatchEvent(new CustomEvent("marshrut:added", { bubbles: true }));
  row.querySelector("input:not([type=hidden]):not([tabindex='-1']), select, textarea")?.focus();
}

function removeRow(row) {
  const list = row.closest("[data-inline-list]");
  row.remove();
  renumber(list);
  list.querySelector(":scope > [data-inline-add]").focus();
}

const markDeleted = (box) => box.closest("[data-inline-row]").classList.toggle("is-deleted", box.checked);

document.addEventListener("click", (event) => {
  const add = event.target.closest("[data-inline-add]");
  if (add) addRow(add.closest("[data-inline-list]"));
  const remove = event.target.closest("[data-inline-remove]");
  if (remove) removeRow(remove.closest("[data-inline-row]"));
});

document.addEventListener("change", (event) => {
  if (event.target.matches(".inline-delete input")) markDeleted(event.target);
});

document.querySelectorAll("[data-inline-add], [data-inline-rows] [data-inline-remove]").forEach((button) => {
  button.hidden = false;
});
document.querySelectorAll(".inline-delete input").forEach(markDeleted);

// ---- Saving and leaving ------------------------------------------------------------------------------------

const snapshot = () => JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value instanceof File ? value.name : value]));

if (form) {
  let saved = null;
  let leaving = false;
  // Pickers and calendars have settled by then.
  setTimeout(() => { saved = form.hasAttribute("data-unsaved") ? "" : snapshot(); }, 0);

  window.addEventListener("beforeunload", (event) => {
    if (!leaving && saved !== null && snapshot() !== saved) event.preventDefault();
  });
  form.addEventListener("submit", () => {
    leaving = true;
    // A second press while the first is on its way would save twice.
    setTimeout(() => form.querySelectorAll("button[type=submit]").forEach((button) => { button.disabled = true; }), 0);
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    leaving = false;
    form.querySelectorAll("button[type=submit]").forEach((button) => { button.disabled = false; });
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.code === "KeyS") {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-save]"));
    }
  });
}

// A new record: the page is ready for the first key, unless something else asks for the eye (an error, a place).
function firstEmpty() {
  const fields = form.querySelectorAll(".field :is(input, select, textarea):not([type=hidden], [type=radio], [type=checkbox])");
  const isOpen = (field) => field.focusQuietly || (field.tabIndex >= 0 && !field.closest(".ts-wrapper"));
  return [...fields].find((field) => !field.value && !field.disabled && !field.readOnly && isOpen(field) && !field.closest("details:not([open])"));
}

function focusFirst() {
  const field = firstEmpty();
  if (field?.focusQuietly) field.focusQuietly();
  else field?.focus({ preventScroll: true });
}

const isUntouched = form?.hasAttribute("data-new") && !window.location.hash && !document.querySelector("[data-autofocus]");
// On a touch screen a keyboard would jump out at once.
if (isUntouched && window.matchMedia("(pointer: fine)").matches) setTimeout(focusFirst, 0);

// ---- Finding the place -------------------------------------------------------------------------------------

// A link of the error summary or of the outline opens a closed section and puts the cursor into the field.
function reveal(id) {
  const target = id && document.getElementById(id);
  if (!target) return;
  for (let section = target.closest("details"); section; section = section.parentElement.closest("details")) section.open = true;
  const control = target.tomselect ? target.tomselect.control_input : target;
  if (control.matches("input, select, textarea")) {
    control.scrollIntoView({ block: "center" });
    control.focus();
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#"]');
  if (link) setTimeout(() => reveal(decodeURIComponent(link.hash.slice(1))), 0);
});
reveal(decodeURIComponent(window.location.hash.slice(1)));

const outline = new Map([...document.querySelectorAll(".outline a")].map((link) => [link.hash.slice(1), link]));
if (outline.size && "IntersectionObserver" in window) {
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      outline.forEach((link, id) => link.classList.toggle("active", id === entry.target.id));
    }
  }, { rootMargin: "-70px 0px -70% 0px" });
  outline.forEach((_, id) => seen.observe(document.getElementById(id)));
}
