// The frame: "/" goes to the search, Escape closes what is open, data-confirm asks first, a busy line while htmx works.

const live = document.getElementById("live");
const menuToggle = document.getElementById("menu-toggle");
const dialog = document.getElementById("confirm-dialog");

export function say(text) {
  if (live) live.textContent = text;
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.altKey && !event.metaKey) {
    const search = document.getElementById("global-search");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  }
  if (event.key === "Escape") {
    const open = event.target.closest?.("details.dropdown-menu-native[open]") ?? document.querySelector("details.dropdown-menu-native[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    } else if (menuToggle?.checked) {
      menuToggle.checked = false;
      menuToggle.focus();
    }
  }
});

document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.dropdown-menu-native[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});

// Enter works on the menu box as Space does.
menuToggle?.addEventListener("keydown", (event) => {
  if (event.key === "Enter") menuToggle.click();
});

// ---- Questions before a change -----------------------------------------------------------------------------

let confirmed = null;

function ask(text, proceed) {
  document.getElementById("confirm-text").textContent = text;
  dialog.returnValue = "";
  dialog.addEventListener("close", () => dialog.returnValue === "yes" && proceed(), { once: true });
  dialog.showModal();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const text = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (!text || !dialog || confirmed === form) {
    confirmed = null;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  const submitter = event.submitter;
  ask(text, () => {
    confirmed = form;
    form.requestSubmit(submitter);
  });
}, true);

// ---- Partial updates ---------------------------------------------------------------------------------------

for (const [name, busy] of [["htmx:beforeRequest", true], ["htmx:afterRequest", false]]) {
  document.addEventListener(name, () => document.body.classList.toggle("busy", busy));
}

document.addEventListener("htmx:responseError", (event) => {
  // An expired session or a failure: show the whole answer of the server as an ordinary page.
  window.location.assign(event.detail.pathInfo?.finalRequestPath ?? window.location.href);
});

document.addEventListener("htmx:afterSettle", () => {
  const total = document.querySelector("[data-total]")?.dataset.total;
  if (total !== undefined) say(`Найдено: ${total}`);
});

// On a narrow screen the chosen tab may stand outside of the strip.
for (const tab of document.querySelectorAll(".record-tabs a.active")) {
  const strip = tab.closest(".record-tabs");
  strip.scrollLeft = tab.offsetLeft - (strip.clientWidth - tab.offsetWidth) / 2;
}

// A panel that tells what is wrong takes the focus, so that it is read out and seen.
document.querySelector("[data-autofocus]")?.focus();
