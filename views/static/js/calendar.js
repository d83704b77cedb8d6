// The interactive month: EventCalendar takes the place of the table on wide screens; without it the table stays.

const WIDE = window.matchMedia("(min-width: 641px)");
const TEXTS = { today: "Сегодня", next: "Следующий месяц", prev: "Предыдущий месяц", close: "Закрыть" };
const LOWEST = 700; // Pixels.
const UNDER = 52; // For the legend.
let shown = null;

function isoDay(date) {
  const part = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${part(date.getMonth() + 1)}-${part(date.getDate())}`;
}

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function icon(name, sprite) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

// The library and its style are fetched where they are needed, once.
function load(place) {
  if (window.EventCalendar) return Promise.resolve();
  document.head.append(element("link", { rel: "stylesheet", href: place.dataset.style }));
  return new Promise((resolve, reject) => {
    const script = element("script", { src: place.dataset.script });
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
    document.head.append(script);
  });
}

async function eventsOf(place, first, last) {
  const address = new URL(place.dataset.events, window.location.href);
  const end = new Date(`${last}T12:00`);
  end.setDate(end.getDate() + 1);
  address.searchParams.set("start", first);
  address.searchParams.set("end", isoDay(end));
  const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function lineOf(place) {
  return ({ event }) => {
    const { url, note, tip, colour, icon: name } = event.extendedProps;
    const link = element("a", { class: `cal-entry cal-${colour}`, href: url, title: `${event.title}: ${tip}` });
    link.append(icon(name, place.dataset.sprite), element("span", { class: "cal-text" }, event.title));
    if (note) link.append(element("span", { class: "cal-note" }, note));
    link.append(element("span", { class: "visually-hidden" }, `, ${tip}`));
    return { domNodes: [link] };
  };
}

function dayOf(place) {
  return ({ date }) => {
    const day = isoDay(date);
    const address = new URL(place.dataset.list, window.location.href);
    address.searchParams.set("from", day);
    address.searchParams.set("to", day);
    const label = `${date.toLocaleDateString("ru-RU", { day: "numeric", month: "long" })}: список`;
    const parts = [element("a", { class: "cal-day-number", href: address.href, "aria-label": label }, String(date.getDate()))];
    const basis = JSON.parse(place.dataset.basis)[day];
    if (basis) parts.push(element("span", { class: "cal-basis", title: basis }, basis));
    return { domNodes: parts };
  };
}

async function start() {
  const place = document.querySelector(".cal-interactive");
  if (!place || place.dataset.started || !WIDE.matches) return;
  place.dataset.started = "1";
  if (shown) window.EventCalendar.destroy(shown);
  shown = null;
  try {
    const table = document.querySelector(".cal-month");
    const days = [...table.querySelectorAll("[data-day]")].map((link) => link.dataset.day);
    const [events] = await Promise.all([eventsOf(place, days[0], days.at(-1)), load(place)]);
    place.hidden = false;
    shown = window.EventCalendar.create(place, {
      view: "dayGridMonth", date: place.dataset.on, firstDay: 1, locale: "ru-RU", headerToolbar: { start: "", center: "", end: "" },
      height: `${Math.max(LOWEST, window.innerHeight - table.getBoundingClientRect().top - UNDER)}px`, events, eventContent: lineOf(place), dayCellContent: dayOf(place),
      dayMaxEvents: true, moreLinkContent: ({ num }) => `ещё ${num}`, buttonText: (text) => ({ ...text, ...TEXTS }),
      highlightedDates: place.dataset.off.split(" ").filter(Boolean), eventStartEditable: false, eventDurationEditable: false,
    });
    // Its days are no rows of a table; each link says its dates itself.
    for (const part of place.querySelectorAll("[role=table], [role=row], [role=columnheader], [role=cell]")) {
      for (const name of ["role", "aria-colindex"]) part.removeAttribute(name);
    }
    place.closest("[data-calendar]").classList.add("is-interactive");
  } catch {
    place.hidden = true; // The table shows the same.
  }
}

document.addEventListener("htmx:afterSettle", start);
start();
