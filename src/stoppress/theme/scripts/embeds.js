/* Embeds: the provider learns nothing before a reader asks for it. */
for (const box of document.querySelectorAll("[data-embed]")) {
  const button = box.querySelector("[data-embed-load]");
  button.hidden = false;
  button.addEventListener("click", () => {
    const frame = document.createElement("iframe");
    const { frame: address, title, width, height } = box.dataset;
    frame.className = "embed__frame";
    frame.src = address;
    frame.title = title;
    frame.allow = "fullscreen; picture-in-picture";
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    frame.style.aspectRatio = `${Number(width) || 16} / ${Number(height) || 9}`;
    box.replaceChildren(frame);
    frame.focus();
  });
}
