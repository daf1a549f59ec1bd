/* Small helps for the desk: ages that stay current, character counts, the receipt of what was just
   published, and passing on the editor's word when Wagtail asks whether to put their version on top
   of a newer one. */
(() => {
  "use strict";

  const MINUTE = 60;
  const HOUR = 3600;
  const DAY = 86400;

  function words(seconds) {
    if (seconds < MINUTE) return `${Math.floor(seconds)} s ago`;
    if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min ago`;
    if (seconds < DAY) return `${Math.floor(seconds / HOUR)} h ago`;
    const days = Math.floor(seconds / DAY);
    return `${days} day${days === 1 ? "" : "s"} ago`;
  }

  function refreshAges() {
    for (const element of document.querySelectorAll("time[data-desk-age]")) {
      const seconds = (Date.now() - Date.parse(element.dateTime)) / 1000;
      if (seconds >= 0 && seconds < 7 * DAY) element.textContent = words(seconds);
    }
  }

  const RECEIPT_POLL_MS = 200;
  const RECEIPT_PATIENCE_MS = 20_000;

  // "Receipt" becomes "Live on 9 pages in 180 ms", as soon as that is so.
  async function followReceipt(link) {
    link.setAttribute("role", "status");
    const givesUpAt = Date.now() + RECEIPT_PATIENCE_MS;
    while (Date.now() < givesUpAt) {
      try {
        const answer = await fetch(`${link.href}?format=json`, { headers: { Accept: "application/json" } });
        const told = await answer.json();
        link.textContent = told.text;
        link.dataset.state = told.state;
        if (told.state === "proven" || told.state === "late") return;
      } catch {
        // The app may be starting again; the next try will tell.
      }
      await new Promise((resolve) => setTimeout(resolve, RECEIPT_POLL_MS));
    }
  }

  function followReceipts() {
    for (const link of document.querySelectorAll("a[data-desk-receipt='']")) {
      link.dataset.deskReceipt = "followed";
      followReceipt(link);
    }
  }

  // Characters as readers count them, not code units.
  function length(text) {
    if ("Segmenter" in Intl) return [...new Intl.Segmenter().segment(text)].length;
    return [...text].length;
  }

  function count(field) {
    const ideal = Number(field.dataset.deskCount);
    let output = document.getElementById(`${field.id}-count`);
    if (!output) {
      output = document.createElement("output");
      output.id = `${field.id}-count`;
      output.className = "desk-count";
      field.after(output);
      field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") || ""} ${output.id}`.trim());
    }
    const characters = length(field.value.trim());
    const over = characters - ideal;
    output.dataset.over = String(over > 0);
    output.textContent =
      over > 0
        ? `${characters} characters: ${over} more than the ${ideal} that read well`
        : `${characters} of ${ideal} characters`;
  }

  function countAll(root) {
    for (const field of root.querySelectorAll("[data-desk-count]")) count(field);
  }

  // Wagtail asks before it lets a form overwrite a newer version; the server asks too, unless told.
  function sayOverwrite(event) {
    const dialog = event.target.closest("[data-controller~='w-dialog']");
    const form = document.querySelector("form[data-edit-form]");
    if (!form || !dialog || dialog.id !== "w-save-confirmation-dialog") return;
    if (!form.querySelector("input[name='overwrite_newer']")) {
      const said = document.createElement("input");
      said.type = "hidden";
      said.name = "overwrite_newer";
      said.value = "1";
      form.append(said);
    }
  }

  // A select of a thousand topics becomes a search with chips; the select stays the form's field.
  function searchable(select) {
    select.dataset.deskChooser = "ready";
    const box = document.createElement("div");
    const chosen = document.createElement("ul");
    const input = document.createElement("input");
    const options = document.createElement("datalist");
    box.className = "desk-topics";
    chosen.className = "desk-topics__chosen";
    options.id = `${select.id}-options`;
    input.type = "search";
    input.setAttribute("list", options.id);
    input.setAttribute("aria-label", select.dataset.deskChooserLabel);
    input.placeholder = select.dataset.deskChooserLabel;
    const byName = new Map([...select.options].map((option) => [option.text.toLowerCase(), option]));

    function show() {
      chosen.replaceChildren(
        ...[...select.selectedOptions].map((option) => {
          const item = document.createElement("li");
          const button = document.createElement("button");
          button.type = "button";
          button.textContent = option.text;
          button.setAttribute("aria-label", `Remove ${option.text}`);
          button.addEventListener("click", () => choose(option, false));
          item.append(button);
          return item;
        }),
      );
      options.replaceChildren(
        ...[...select.options].filter((option) => !option.selected).map((option) => new Option(option.text)),
      );
    }

    function choose(option, selected) {
      option.selected = selected;
      select.dispatchEvent(new Event("change", { bubbles: true }));
      show();
    }

    function take() {
      const option = byName.get(input.value.trim().toLowerCase());
      if (!option) return;
      input.value = "";
      choose(option, true);
    }

    input.addEventListener("input", (event) => event.stopPropagation());
    input.addEventListener("change", (event) => { event.stopPropagation(); take(); });
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      take();
    });
    select.hidden = true;
    box.append(chosen, input, options);
    select.after(box);
    show();
  }

  function enhance() {
    countAll(document);
    for (const select of document.querySelectorAll("select[data-desk-chooser='']")) searchable(select);
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches?.("[data-desk-count]")) count(event.target);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-w-dialog-target='confirm']")) sayOverwrite(event);
    for (const open of document.querySelectorAll("details.desk-choice[open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const open of document.querySelectorAll("details.desk-choice[open]")) open.open = false;
  });
  document.addEventListener("wagtail:panel-init", enhance);

  refreshAges();
  followReceipts();
  setInterval(refreshAges, 10_000);
  enhance();
})();
