/* Sharing: the device's own sheet where there is one; elsewhere the links, and copying. */
for (const box of document.querySelectorAll("[data-share]")) {
  const { title, url } = box.dataset;
  const address = url || location.href;
  const copy = box.querySelector("[data-share-copy]");
  const label = copy.textContent;

  if (navigator.clipboard) {
    box.querySelector("[data-share-copy-item]").hidden = false;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(address);
      copy.textContent = copy.dataset.done;
      setTimeout(() => { copy.textContent = label; }, 3000);
    });
  }
  if (navigator.share) {
    box.querySelector("summary").addEventListener("click", (event) => {
      if (box.open) return;
      event.preventDefault();
      navigator.share({ title, url: address }).catch((error) => {
        if (error.name !== "AbortError") box.open = true;
      });
    });
  }
}
