/* A view: the page was seen for a second. Reported once per visit, and again on coming back to a
   page the browser kept; the answer is the count, on disk by then. */
const SEEN_AFTER_MS = 1000;
const article = Number(document.body.dataset.article);
const count = document.querySelector("[data-views]");
let timer = 0;
let reported = false;

const written = (number) => number.toLocaleString(`${document.documentElement.lang}-u-nu-latn`);
const report = async () => {
  reported = true;
  try {
    const answer = await fetch("/-/reads", {
      method: "POST",
      keepalive: true,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ version: 1, article }),
    });
    if (answer.ok && count) count.textContent = written((await answer.json()).views);
  } catch {
    /* No network: the count of the last print stays. */
  }
};
const watch = () => {
  clearTimeout(timer);
  if (!reported && !document.hidden && !document.prerendering) timer = setTimeout(report, SEEN_AFTER_MS);
};

if (article) {
  watch();
  document.addEventListener("visibilitychange", watch);
  document.addEventListener("prerenderingchange", watch);
  addEventListener("pageshow", (event) => {
    if (event.persisted) reported = false;
    watch();
  });
}
