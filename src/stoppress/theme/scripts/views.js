/* A view: the page was seen for a second. It is reported once for each time the page is shown, again
   on coming back to a page the browser kept, and when the network is back if there was none. Then how
   far the reader came: seconds seen and active, and how much of the text; sent as the page is left. */
const SEEN_AFTER_MS = 1000;
const ACTIVE_FOR_MS = 30_000;
const TICK_MS = 1000;
const article = Number(document.body.dataset.article);
const count = document.querySelector("[data-views]");
const text = document.querySelector("[data-text]");
let timer = 0;
let visit, reported, engaged, depth, told, activeUntil;

const draw = () => {
  visit = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  reported = false;
  engaged = depth = told = 0;
  activeUntil = performance.now() + ACTIVE_FOR_MS;
};

const body = (more) => JSON.stringify({ version: 2, article, visit, ...more });

const referrer = () => {
  try {
    return new URL(document.referrer).hostname;
  } catch {
    return "";
  }
};

const written = (number) => number.toLocaleString(`${document.documentElement.lang}-u-nu-latn`);
const report = async () => {
  reported = true;
  try {
    const answer = await fetch("/-/reads", {
      method: "POST",
      keepalive: true,
      headers: { "Content-Type": "application/json" },
      body: body({ referrer: referrer() }),
    });
    if (answer.ok && count) count.textContent = written((await answer.json()).views);
  } catch {
    reported = false; /* No network: the count of the last print stays, "online" tries again. */
  }
};

const watch = () => {
  clearTimeout(timer);
  if (!reported && !document.hidden && !document.prerendering) timer = setTimeout(report, SEEN_AFTER_MS);
};

const tick = () => {
  if (!reported || document.hidden || performance.now() > activeUntil) return;
  engaged += TICK_MS / 1000;
  if (!text) return;
  const { top, height } = text.getBoundingClientRect();
  depth = Math.max(depth, Math.min(100, Math.round((100 * (innerHeight - top)) / height)));
};

const leave = () => {
  if (!reported || engaged + depth <= told) return;
  told = engaged + depth;
  navigator.sendBeacon("/-/reads", body({ engaged: Math.round(engaged), depth: Math.max(0, depth) }));
};

if (article && !("exported" in document.documentElement.dataset)) {
  draw();
  watch();
  setInterval(tick, TICK_MS);
  for (const sign of ["scroll", "pointerdown", "pointermove", "keydown", "touchstart"]) {
    addEventListener(sign, () => { activeUntil = performance.now() + ACTIVE_FOR_MS; }, { passive: true });
  }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) leave();
    watch();
  });
  document.addEventListener("prerenderingchange", watch);
  addEventListener("online", watch);
  addEventListener("pagehide", leave);
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    draw();
    watch();
  });
}
