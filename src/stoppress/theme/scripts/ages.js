/* Ages ("43 seconds ago"), kept current in the page's language. The exact time is what stands here
   without script; it stays in the title, and comes back on paper. A time known to the minute or the
   hour says so in data-age and gets no finer unit; one known to the day has no data-age. The words
   come with the page: Intl.RelativeTimeFormat would load number formats before the first paint,
   which keeps a phone busy for 50 ms; plural rules alone cost next to nothing. */
const SPANS = [["second", 1, 60], ["minute", 60, 3600], ["hour", 3600, 86400], ["day", 86400, 604800]];
const FRESH_SECONDS = 600;
const CLOCK_ERROR_SECONDS = 120; /* further in the future, the reader's clock is wrong: show no age */
const { language, ...wordings } = JSON.parse(document.documentElement.dataset.ages);
const plurals = new Intl.PluralRules(language);
const worded = (count, unit) => wordings[unit][plurals.select(count)].replace("{count}", count);

const showAge = (time) => {
  time.dataset.exact ??= time.textContent;
  const elapsed = Math.floor((Date.now() - Date.parse(time.dateTime)) / 1000);
  const seconds = Math.max(1, elapsed);
  const finest = SPANS.findIndex(([unit]) => unit === time.dataset.age);
  const span = elapsed > -CLOCK_ERROR_SECONDS && SPANS.find(([, , below], n) => n >= finest && seconds < below);
  const count = span && Math.max(1, Math.floor(seconds / span[1]));
  const text = span ? worded(count, span[0]) : time.dataset.exact;
  if (time.textContent !== text) time.textContent = text;
  time.toggleAttribute("data-fresh", Boolean(span) && span[1] < FRESH_SECONDS && seconds < FRESH_SECONDS);
};
const ages = () => document.querySelectorAll("time[data-age]");
const showAges = () => ages().forEach(showAge);

showAges();
setInterval(() => document.hidden || showAges(), 1000);
document.addEventListener("visibilitychange", showAges);
document.addEventListener("stoppress:arrived", showAges);
addEventListener("pageshow", showAges);
addEventListener("beforeprint", () => ages().forEach((time) => { time.textContent = time.dataset.exact; }));
addEventListener("afterprint", showAges);
