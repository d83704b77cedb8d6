// What is typed quickly becomes what is stored: dates, СНИЛС, telephones. The server checks everything again.

const CENTURY_BREAK = 50; // The server reads two digits of a year in the same way.

const pad = (number) => String(number).padStart(2, "0");

// "230598", "23.5.98", "23 05 1998", "1998-05-23" → "23.05.1998"; what is not a date comes back as it was.
export function normalisedDate(typed) {
  const text = typed.trim();
  let match = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  let parts = match && [match[3], match[2], match[1]];
  if (!parts) {
    match = /^(\d{2})(\d{2})(\d{4}|\d{2})$/.exec(text) ?? /^(\d{1,2})[.,/\- ](\d{1,2})[.,/\- ](\d{4}|\d{2})\s*г?\.?$/.exec(text);
    parts = match && match.slice(1);
  }
  if (!parts) return typed;
  const [day, month] = [Number(parts[0]), Number(parts[1])];
  let year = Number(parts[2]);
  if (parts[2].length === 2) year += year >= CENTURY_BREAK ? 1900 : 2000;
  const date = new Date(year, month - 1, day);
  if (date.getFullYear() !== year || date.getMonth() !== month - 1 || date.getDate() !== day) return typed;
  return `${pad(day)}.${pad(month)}.${year}`;
}

// "12345678964" → "123-456-789 64"
export function normalisedSnils(typed) {
  const digits = typed.replace(/\D/g, "");
  if (digits.length !== 11) return typed;
  return `${digits.slice(0, 3)}-${digits.slice(3, 6)}-${digits.slice(6, 9)} ${digits.slice(9)}`;
}

// "89211234567", "9211234567" → "+7 921 123-45-67"; local and foreign numbers stay as typed.
export function normalisedPhone(typed) {
  let digits = typed.replace(/\D/g, "");
  if (typed.trim().startsWith("+") && !digits.startsWith("7")) return typed;
  if (digits.length === 11 && /^[78]/.test(digits)) digits = digits.slice(1);
  if (digits.length !== 10) return typed;
  return `+7 ${digits.slice(0, 3)} ${digits.slice(3, 6)}-${digits.slice(6, 8)}-${digits.slice(8)}`;
}

const MASKS = { date: normalisedDate, snils: normalisedSnils, phone: normalisedPhone };

const maskOf = (input) => (input.hasAttribute("data-date") ? MASKS.date : MASKS[input.dataset.mask]);

function normalise(input) {
  const mask = maskOf(input);
  if (!mask || !input.value) return;
  const value = mask(input.value);
  if (value !== input.value) {
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-date], [data-mask]")) normalise(event.target);
});

// A form sent by Enter or Ctrl+S is sent before the field says "change".
document.addEventListener("submit", (event) => {
  event.target.querySelectorAll("[data-date], [data-mask]").forEach(normalise);
}, true);

// ---- The calendar of the browser beside a typed date -------------------------------------------------------

const CALENDAR = document.querySelector("[data-date]") && document.querySelector("link[rel=icon]").href.replace(/img\/favicon.*$/, "vendor/icons.svg");

function addCalendar(input) {
  if (input.closest(".date-field") || input.closest("template") || input.readOnly || input.disabled) return;
  if (!("showPicker" in HTMLInputElement.prototype) || input.closest(".range")) return;
  const holder = document.createElement("div");
  holder.className = "date-field";
  input.replaceWith(holder);
  const native = Object.assign(document.createElement("input"), { type: "date", className: "date-native", tabIndex: -1, ariaHidden: "true" });
  native.setAttribute("data-ignore", "");
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-ghost btn-icon date-button", tabIndex: -1, title: "Выбрать дату" });
  const label = document.querySelector(`label[for="${CSS.escape(input.id)}"]`)?.firstChild?.textContent.trim() ?? "";
  button.setAttribute("aria-label", `Выбрать дату: ${label}`);
  button.innerHTML = `<svg class="icon" aria-hidden="true"><use href="${CALENDAR ?? "/static/vendor/icons.svg"}#calendar"></use></svg>`;
  button.addEventListener("click", () => {
    const known = /^(\d{2})\.(\d{2})\.(\d{4})$/.exec(normalisedDate(input.value));
    native.value = known ? `${known[3]}-${known[2]}-${known[1]}` : "";
    native.showPicker();
  });
  native.addEventListener("change", () => {
    input.value = normalisedDate(native.value);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
  });
  holder.append(input, native, button);
}

const addCalendars = (root) => root.querySelectorAll("input[data-date]").forEach(addCalendar);
addCalendars(document);
document.addEventListener("marshrut:added", (event) => addCalendars(event.target));
