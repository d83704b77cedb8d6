// The form of a letter: once another person is chosen, recipients and fields are filled in from the card.

const form = document.querySelector(".compose");
const fill = form?.querySelector("[name=_fill]");

if (form && fill) {
  for (const picker of form.querySelectorAll("[data-refill]")) {
    picker.addEventListener("change", () => {
      const isOnePerson = !picker.multiple;
      if (isOnePerson) form.requestSubmit(fill);
    });
  }
}
