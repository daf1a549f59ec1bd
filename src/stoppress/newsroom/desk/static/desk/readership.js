/* Keeps the numbers of an open page current: asks for its live part and puts each piece in place of
   the one before it. A piece that holds the focus, or words somebody is typing, waits. Nothing is
   asked while the page is hidden; a newsroom that does not answer is asked ever less often. */
(() => {
  "use strict";

  const SLOWEST_MS = 60_000;
  const numbers = document.querySelector("[data-numbers]");
  const pace = Number(numbers?.dataset.numbersPace);
  if (!pace) return;
  const status = document.querySelector("[data-numbers-status]");
  let failures = 0;
  let timer;

  function isInUse(piece) {
    return piece.contains(document.activeElement) || [...piece.querySelectorAll("input[name='note']")].some((field) => field.value);
  }

  function replace(piece, fresh) {
    const open = new Set([...piece.querySelectorAll("details[open]")].map((details) => details.id));
    const scrolled = [...piece.querySelectorAll(".desk-table-wrapper")].map((wrapper) => wrapper.scrollLeft);
    piece.replaceChildren(...fresh.childNodes);
    for (const details of piece.querySelectorAll("details")) details.open = open.has(details.id);
    piece.querySelectorAll(".desk-table-wrapper").forEach((wrapper, place) => { wrapper.scrollLeft = scrolled[place] ?? 0; });
  }

  function show(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    for (const piece of numbers.querySelectorAll("[data-live]")) {
      const next = fresh.getElementById(piece.id);
      if (next && !isInUse(piece) && next.innerHTML !== piece.innerHTML) replace(piece, next);
    }
    // A table that has come or gone, such as the countries, is shown with the next page.
  }

  function say(lost) {
    if (!status) return;
    if (!lost) {
      status.querySelector("[data-numbers-at]").textContent = new Date().toLocaleTimeString([], { hourCycle: "h23" });
      delete status.dataset.lost;
    } else if (!status.dataset.lost) {
      status.dataset.lost = "true";
      status.setAttribute("role", "alert");
    }
    status.firstChild.textContent = lost ? "Not reached since " : "As of ";
  }

  async function refresh() {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      const answer = await fetch(numbers.dataset.numbers, { headers: { Accept: "text/html" }, redirect: "error" });
      if (!answer.ok) throw new Error(`${answer.status}`);
      show(await answer.text());
      failures = 0;
    } catch {
      failures += 1;
    }
    say(failures > 0);
    timer = setTimeout(refresh, Math.min(pace * 2 ** failures, Math.max(pace, SLOWEST_MS)));
  }

  document.addEventListener("visibilitychange", refresh);
  timer = setTimeout(refresh, pace);
})();
