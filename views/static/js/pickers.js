// Select boxes with a search: long ones, those marked data-picker, and those that ask the server (data-lookup-url).

const LONG = 12;
const PAGE = 20;
const EMPTY = new Set(["", "__None"]);

const words = {
  no_results: () => '<div class="no-results">Ничего не найдено</div>',
  loading: () => '<div class="hint">Идёт поиск</div>',
};

// Case and ё do not matter in a search.
const folded = (text) => text.toLowerCase().replaceAll("ё", "е").replace(/\s+/g, " ").trim();

// An answer that comes after the next letter was typed is about something else already.
function lookup(url) {
  return function load(query, done) {
    const found = (rows) => done(this.inputValue() === query ? rows : []);
    const address = new URL(url, window.location.href);
    address.searchParams.set("query", query);
    address.searchParams.set("offset", "0");
    address.searchParams.set("limit", String(PAGE));
    fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.json() : []))
      .then((rows) => found(rows.map((row) => (Array.isArray(row) ? { value: String(row[0]), text: row[1] } : { value: String(row.id), text: row.text }))))
      .catch(() => done());
  };
}

// The server has chosen the rows already; the present value must fit what is typed to stand among them.
function scoreOfFound(query) {
  return (option) => Number(!query || !this.items.includes(option.value) || folded(option.text).includes(folded(query)));
}

function settings(select) {
  const url = select.dataset.lookupUrl;
  const blank = [...select.options].find((option) => EMPTY.has(option.value));
  const plugins = {};
  if (select.multiple) plugins.remove_button = { title: "Убрать" };
  return {
    plugins,
    placeholder: select.dataset.placeholder ?? blank?.text ?? "",
    hidePlaceholder: true,
    allowEmptyOption: Boolean(blank?.text) || blank?.value === "__None",
    maxOptions: 500,
    closeAfterSelect: true,
    selectOnTab: true,
    diacritics: true,
    searchField: url ? [] : ["folded", "text"],
    render: words,
    ...(url ? { load: lookup(url), preload: "focus", score: scoreOfFound, shouldLoad: () => true } : {}),
  };
}

// The cursor stands in the box, and the list waits for a key or a click: it would hide the fields below.
function focusQuietly(picker) {
  const { openOnFocus, preload } = picker.settings;
  Object.assign(picker.settings, { openOnFocus: false, preload: false });
  picker.focus();
  // Tom Select finishes focusing in a timer of its own, set before this one.
  setTimeout(() => { picker.settings.openOnFocus = openOnFocus; }, 0);
  // The first letter opens the list and focuses anew: loading everything then would put off what is typed.
  const again = () => { picker.settings.preload = preload; };
  picker.on("blur", again);
  picker.control.addEventListener("mousedown", again);
}

function enhance(select) {
  if (select.tomselect || select.closest("template") || select.disabled || select.hasAttribute("data-plain")) return;
  if (!select.hasAttribute("data-picker") && (select.multiple || select.options.length <= LONG)) return;
  for (const option of select.options) option.dataset.folded = folded(option.text);
  const picker = new window.TomSelect(select, settings(select));
  const input = picker.control_input;
  select.setAttribute("aria-hidden", "true");
  const label = document.querySelector(`label[for="${CSS.escape(input.id)}"]`);
  if (!label && select.getAttribute("aria-label")) input.setAttribute("aria-label", select.getAttribute("aria-label"));
  for (const name of ["aria-describedby", "aria-invalid", "aria-required"]) {
    if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  }
  select.focusQuietly = () => focusQuietly(picker);
  // The rows of a remote list are not there yet when it is opened by a key.
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && !picker.isOpen && select.dataset.lookupUrl) picker.preload();
  });
  const typing = (text) => picker.wrapper.classList.toggle("is-typing", Boolean(text));
  picker.on("type", typing);
  for (const name of ["blur", "item_add", "dropdown_close"]) picker.on(name, () => typing(""));
  // The typed fragment has done its work once a value is chosen.
  if (select.multiple) picker.on("item_add", () => picker.setTextboxValue(""));
  if (select.dataset.lookupUrl) {
    // Answers of an earlier search must not stay among those of the next one.
    picker.on("type", () => {
      for (const value of Object.keys(picker.options)) {
        if (!picker.items.includes(value) && !EMPTY.has(value)) picker.removeOption(value, true);
      }
    });
  }
}

const enhanceAll = (root) => root.querySelectorAll("select").forEach(enhance);

enhanceAll(document);
document.addEventListener("marshrut:added", (event) => enhanceAll(event.target));
document.addEventListener("htmx:afterSettle", () => enhanceAll(document));
