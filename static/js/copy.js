// A button that copies a field. Without scripts it stays hidden and the field can be selected.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    const label = button.querySelector("[data-copied]");
    if (label) label.textContent = label.dataset.copied;
  });
}
