// The button tells how many letters it sends.

const form = document.querySelector(".compose");
const button = form?.querySelector("[name=_send]");

const ending = (number) => {
  const last = number % 10;
  const teens = number % 100 > 10 && number % 100 < 20;
  if (last === 1 && !teens) return "письмо";
  return last > 1 && last < 5 && !teens ? "письма" : "писем";
};

function recount() {
  const number = form.querySelectorAll("[name=recipients]:checked").length;
  button.lastChild.textContent = ` Отправить ${number} ${ending(number)}`;
  button.disabled = number === 0;
}

if (button) {
  form.addEventListener("change", recount);
  recount();
}
