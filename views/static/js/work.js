// Daily work: what follows from the one person chosen — the form of service by housing, measures of the plan.

const measures = document.querySelector("[data-measures]");
const people = document.getElementById("people") ?? document.getElementById("graduate_id");
const serviceForm = document.getElementById("service_form") ?? document.getElementById("form_code");
const note = document.getElementById("form-note");
const unasked = note?.textContent;

let chosenByHand = false;
serviceForm?.addEventListener("change", () => { chosenByHand = true; });

function chosenPerson() {
  const chosen = [...people.selectedOptions].filter((option) => option.value);
  return chosen.length === 1 ? chosen[0].value : null;
}

function show(found) {
  if (note) note.textContent = found?.note ?? unasked;
  if (serviceForm && !chosenByHand) serviceForm.value = found?.form ?? "";
  measures.replaceChildren(new Option("", ""), ...(found?.measures ?? []).map(([id, title]) => new Option(title, id)));
}

async function propose() {
  const person = chosenPerson();
  if (!person) return show(null);
  const address = new URL(measures.dataset.proposalUrl, window.location.href);
  address.searchParams.set("graduate", person);
  const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (chosenPerson() === person) show(answer.ok ? await answer.json() : null);
}

if (measures && people) people.addEventListener("change", () => { propose().catch(() => show(null)); });

// The page is ready for the first key: whom, or what about where the person is known already.
if (document.querySelector(".quick") && !document.querySelector("[data-autofocus]")) {
  if (people.selectedOptions.length) document.getElementById("topic").focus();
  else people.focusQuietly?.();
}
