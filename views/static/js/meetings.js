/** The quorum is counted as one marks who came; without this script it is counted when the marks are saved. */

const line = document.getElementById("quorum");
const marks = [...document.querySelectorAll("input[data-counts]")];
const { total, needed } = line?.dataset ?? {};

function tell() {
  const present = marks.filter((mark) => mark.checked).length;
  const missing = Number(needed) - present;
  const chip = line.querySelector(".chip");
  const icon = chip.querySelector("svg");
  const told = `пришли ${present} из ${total}, нужно ${needed}: ${missing > 0 ? `не хватает ${missing}` : "кворум есть"}, отметки не сохранены`;
  chip.replaceChildren(...(icon ? [icon] : []), told);
  chip.className = `chip ${missing > 0 ? "chip-amber" : "chip-green"}`;
}

if (marks.length && Number(total)) {
  for (const mark of marks) mark.addEventListener("change", tell);
}
